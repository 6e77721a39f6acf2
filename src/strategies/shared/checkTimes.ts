import type * as pulumi from "@pulumi/pulumi";
import type { ErrorCode } from "../../errors/codes.js";
import type { Faults, Finding } from "../../errors/faults.js";
import { wholeNumber } from "../../errors/known.js";
import type { FleetTimes } from "../../fleet/platform.js";
import { isDeferred } from "../../inputs/isDeferred.js";
import { replacementTimeout } from "../../plan/deadlines.js";
import type { HealthCheckTimes } from "../../traffic/healthCheck.js";

/** The durations that every strategy has. */
interface TimesArgs {
  readonly drainSeconds?: pulumi.Input<number>;
  readonly startupSeconds?: pulumi.Input<number>;
  readonly warmupSeconds?: pulumi.Input<number>;
}

/** Ranges in seconds: limits of the EC2 Auto Scaling and Elastic Load Balancing APIs (botocore model); our own gates' are as long. */
export const RANGES = {
  drain: [0, 3600],
  startup: [0, 7200],
  warmup: [0, 3600],
  bake: [0, 172_800],
  spread: [0, 3600],
  verify: [1, 86_400],
  /** An instance refresh ends after 14 days. */
  deadline: [1, 14 * 24 * 3600],
} as const;

/** An instance refresh watches at most so many alarms (botocore model). */
const ALARMS = 10;

export function checkTimes(args: TimesArgs, faults: Faults): FleetTimes {
  return {
    drainSeconds: faults.input(args.drainSeconds ?? 60, wholeNumber("drainSeconds", "HIT130", ...RANGES.drain)),
    startupSeconds: faults.input(
      args.startupSeconds ?? 300,
      wholeNumber("startupSeconds", "HIT131", ...RANGES.startup),
    ),
    warmupSeconds: faults.input(args.warmupSeconds ?? 0, wholeNumber("warmupSeconds", "HIT131", ...RANGES.warmup)),
  };
}

/** A number that may be left out, checked; named as in the arguments. */
export function optionalNumber<Name extends string>(
  args: { readonly [key in Name]?: pulumi.Input<number> },
  name: Name,
  [low, high]: readonly [number, number],
  faults: Faults,
  code: ErrorCode = "HIT131",
): pulumi.Input<number> | undefined {
  const value = args[name];
  return value === undefined ? undefined : faults.input(value, wholeNumber(name, code, low, high));
}

export function checkAlarmNames(
  names: pulumi.Input<pulumi.Input<string>[]> | undefined,
  faults: Faults,
): pulumi.Input<pulumi.Input<string>[]> {
  return faults.input(names ?? [], checkCount);
}

function checkCount(names: readonly string[]): Finding[] {
  if (isDeferred(names) || names.length <= ALARMS) return [];
  const problem = `alarmNames has ${names.length} alarms, expected at most ${ALARMS}.`;
  return [{ code: "HIT134", problem, fix: "combine some into a composite alarm" }];
}

/** The deadlines that follow from what a program allows, in seconds. */
export function deadlinesOf(times: pulumi.Unwrap<FleetTimes>, health: HealthCheckTimes) {
  const checks = {
    startupSeconds: times.startupSeconds,
    warmupSeconds: times.warmupSeconds,
    healthCheckIntervalSeconds: health.intervalSeconds,
    healthCheckTimeoutSeconds: health.timeoutSeconds,
    unhealthyThreshold: health.unhealthyThreshold,
  };
  return {
    /** For a fleet that is made or grows: nothing has to drain before it serves. */
    capacitySeconds: replacementTimeout({ ...checks, drainSeconds: 0 }),
    replacementTimeoutSeconds: replacementTimeout({ ...checks, drainSeconds: times.drainSeconds }),
  };
}
