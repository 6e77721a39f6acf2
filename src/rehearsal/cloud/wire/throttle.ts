import { AwsError } from "../awsError.js";
import { EvenShare } from "../evenShare.js";
import type { ServiceId } from "../service.js";
import type { BeforeOperation } from "./answerCall.js";

/** Answers a share of all calls with a refusal, spread evenly: a quarter is every fourth call. */
export class Throttle {
  #share = new EvenShare(0);

  /** @param refusal what the share of calls gets */
  constructor(private readonly refusal: (service: ServiceId) => AwsError = throttled) {}

  /** From 0, no call, to 1, every call. */
  set share(share: number) {
    this.#share = new EvenShare(share);
  }

  readonly before: BeforeOperation = ({ service }) => {
    if (this.#share.picks()) throw this.refusal(service);
  };
}

/** The answer to a caller that asks too often, as each service gives it. */
export function throttled(service: ServiceId): AwsError {
  switch (service) {
    case "ec2":
      return new AwsError("RequestLimitExceeded", "Request limit exceeded.", 503);
    case "ssm":
      return new AwsError("ThrottlingException", "Rate exceeded");
    default:
      return new AwsError("Throttling", "Rate exceeded");
  }
}
