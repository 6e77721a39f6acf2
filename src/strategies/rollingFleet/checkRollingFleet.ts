import type * as pulumi from "@pulumi/pulumi";
import { Faults, type Finding } from "../../errors/faults.js";
import { onlyKnown, required, wholeNumber } from "../../errors/known.js";
import type { FleetPlan, FleetTimes } from "../../fleet/platform.js";
import type { Release } from "../../fleet/release.js";
import type { RolloutNumbers } from "../../gates/rollout.js";
import { whenKnown } from "../../inputs/whenKnown.js";
import { type BatchRule, batchOf } from "../../plan/batches.js";
import { checkHealthCheck, type HealthCheck } from "../../traffic/healthCheck.js";
import { checkName } from "../shared/checkName.js";
import { checkAlarmNames, checkTimes, deadlinesOf, optionalNumber, RANGES } from "../shared/checkTimes.js";
import { type Parts, partsOf } from "../shared/parts.js";
import { type RollingFleetArgs, WhenBusy } from "./rollingFleetArgs.js";

/** The arguments with their defaults; known values have been checked, and the others fail what depends on them. */
export interface RollingFleetPlan extends Parts, FleetTimes {
  readonly release: Release;
  readonly fleet: FleetPlan;
  /** The front's own. */
  readonly entrance: unknown;
  readonly healthCheck: HealthCheck;
  readonly batch: BatchRule;
  readonly whenBusy: WhenBusy;
  readonly rollout: pulumi.Input<RolloutNumbers>;
}

const KEYS = [
  "release",
  "fleet",
  "entrance",
  "healthCheck",
  "batchSize",
  "batchPercentage",
  "surge",
  "drainSeconds",
  "startupSeconds",
  "warmupSeconds",
  "bakeSeconds",
  "alarmNames",
  "whenBusy",
  "replacementTimeoutSeconds",
  "timeoutSeconds",
  "toleratedFailures",
] as const satisfies readonly (keyof RollingFleetArgs)[];
const PARTS = ["release", "fleet", "entrance", "healthCheck"] as const;

/** Finds everything that is wrong at once; throws a `HitlessError` before anything is created. */
export function checkRollingFleet(name: string, args: RollingFleetArgs): RollingFleetPlan {
  const faults = new Faults(`RollingFleet "${name}"`);
  faults.addAll(checkName(name));
  onlyKnown(faults, "", args, KEYS);
  required(faults, "", args, PARTS);
  if (PARTS.some((part) => args[part] === undefined || args[part] === null)) faults.throwIfAny();
  const batch = checkBatch(args, faults);
  const parts = partsOf(args);
  const { platform, front } = parts;
  faults.addAll(platform.checkName(name));
  const fleet = platform.checkFleet(args.fleet, faults, batch);
  const release = platform.checkRelease(args.release, faults, "release.");
  const entrance = front.checkEntrance(args.entrance, faults, fleet.place);
  const healthCheck = checkHealthCheck(args.healthCheck, faults);
  const whenBusy = checkWhenBusy(args.whenBusy, faults);
  const times = checkTimes(args, faults);
  const rollout = rolloutNumbers(args, healthCheck, times, faults);
  front.checkAlarms(args.alarmNames, faults);
  platform.checkTimes(fleet, { ...times, healthCheck }, faults);
  if (entrance !== undefined) front.claim(faults.subject, entrance, [], faults);
  faults.throwIfAny();
  if (entrance === undefined) throw new Error("an entrance without a fault has a plan"); // checkEntrance promises it
  return { ...parts, release, fleet, entrance, healthCheck, batch, whenBusy, ...times, rollout };
}

