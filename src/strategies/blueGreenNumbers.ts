import * as pulumi from "@pulumi/pulumi";
import { type Faults, type Finding, isDeferred } from "../errors/faults.js";
import { wholeNumber } from "../errors/known.js";
import type { EntranceFacts } from "../gates/verify/previewTarget.js";
import { replacementTimeout } from "../plan/deadlines.js";
import type { EntrancePlan } from "../traffic/checkEntrance.js";
import { type HealthCheck, timesOf } from "../traffic/healthCheck.js";
import { checkStickiness } from "../traffic/stickiness.js";
import type { BlueGreenPairArgs } from "./blueGreenPairArgs.js";

/** What the gates of a pair need to know, once it is known. */
export interface PairNumbers {
  readonly warmupSeconds: number;
  readonly bakeSeconds: number;
  readonly rollbackWindowSeconds: number;
  readonly verifySeconds: number;
  readonly spreadSeconds: number;
  readonly capacitySeconds: number;
  readonly replacementTimeoutSeconds: number;
  readonly stickinessSeconds?: number;
  readonly alarmNames: readonly string[];
  /** What a request has to bring along to be let in by the entrance. */
  readonly facts: EntranceFacts;
}

export interface PairTimes {
  readonly drainSeconds: pulumi.Input<number>;
  readonly startupSeconds: pulumi.Input<number>;
  readonly warmupSeconds: pulumi.Input<number>;
  readonly stickinessSeconds?: pulumi.Input<number>;
}

/** Limits of the EC2 Auto Scaling and Elastic Load Balancing APIs (botocore model); those of our own gates are as long. */
const DRAIN = [0, 3600] as const;
const STARTUP = [0, 7200] as const;
const WARMUP = [0, 3600] as const;
const SPREAD = [0, 3600] as const;
const BAKE = [0, 172_800] as const;
const VERIFY = [1, 86_400] as const;
const LONGEST = 14 * 24 * 3600;
const ALARMS = 10;

export function checkPairTimes(args: BlueGreenPairArgs, faults: Faults): PairTimes {
  const stickinessSeconds = checkStickiness(args.stickiness, faults);
  return {
    drainSeconds: faults.input(args.drainSeconds ?? 60, wholeNumber("drainSeconds", "HIT130", ...DRAIN)),
    startupSeconds: faults.input(args.startupSeconds ?? 300, wholeNumber("startupSeconds", "HIT131", ...STARTUP)),
    warmupSeconds: faults.input(args.warmupSeconds ?? 0, wholeNumber("warmupSeconds", "HIT131", ...WARMUP)),
    ...(stickinessSeconds !== undefined ? { stickinessSeconds } : {}),
  };
}

export interface PairNumberWish {
  readonly healthCheck: HealthCheck;
  readonly entrance: EntrancePlan | undefined;
  readonly times: PairTimes;
}

/** The numbers of the gates, with their defaults, as one Output. */
export function pairNumbers(
  args: BlueGreenPairArgs,
  { healthCheck, entrance, times }: PairNumberWish,
  faults: Faults,
): pulumi.Output<PairNumbers> {
  type Name = "bakeSeconds" | "rollbackWindowSeconds" | "verifySeconds" | "spreadSeconds" | "capacitySeconds";
  const optional = (name: Name, [low, high]: readonly [number, number]) => {
    const value = args[name];
    return value === undefined ? undefined : faults.input(value, wholeNumber(name, "HIT131", low, high));
  };
  const given = {
    ...times,
    bakeSeconds: optional("bakeSeconds", BAKE) ?? 0,
    rollbackWindowSeconds: optional("rollbackWindowSeconds", BAKE) ?? 0,
    verifySeconds: optional("verifySeconds", VERIFY) ?? 300,
    spreadSeconds: optional("spreadSeconds", SPREAD) ?? 10,
    capacitySeconds: optional("capacitySeconds", [1, LONGEST]),
    alarmNames: faults.input(args.alarmNames ?? [], checkAlarms),
  };
  return pulumi
    .all([pulumi.output(given), timesOf(healthCheck), pulumi.output(entranceFacts(entrance))])
    .apply(([numbers, health, facts]) => {
      const { drainSeconds, startupSeconds, stickinessSeconds, ...kept } = numbers;
      const checks = {
        startupSeconds,
        warmupSeconds: numbers.warmupSeconds,
        healthCheckIntervalSeconds: health.intervalSeconds,
        healthCheckTimeoutSeconds: health.timeoutSeconds,
        unhealthyThreshold: health.unhealthyThreshold,
      };
      return {
        ...kept,
        // Nothing has to drain before an environment that grows serves.
        capacitySeconds: numbers.capacitySeconds ?? replacementTimeout({ ...checks, drainSeconds: 0 }),
        replacementTimeoutSeconds: replacementTimeout({ ...checks, drainSeconds }),
        ...(stickinessSeconds !== undefined ? { stickinessSeconds } : {}),
        facts: facts as EntranceFacts,
      };
    });
}

function entranceFacts(entrance: EntrancePlan | undefined): pulumi.Input<unknown> {
  if (entrance?.kind === "rule") {
    const { hosts, headers } = entrance.conditions;
    return { hosts: hosts ?? [], headers };
  }
  return { hosts: [], headers: [], ...(entrance?.hostName !== undefined ? { hostName: entrance.hostName } : {}) };
}

function checkAlarms(names: readonly string[]): Finding[] {
  if (isDeferred(names) || names.length <= ALARMS) return [];
  const problem = `alarmNames has ${names.length} alarms, expected at most ${ALARMS}.`;
  return [{ code: "HIT134", problem, fix: "combine some into a composite alarm" }];
}
