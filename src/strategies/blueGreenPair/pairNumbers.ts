import type * as pulumi from "@pulumi/pulumi";
import type { Faults } from "../../errors/faults.js";
import type { FleetTimes } from "../../fleet/platform.js";
import type { EntranceFacts } from "../../gates/verify/previewTarget.js";
import { whenKnown } from "../../inputs/whenKnown.js";
import type { Front } from "../../traffic/front.js";
import type { HealthCheck } from "../../traffic/healthCheck.js";
import { checkAlarmNames, checkTimes, deadlinesOf, optionalNumber, RANGES } from "../shared/checkTimes.js";
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

export interface PairTimes extends FleetTimes {
  readonly stickinessSeconds?: pulumi.Input<number>;
}

export function checkPairTimes(args: BlueGreenPairArgs, front: Front, faults: Faults): PairTimes {
  const stickinessSeconds = front.checkStickiness(args.stickiness, faults);
  return {
    ...checkTimes(args, faults),
    ...(stickinessSeconds !== undefined ? { stickinessSeconds } : {}),
  };
}

export interface PairNumberWish {
  readonly healthCheck: HealthCheck;
  readonly front: Front;
  /** The front's own; absent where it is refused. */
  readonly entrance: unknown;
  readonly times: PairTimes;
}

/** The numbers of the gates, with their defaults, as one value. */
export function pairNumbers(
  args: BlueGreenPairArgs,
  { healthCheck, front, entrance, times }: PairNumberWish,
  faults: Faults,
): pulumi.Input<PairNumbers> {
  const given = {
    ...times,
    bakeSeconds: optionalNumber(args, "bakeSeconds", RANGES.bake, faults) ?? 0,
    rollbackWindowSeconds: optionalNumber(args, "rollbackWindowSeconds", RANGES.bake, faults) ?? 0,
    verifySeconds: optionalNumber(args, "verifySeconds", RANGES.verify, faults) ?? 300,
    spreadSeconds: optionalNumber(args, "spreadSeconds", RANGES.spread, faults) ?? 10,
    capacitySeconds: optionalNumber(args, "capacitySeconds", RANGES.deadline, faults),
    alarmNames: checkAlarmNames(args.alarmNames, faults),
    health: healthCheck.times,
    facts: entrance === undefined ? {} : (front.facts(entrance) as pulumi.Input<unknown>),
  };
  return whenKnown(given, ({ health, facts, ...numbers }) => {
    const { drainSeconds, startupSeconds, stickinessSeconds, ...kept } = numbers;
    const deadlines = deadlinesOf(numbers, health);
    return {
      ...kept,
      capacitySeconds: numbers.capacitySeconds ?? deadlines.capacitySeconds,
      replacementTimeoutSeconds: deadlines.replacementTimeoutSeconds,
      ...(stickinessSeconds !== undefined ? { stickinessSeconds } : {}),
      facts: facts as EntranceFacts,
    };
  });
}