function checkBatch(args: RollingFleetArgs, faults: Faults): BatchRule {
  const { batchSize, batchPercentage } = args;
  const surge = args.surge ?? true;
  const size = sizeOf(args.fleet);
  if (batchSize !== undefined && batchPercentage !== undefined) {
    faults.add({ code: "HIT112", problem: "batchSize and batchPercentage are both set.", fix: "remove one of them" });
  }
  if (batchSize !== undefined) {
    const findings = wholeNumber("batchSize", "HIT110", 1, Number.POSITIVE_INFINITY)(batchSize);
    faults.addAll(findings);
    if (findings.length === 0 && size >= 1 && batchSize > size) {
      const problem = `batchSize is ${batchSize}, expected at most fleet.desiredCapacity, which is ${size}.`;
      faults.add({ code: "HIT111", problem, fix: `set batchSize to ${size} or less` });
    }
  }
  if (batchPercentage !== undefined && !(batchPercentage >= 1 && batchPercentage <= 100)) {
    const problem = `batchPercentage is ${batchPercentage}, expected 1 to 100.`;
    faults.add({ code: "HIT113", problem, fix: "set batchPercentage within that" });
  }
  const rule: BatchRule = {
    surge,
    ...(batchSize !== undefined ? { batchSize } : {}),
    ...(batchPercentage !== undefined ? { batchPercentage } : {}),
  };
  if (!surge) faults.addAll(checkServersLeft(size, rule));
  return rule;
}

/** A fleet without a usable size is refused by its platform. */
function sizeOf(fleet: object): number {
  const { desiredCapacity } = fleet as { readonly desiredCapacity?: unknown };
  return typeof desiredCapacity === "number" ? desiredCapacity : Number.NaN;
}

/** Without surge the batch is out of service while it is replaced, so somebody has to be left. */
function checkServersLeft(size: number, rule: BatchRule): Finding[] {
  const batch = batchOf(size, { ...rule, surge: true }); // what was asked for, not what it is cut down to
  if (!Number.isInteger(size) || size < 1 || size > batch) return [];
  const problem = `surge is false, and a batch of ${batch} takes all of the fleet's ${size} out of service.`;
  const fix =
    size === 1
      ? "set surge to true, or have at least two servers"
      : `set surge to true, or the batch to ${size - 1} or less`;
  return [{ code: "HIT114", problem, fix }];
}

function checkWhenBusy(whenBusy: WhenBusy | undefined, faults: Faults): WhenBusy {
  if (whenBusy === undefined || Object.values(WhenBusy).includes(whenBusy)) return whenBusy ?? WhenBusy.Supersede;
  const expected = Object.values(WhenBusy)
    .map((value) => `"${value}"`)
    .join(", ");
  const problem = `whenBusy is ${JSON.stringify(whenBusy)}, expected one of ${expected}.`;
  faults.add({ code: "HIT135", problem, fix: "set whenBusy to one of them" });
  return WhenBusy.Supersede;
}

function rolloutNumbers(
  args: RollingFleetArgs,
  healthCheck: HealthCheck,
  times: FleetTimes,
  faults: Faults,
): pulumi.Input<RolloutNumbers> {
  const given = {
    ...times,
    bakeSeconds: optionalNumber(args, "bakeSeconds", RANGES.bake, faults) ?? 0,
    replacementTimeoutSeconds: optionalNumber(args, "replacementTimeoutSeconds", RANGES.deadline, faults),
    timeoutSeconds: optionalNumber(args, "timeoutSeconds", RANGES.deadline, faults),
    toleratedFailures: optionalNumber(args, "toleratedFailures", [0, Number.POSITIVE_INFINITY], faults, "HIT136"),
    alarmNames: checkAlarmNames(args.alarmNames, faults),
    health: healthCheck.times,
  };
  return whenKnown(given, ({ health, ...numbers }) => ({
    warmupSeconds: numbers.warmupSeconds,
    bakeSeconds: numbers.bakeSeconds,
    alarmNames: numbers.alarmNames,
    replacementTimeoutSeconds:
      numbers.replacementTimeoutSeconds ?? deadlinesOf(numbers, health).replacementTimeoutSeconds,
    ...(numbers.timeoutSeconds !== undefined ? { timeoutSeconds: numbers.timeoutSeconds } : {}),
    ...(numbers.toleratedFailures !== undefined ? { toleratedFailures: numbers.toleratedFailures } : {}),
  }));
}
