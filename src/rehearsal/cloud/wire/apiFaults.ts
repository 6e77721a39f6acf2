import { AwsError } from "../awsError.js";
import type { ServiceId } from "../service.js";
import type { BeforeOperation } from "./answerCall.js";
import { Throttle } from "./throttle.js";

/** How the API misbehaves on demand. */
export interface ApiFaultSettings {
  /** Share of calls answered with Throttling, 0 to 1. */
  readonly throttleShare?: number | undefined;
  /** Share of calls answered with a 5xx, 0 to 1. */
  readonly apiErrorShare?: number | undefined;
  /** Real seconds that every call takes longer. */
  readonly apiLatencySeconds?: number | undefined;
}

/** Runs before every operation: waits, throttles or fails as it was asked to. */
export class ApiFaults {
  readonly #throttle = new Throttle();
  readonly #failures = new Throttle(failed);
  #latencySeconds = 0;

  /** @param sleep waits real seconds, or until the cloud closes */
  constructor(private readonly sleep: (realSeconds: number) => Promise<void>) {}

  set(settings: ApiFaultSettings): void {
    this.#throttle.share = settings.throttleShare ?? 0;
    this.#failures.share = settings.apiErrorShare ?? 0;
    this.#latencySeconds = settings.apiLatencySeconds ?? 0;
  }

  readonly before: BeforeOperation = async (call) => {
    if (this.#latencySeconds > 0) await this.sleep(this.#latencySeconds);
    await this.#throttle.before(call);
    await this.#failures.before(call);
  };
}

/** The answer of a service that fails by itself, in its own words. */
function failed(service: ServiceId): AwsError {
  switch (service) {
    case "ec2":
      return new AwsError("InternalError", "An internal error has occurred", 500);
    case "ssm":
      return new AwsError("InternalServerError", "An error occurred on the server side.", 500);
    default:
      return new AwsError(
        "InternalFailure",
        "The request processing has failed because of an unknown error, exception or failure.",
        500,
      );
  }
}
