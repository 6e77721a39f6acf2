import { setTimeout as sleep } from "node:timers/promises";

/** How time passes for a gate: everything is in AWS seconds. Tests bring their own. */
export interface Pace {
  /** Seconds that have passed since some fixed moment. */
  now(): number;
  sleep(seconds: number): Promise<void>;
  /** Seconds since a moment that AWS has told; absent where nothing knows. */
  secondsSince?(moment: Date): number;
}

/** How often a gate looks, in AWS seconds. */
export const POLL_SECONDS = 3;

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
