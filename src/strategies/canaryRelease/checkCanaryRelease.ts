import type * as pulumi from "@pulumi/pulumi";
import { Faults } from "../../errors/faults.js";
import { onlyKnown, required } from "../../errors/known.js";
import type { FleetPlan, FleetTimes } from "../../fleet/platform.js";
import { whenKnown } from "../../inputs/whenKnown.js";
import { BATCH_BY_BATCH } from "../../plan/batches.js";
import type { JumpRules } from "../../plan/canarySteps.js";
import { checkHealthCheck, type HealthCheck } from "../../traffic/healthCheck.js";
import { checkName, SLUG_SUFFIX } from "../shared/checkName.js";
import { checkAlarmNames, checkTimes, deadlinesOf, optionalNumber, RANGES } from "../shared/checkTimes.js";
import { type Parts, partsOf } from "../shared/parts.js";
import type { CanaryReleaseArgs } from "./canaryReleaseArgs.js";
import { checkOthers, checkVersions, type VersionPlan } from "./versions.js";

/** The arguments with their defaults; known values have been checked, and the others fail what depends on them. */
export interface CanaryReleasePlan extends Parts, FleetTimes {
  /** The stable one first. */
  readonly versions: readonly VersionPlan[];
  readonly fleet: FleetPlan;
  /** The front's own. */
  readonly entrance: unknown;
  readonly healthCheck: HealthCheck;
  readonly rules: JumpRules;
  readonly stickinessSeconds?: pulumi.Input<number>;
  readonly numbers: pulumi.Input<CanaryNumbers>;
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

/** Finds everything that is wrong at once; throws a `HitlessError` before anything is created. */
export function checkCanaryRelease(name: string, args: CanaryReleaseArgs): CanaryReleasePlan {
  const faults = new Faults(`CanaryRelease "${name}"`);
  faults.addAll(checkName(name, SLUG_SUFFIX));
  onlyKnown(faults, "", args, KEYS);
  required(faults, "", args, PARTS);
  const others = checkOthers(args.others, faults);
  if (!others || PARTS.some((part) => args[part] === undefined || args[part] === null)) faults.throwIfAny();
  const parts = partsOf(args);
  const { platform, front } = parts;
  faults.addAll(platform.checkName(name));
  const fleet = platform.checkFleet(args.fleet, faults, BATCH_BY_BATCH);
  const entrance = front.checkEntrance(args.entrance, faults, fleet.place);
  const healthCheck = checkHealthCheck(args.healthCheck, faults);
  const stickinessSeconds = front.checkStickiness(args.stickiness, faults);
  const versions = checkVersions(
    args,
    { ...parts, name, fleet, entrance, sticky: args.stickiness !== undefined },
    faults,
  );
  const rules = checkRules(args, faults);
  const times = checkTimes(args, faults);
  const numbers = numbersOf(args, healthCheck, { ...times, stickinessSeconds }, faults);
  front.checkAlarms(args.alarmNames, faults);
  platform.checkTimes(fleet, { ...times, healthCheck }, faults);
  if (entrance !== undefined) {
    const audiences = versions.flatMap(({ path, audience }) => (audience ? [{ path, audience }] : []));
    front.claim(faults.subject, entrance, audiences, faults);
  }
  faults.throwIfAny();
  if (entrance === undefined) throw new Error("an entrance without a fault has a plan"); // checkEntrance promises it
  return {
    ...parts,
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

function numbersOf(
  args: CanaryReleaseArgs,
  healthCheck: HealthCheck,
  known: FleetTimes & { readonly stickinessSeconds: pulumi.Input<number> | undefined },
  faults: Faults,
): pulumi.Input<CanaryNumbers> {
  const given = {
    ...known,
    bakeSeconds: optionalNumber(args, "bakeSeconds", RANGES.bake, faults) ?? 0,
    spreadSeconds: optionalNumber(args, "spreadSeconds", RANGES.spread, faults) ?? 10,
    capacitySeconds: optionalNumber(args, "capacitySeconds", RANGES.deadline, faults),
    alarmNames: checkAlarmNames(args.alarmNames, faults),
    health: healthCheck.times,
  };
  return whenKnown(given, ({ health, ...numbers }) => {
    const deadlines = deadlinesOf(numbers, health);
    return {
      warmupSeconds: numbers.warmupSeconds,
      bakeSeconds: numbers.bakeSeconds,
      drainSeconds: numbers.drainSeconds,
      spreadSeconds: numbers.spreadSeconds,
      alarmNames: numbers.alarmNames,
      capacitySeconds: numbers.capacitySeconds ?? deadlines.capacitySeconds,
      replacementTimeoutSeconds: deadlines.replacementTimeoutSeconds,
      ...(numbers.stickinessSeconds !== undefined ? { stickinessSeconds: numbers.stickinessSeconds } : {}),
    };
  });
}
