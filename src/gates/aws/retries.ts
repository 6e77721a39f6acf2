import { AdaptiveRetryStrategy } from "@smithy/core/retry";
import { isRefused } from "../../aws/unreachable.js";

/** With the SDK's pauses of at most 0.1, 0.2, 0.4 and 0.8 s: told within two seconds, and a listener that restarts is borne. */
const REFUSED_RETRIES = 4;

/**
 * The SDK's own adaptive strategy, but few tries where nobody listens. A name that cannot be resolved or a network that is not there
 * may come back while a rollout runs, and is tried as often as AWS's own failures.
 */
export class GateRetries extends AdaptiveRetryStrategy {
  override async refreshRetryTokenForRetry(...[token, failure]: Parameters<Refresh>): ReturnType<Refresh> {
    // The SDK drops this error and throws the call's own one.
    if (isRefused(failure.error) && token.getRetryCount() >= REFUSED_RETRIES) throw new Error("nobody listens");
    return super.refreshRetryTokenForRetry(token, failure);
  }
}

type Refresh = AdaptiveRetryStrategy["refreshRetryTokenForRetry"];
