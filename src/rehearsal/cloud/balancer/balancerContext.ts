import type { EventEmitter } from "node:events";
import type { Logger } from "pino";
import type { Clock } from "../clock.js";
import type { BalancerCounts, DataPlaneFaults, TargetHealthChange } from "./dataPlane.js";

/** What every part of the data plane shares. */
export interface BalancerContext {
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: EventEmitter<{ health: [TargetHealthChange]; counts: [BalancerCounts[]] }>;
  /** The faults in force now; replaced as a whole. */
  faults: DataPlaneFaults;
}

/**
 * AWS seconds that last as long as `seconds` by the wall clock at any speed. Time-outs that guard the work of a server or a client
 * are real: see docs/decisions/0004-what-speed-divides.md.
 */
export function realSeconds(context: { readonly clock: Clock }, seconds: number): number {
  return seconds * context.clock.speed;
}

/** A numeric attribute by AWS key; a value that is absent or not a number counts as the default. */
export function numberAttribute(attributes: Readonly<Record<string, string>>, key: string, whenAbsent: number): number {
  const value = Number(attributes[key]);
  return attributes[key] === undefined || attributes[key] === "" || Number.isNaN(value) ? whenAbsent : value;
}
