import { setTimeout as sleep } from "node:timers/promises";

/** How time passes for a gate: everything is in AWS seconds. Tests bring their own. */
export interface Pace {
  /** Seconds that have passed since some fixed moment. */
  now(): number;
  sleep(seconds: number): Promise<void>;
  /** Seconds since a moment that AWS has told; absent where nothing knows. */
  secondsSince?(moment: Date): number;
}

/** How long a gate looks every second: much of what it waits for takes one or two. */
const EAGER_SECONDS = 30;

/**
 * How long a gate waits until it looks again, in AWS seconds, when it has waited for so long. Never less than one: a look takes a call for each
 * of up to five target groups, and an account gets ten Describe calls a second of its own back.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html
 */
export function pollSeconds(waited: number): number {
  return waited < EAGER_SECONDS ? 1 : 3;
}

/** A lower bound for one real wait, so that a fast rehearsal does not spend its time asking. */
const SHORTEST_WAIT_MS = 100;

/**
 * The real clock, divided by `HITLESS_SPEED`: a rehearsal's cloud runs that many times faster than AWS, and sets the variable
 * so that gates keep step with it. Without it a second is a second.
 */
export function paceFromEnvironment(env: Readonly<Record<string, string | undefined>> = process.env): Pace {
  const speed = env.HITLESS_SPEED === undefined || env.HITLESS_SPEED === "" ? 1 : Number(env.HITLESS_SPEED);
  if (!Number.isFinite(speed) || speed <= 0) {
    throw new RangeError(`HITLESS_SPEED is "${env.HITLESS_SPEED}", expected a number greater than 0`);
  }
  return {
    now: () => (performance.now() * speed) / 1000,
    sleep: (seconds) => sleep(Math.max(SHORTEST_WAIT_MS, (seconds * 1000) / speed)).then(() => undefined),
    secondsSince: (moment) => ((Date.now() - moment.getTime()) * speed) / 1000,
  };
}
