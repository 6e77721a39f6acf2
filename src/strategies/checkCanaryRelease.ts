import * as pulumi from "@pulumi/pulumi";
import { Faults, type Finding, isDeferred } from "../errors/faults.js";
import { onlyKnown, required, wholeNumber } from "../errors/known.js";
import { checkFleet, checkMeasure, type FleetPlan } from "../fleet/checkFleet.js";
import { batchOf } from "../plan/batches.js";
import type { JumpRules } from "../plan/canarySteps.js";
import { replacementTimeout } from "../plan/deadlines.js";
import { refreshPercentages } from "../plan/percentages.js";
import { checkEntrance, type EntrancePlan } from "../traffic/checkEntrance.js";
import { checkHealthCheck, type HealthCheck, timesOf } from "../traffic/healthCheck.js";
import { claimPriorities, type PriorityClaim } from "../traffic/rulePriorities.js";
import { checkStickiness } from "../traffic/stickiness.js";
import type { CanaryReleaseArgs } from "./canaryReleaseArgs.js";
import { checkOthers, checkVersions, type VersionPlan } from "./canaryVersions.js";
import { checkName, SLUG_SUFFIX } from "./checkName.js";

/** The arguments with their defaults; known values have been checked, and the others fail what depends on them. */
export interface CanaryReleasePlan {
  /** The stable one first. */
  readonly versions: readonly VersionPlan[];
  readonly fleet: FleetPlan;
  readonly entrance: EntrancePlan;
  readonly healthCheck: HealthCheck;
  readonly rules: JumpRules;
  readonly stickinessSeconds?: pulumi.Input<number>;
  readonly drainSeconds: pulumi.Input<number>;
  readonly startupSeconds: pulumi.Input<number>;
  readonly warmupSeconds: pulumi.Input<number>;
  readonly numbers: pulumi.Output<CanaryNumbers>;
}

/** What gates need to know, once it is known. */
export interface CanaryNumbers {
  readonly warmupSeconds: number;
  readonly bakeSeconds: number;
  readonly drainSeconds: number;
  readonly spreadSeconds: number;
  readonly capacitySeconds: number;
  readonly alarmNames: readonly string[];
  readonly stickinessSeconds?: number;
  /** How long a rollout within a fleet may go without progress. */
  readonly replacementTimeoutSeconds: number;
}

const KEYS = [
  "stable",
  "canary",
  "others",
  "previous",
  "fleet",
  "entrance",
  "healthCheck",
  "steps",
  "maxStep",
  "bakeSeconds",
  "alarmNames",
  "stickiness",
  "drainSeconds",
  "startupSeconds",
  "warmupSeconds",
  "spreadSeconds",
  "capacitySeconds",
] as const satisfies readonly (keyof CanaryReleaseArgs)[];
const PARTS = ["stable", "fleet", "entrance", "healthCheck"] as const;

const ALARMS = 10;
const BAKE = 172_800;
const LONGEST = 14 * 24 * 3600;

/** Finds everything that is wrong at once; throws a `HitlessError` before anything is created. */
export function checkCanaryRelease(name: string, args: CanaryReleaseArgs): CanaryReleasePlan {
  const faults = new Faults(`CanaryRelease "${name}"`);
  faults.addAll(checkName(name, SLUG_SUFFIX));
  onlyKnown(faults, "", args, KEYS);
  required(faults, "", args, PARTS);
  const others = checkOthers(args.others, faults);
  if (!others || PARTS.some((part) => args[part] === undefined || args[part] === null)) faults.throwIfAny();
  const checked = checkFleet(args.fleet, faults, headroom(args));
  const scaling = checked.scaling && { scaling: checkMeasure(checked.scaling, faults) };
  const fleet = { ...checked, ...scaling };
  const entrance = checkEntrance(args.entrance, faults);
  const healthCheck = checkHealthCheck(args.healthCheck, faults);
  const stickinessSeconds = checkStickiness(args.stickiness, faults);
  const versions = checkVersions(args, { name, fleet, entrance, sticky: args.stickiness !== undefined }, faults);
  const rules = checkRules(args, faults);
  const times = checkTimes(args, faults);
  const numbers = numbersOf(args, healthCheck, { ...times, stickinessSeconds }, faults);
  if (entrance) claimPriorities(faults, claimsOf(name, entrance, versions));
  faults.throwIfAny();
  if (!entrance) throw new Error("an entrance without a fault has a plan"); // checkEntrance promises it
  return {
    versions,
    fleet,
    entrance,
    healthCheck,
    rules,
    ...(stickinessSeconds !== undefined ? { stickinessSeconds } : {}),
    ...times,
    numbers,
  };
}

