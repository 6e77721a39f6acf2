import type * as pulumi from "@pulumi/pulumi";
import { Faults } from "../../errors/faults.js";
import { onlyKnown, required } from "../../errors/known.js";
import type { FleetPlan, FleetTimes } from "../../fleet/platform.js";
import type { Release } from "../../fleet/release.js";
import { checkVerify, type VerifyCheck } from "../../gates/verify/checkVerify.js";
import { BATCH_BY_BATCH } from "../../plan/batches.js";
import { contractConflict } from "../../plan/dataContract.js";
import type { PreviewPlan } from "../../traffic/checkPreview.js";
import { checkHealthCheck, type HealthCheck } from "../../traffic/healthCheck.js";
import { checkName } from "../shared/checkName.js";
import { type Parts, partsOf } from "../shared/parts.js";
import { type BlueGreenPairArgs, Environment, IdleCapacity } from "./blueGreenPairArgs.js";
import { checkPairTimes, type PairNumbers, pairNumbers } from "./pairNumbers.js";

/** The arguments with their defaults; known values have been checked, and the others fail what depends on them. */
export interface BlueGreenPairPlan extends Parts, FleetTimes {
  readonly live: Environment;
  readonly idle: Environment;
  readonly cold: boolean;
  readonly releases: Readonly<Record<Environment, Release>>;
  readonly fleet: FleetPlan;
  /** The front's own. */
  readonly entrance: unknown;
  readonly healthCheck: HealthCheck;
  readonly preview: PreviewPlan;
  readonly verify: readonly VerifyCheck[];
  readonly stages: readonly number[];
  readonly stickinessSeconds?: pulumi.Input<number>;
  readonly numbers: pulumi.Input<PairNumbers>;
}

const KEYS = [
  "live",
  "blue",
  "green",
  "fleet",
  "entrance",
  "healthCheck",
  "idle",
  "preview",
  "verify",
  "verifySeconds",
  "shift",
  "bakeSeconds",
  "rollbackWindowSeconds",
  "alarmNames",
  "stickiness",
  "drainSeconds",
  "startupSeconds",
  "warmupSeconds",
  "spreadSeconds",
  "capacitySeconds",
] as const satisfies readonly (keyof BlueGreenPairArgs)[];
const PARTS = ["blue", "green", "fleet", "entrance", "healthCheck"] as const;

/** What the longer environment appends to the component's name. */
const SUFFIX = "-green".length;

export function otherThan(environment: Environment): Environment {
  return environment === Environment.Blue ? Environment.Green : Environment.Blue;
}

/** Finds everything that is wrong at once; throws a `HitlessError` before anything is created. */
export function checkBlueGreenPair(name: string, args: BlueGreenPairArgs): BlueGreenPairPlan {
  const faults = new Faults(`BlueGreenPair "${name}"`);
  faults.addAll(checkName(name, SUFFIX));
  onlyKnown(faults, "", args, KEYS);
  required(faults, "", args, ["live", ...PARTS]);
  const live = checkLive(args.live, faults);
  if (PARTS.some((part) => args[part] === undefined || args[part] === null)) faults.throwIfAny();
  const parts = partsOf(args);
  const { platform, front } = parts;
  faults.addAll(platform.checkName(name));
  const fleet = platform.checkFleet(args.fleet, faults, BATCH_BY_BATCH);
  const cold = checkIdle(args.idle, fleet, faults);
  const blue = platform.checkRelease(args.blue, faults, "blue.");
  const green = platform.checkRelease(args.green, faults, "green.");
  checkContracts(blue, green, faults);
  const entrance = front.checkEntrance(args.entrance, faults, fleet.place);
  const preview = front.checkPreview(args.preview, entrance, faults);
  const healthCheck = checkHealthCheck(args.healthCheck, faults);
  const verify = checkVerify(args.verify, faults);
  const stages = checkStages(args.shift, faults);
  const times = checkPairTimes(args, front, faults);
  const { stickinessSeconds, ...groupTimes } = times;
  const numbers = pairNumbers(args, { healthCheck, front, entrance, times }, faults);
  front.checkAlarms(args.alarmNames, faults);
  platform.checkTimes(fleet, { ...times, healthCheck }, faults);
  if (entrance !== undefined) front.claim(faults.subject, entrance, [], faults);
  faults.throwIfAny();
  if (entrance === undefined) throw new Error("an entrance without a fault has a plan"); // checkEntrance promises it
  return {
    ...parts,
    live,
    idle: otherThan(live),
    cold,
    releases: { blue, green },
    fleet,
    entrance,
    healthCheck,
    preview,
    verify,
    stages,
    ...(stickinessSeconds !== undefined ? { stickinessSeconds } : {}),
    ...groupTimes,
    numbers,
  };
}

function checkLive(live: Environment | undefined, faults: Faults): Environment {
  if (live === undefined || live === null || Object.values(Environment).includes(live)) return live ?? Environment.Blue;
  const problem = `live is ${typeof live === "string" ? JSON.stringify(live) : "no plain text"}, expected "blue" or "green".`;
  faults.add({
    code: "HIT170",
    problem,
    fix: "set live to one of them; take it from configuration, not from an Output",
  });
  return Environment.Blue;
}

function checkIdle(idle: IdleCapacity | undefined, fleet: FleetPlan, faults: Faults): boolean {
  if (idle !== undefined && !Object.values(IdleCapacity).includes(idle)) {
    const problem = `idle is ${JSON.stringify(idle)}, expected "warm" or "cold".`;
    faults.add({ code: "HIT171", problem, fix: "set idle to one of them" });
  }
  const cold = idle === IdleCapacity.Cold;
  if (cold && fleet.autoscaled && fleet.minSize === 0) {
    faults.add({
      code: "HIT171",
      problem: 'idle is "cold", and fleet.minSize is 0 with fleet.scaling.',
      fix: "set fleet.minSize to at least 1",
      why: "An autoscaler owns the size, so an environment wakes to its minimum; with none it would never wake.",
    });
  }
  return cold;
}

function checkContracts(blue: Release, green: Release, faults: Faults): void {
  const conflict = contractConflict(blue, green);
  if (!conflict) return;
  faults.add({
    code: "HIT201",
    problem: `blue (${blue.version}) and green (${green.version}) cannot run side by side: ${conflict.reasons.join("; ")}.`,
    fix: "release a version in between that reads both, switch to that first, then go on; going back takes the same steps in reverse",
    why: "Both environments stand beside each other, and users are on both while the weights move.",
  });
}

function checkStages(shift: readonly number[] | undefined, faults: Faults): readonly number[] {
  if (shift === undefined) return [100];
  const ascending =
    Array.isArray(shift) &&
    shift.length > 0 &&
    shift.every((stage, index) => Number.isInteger(stage) && stage > (shift[index - 1] ?? 0)) &&
    shift.at(-1) === 100;
  if (ascending) return shift;
  const problem = `shift is ${JSON.stringify(shift)}, expected ascending whole percentages above 0 of which the last is 100.`;
  faults.add({ code: "HIT176", problem, fix: "set shift to such as [10, 50, 100], or leave it out" });
  return [100];
}
