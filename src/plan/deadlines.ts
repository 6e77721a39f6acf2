/** The durations that a replacement is made of, in seconds. */
export interface ReplacementTimes {
  /** The longest that a new server may need from its launch to its first passing health check. */
  readonly startupSeconds: number;
  readonly healthCheckIntervalSeconds: number;
  readonly healthCheckTimeoutSeconds: number;
  readonly unhealthyThreshold: number;
  readonly warmupSeconds: number;
  readonly drainSeconds: number;
}

/** What AWS itself takes to launch, register and terminate a server, generously. */
const OVERHEAD_SECONDS = 60;

/**
 * How long a rollout may go without any progress: the startup a program allows, the checks that tell a sick server from a
 * slow one, warm-up, the drain of the batch before, and a minute for AWS's own work.
 */
export function replacementTimeout(times: ReplacementTimes): number {
  const checks = times.healthCheckIntervalSeconds * times.unhealthyThreshold + times.healthCheckTimeoutSeconds;
  return times.startupSeconds + checks + times.warmupSeconds + times.drainSeconds + OVERHEAD_SECONDS;
}

/** How long a whole rollout may take: every batch its replacement time, then the bake. AWS's own limit is 14 days. */
export function rolloutTimeout(rounds: number, replacementTimeoutSeconds: number, bakeSeconds: number): number {
  return Math.min(rounds * replacementTimeoutSeconds + bakeSeconds, LONGEST_REFRESH_SECONDS);
}

/** An instance refresh ends after 14 days (botocore model). */
const LONGEST_REFRESH_SECONDS = 14 * 24 * 3600;