/** The places among a listener's rules; nobody else has rules on a listener of the component's own. */
function claimsOf(name: string, entrance: EntrancePlan, versions: readonly VersionPlan[]): PriorityClaim[] {
  const shared = entrance.kind === "rule";
  const listenerArn = shared ? entrance.listenerArn : `the listener of CanaryRelease "${name}"`;
  return [
    ...(shared ? [{ listenerArn, priority: entrance.priority, argument: "entrance.priority" }] : []),
    ...versions.flatMap(({ path, audience }) =>
      audience ? [{ listenerArn, priority: audience.priority, argument: `${path}.audience.priority` }] : [],
    ),
  ];
}

/** Servers above the desired capacity that a rollout within a fleet may need (other user data under the same version). */
function headroom({ fleet }: CanaryReleaseArgs): number {
  const size = fleet.desiredCapacity;
  if (fleet.scaling || !Number.isInteger(size) || size < 1) return 0;
  const { maxHealthyPercentage } = refreshPercentages(size, batchOf(size, { surge: true }), true);
  return Math.ceil((size * (maxHealthyPercentage - 100)) / 100);
}

function checkRules({ steps, maxStep }: CanaryReleaseArgs, faults: Faults): JumpRules {
  if (steps !== undefined && !ascending(steps)) {
    const problem = `steps is ${JSON.stringify(steps)}, expected percentages above 0 and at most 100 in ascending order.`;
    faults.add({ code: "HIT190", problem, fix: "set steps to such as [5, 25, 50], or leave it out" });
  }
  if (maxStep !== undefined && !(typeof maxStep === "number" && maxStep > 0 && maxStep <= 100)) {
    const problem = `maxStep is ${String(maxStep)}, expected more than 0 and at most 100.`;
    faults.add({ code: "HIT191", problem, fix: "set maxStep to percentage points such as 25, or leave it out" });
  }
  return { steps: steps ?? [], ...(maxStep !== undefined ? { maxStep } : {}) };
}

function ascending(steps: unknown): steps is number[] {
  if (!Array.isArray(steps) || steps.length === 0) return false;
  return steps.every((step, index) => {
    return typeof step === "number" && step > (index === 0 ? 0 : steps[index - 1]) && step <= 100;
  });
}

function checkTimes(args: CanaryReleaseArgs, faults: Faults) {
  return {
    drainSeconds: faults.input(args.drainSeconds ?? 60, wholeNumber("drainSeconds", "HIT130", 0, 3600)),
    startupSeconds: faults.input(args.startupSeconds ?? 300, wholeNumber("startupSeconds", "HIT131", 0, 7200)),
    warmupSeconds: faults.input(args.warmupSeconds ?? 0, wholeNumber("warmupSeconds", "HIT131", 0, 3600)),
  };
}

function numbersOf(
  args: CanaryReleaseArgs,
  healthCheck: HealthCheck,
  known: ReturnType<typeof checkTimes> & { readonly stickinessSeconds: pulumi.Input<number> | undefined },
  faults: Faults,
): pulumi.Output<CanaryNumbers> {
  const optional = (name: "bakeSeconds" | "spreadSeconds" | "capacitySeconds", low: number, high: number) => {
    const value = args[name];
    return value === undefined ? undefined : faults.input(value, wholeNumber(name, "HIT131", low, high));
  };
  const given = {
    ...known,
    bakeSeconds: optional("bakeSeconds", 0, BAKE) ?? 0,
    spreadSeconds: optional("spreadSeconds", 0, 3600) ?? 10,
    capacitySeconds: optional("capacitySeconds", 1, LONGEST),
    alarmNames: faults.input(args.alarmNames ?? [], checkAlarms),
  };
  return pulumi.all([pulumi.output(given), timesOf(healthCheck)]).apply(([numbers, health]) => {
    const checks = {
      startupSeconds: numbers.startupSeconds,
      warmupSeconds: numbers.warmupSeconds,
      healthCheckIntervalSeconds: health.intervalSeconds,
      healthCheckTimeoutSeconds: health.timeoutSeconds,
      unhealthyThreshold: health.unhealthyThreshold,
    };
    return {
      warmupSeconds: numbers.warmupSeconds,
      bakeSeconds: numbers.bakeSeconds,
      drainSeconds: numbers.drainSeconds,
      spreadSeconds: numbers.spreadSeconds,
      alarmNames: numbers.alarmNames,
      // Nothing has to drain before a fleet that grows serves.
      capacitySeconds: numbers.capacitySeconds ?? replacementTimeout({ ...checks, drainSeconds: 0 }),
      replacementTimeoutSeconds: replacementTimeout({ ...checks, drainSeconds: numbers.drainSeconds }),
      ...(numbers.stickinessSeconds !== undefined ? { stickinessSeconds: numbers.stickinessSeconds } : {}),
    };
  });
}

function checkAlarms(names: readonly string[]): Finding[] {
  if (isDeferred(names) || names.length <= ALARMS) return [];
  const problem = `alarmNames has ${names.length} alarms, expected at most ${ALARMS}.`;
  return [{ code: "HIT134", problem, fix: "combine some into a composite alarm" }];
}
