import { StandardRetryStrategy } from "@smithy/core/retry";
import { isUnreachable } from "../../../aws/unreachable.js";

/** With the SDK's pauses of at most 0.1, 0.2, 0.4 and 0.8 s: told within two seconds, and a listener that restarts is borne. */
const UNREACHABLE_RETRIES = 4;

/** The SDK's own strategy, with many retries where AWS throttles or fails, and few where nothing answers at all. */
export function retriesOf(maxRetries: number): StandardRetryStrategy {
  return new Retries(maxRetries + 1);
}

class Retries extends StandardRetryStrategy {
  override async refreshRetryTokenForRetry(...[token, failure]: Parameters<Refresh>): ReturnType<Refresh> {
    // The SDK drops this error and throws the call's own one.
    if (isUnreachable(failure.error) && token.getRetryCount() >= UNREACHABLE_RETRIES)
      throw new Error("nothing answers");
    return super.refreshRetryTokenForRetry(token, failure);
  }
}

type Refresh = StandardRetryStrategy["refreshRetryTokenForRetry"];
