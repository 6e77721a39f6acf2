import { AwsError } from "../awsError.js";
import type { ServiceId } from "../service.js";
import type { BeforeOperation } from "./answerCall.js";

/** Answers a share of all calls with a throttling, spread evenly: a quarter is every fourth call. */
export class Throttle {
  #share = 0;
  #owed = 0;

  /** From 0, no call, to 1, every call. */
  set share(share: number) {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`The throttled share is ${share}, expected 0 to 1.`);
    this.#share = share;
    this.#owed = 0;
  }

  readonly before: BeforeOperation = ({ service }) => {
    this.#owed += this.#share;
    // A sum of tenths falls short of 1 by a hair.
    if (this.#owed < 1 - 1e-9) return;
    this.#owed -= 1;
    throw throttled(service);
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
