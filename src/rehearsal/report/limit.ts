import { launchedBetween, refreshChanges } from "./capacity.js";
import type { CloudRecord, GroupPace, ServerLife } from "./record.js";

/** How the least possible time of a step came about; all seconds are real ones. */
export interface StepLimit {
  readonly limitSeconds: number;
  /** How often servers had to be started one after another. */
  readonly rounds: number;
  /** Most servers being started at the same time. */
  readonly batch: number;
  /** Least time from a launch to the first passing health check. */
  readonly bootSeconds: number;
  readonly warmupSeconds: number;
  readonly lastDrainSeconds: number;
  /** From the first launch to the last thing that happened to a server or to the refresh, as seen. */
  readonly rolloutSeconds: number;
}

const NOTHING: StepLimit = {
  limitSeconds: 0,
  rounds: 0,
  batch: 0,
  bootSeconds: 0,
  warmupSeconds: 0,
  lastDrainSeconds: 0,
  rolloutSeconds: 0,
};

/**
 * The least time in which a strategy can do what it did between two moments:
 * `rounds × (boot + first passing check + warm-up) + last drain`. Groups that changed side by side do not add up: the slowest counts.
 *
 * @param speed how many AWS seconds passed in one real second
 */
export function limitBetween(record: CloudRecord, from: number, to: number, speed: number): StepLimit {
  const launched = launchedBetween(record, from, to);
  const limits = [...new Set(launched.map(({ group }) => group))].map((group) =>
    limitOfGroup({
      launched: launched.filter((life) => life.group === group),
      left: [...record.lives.values()].filter(
        (life) => life.group === group && (life.leavingAt ?? 0) >= from && (life.leavingAt ?? to + 1) <= to,
      ),
      refreshChanges: refreshChanges(record, group, from, to),
      pace: record.paces.get(group) ?? { warmupSeconds: 0, drainSeconds: 0 },
      to,
      speed,
    }),
  );
  return limits.reduce((slowest, limit) => (limit.limitSeconds > slowest.limitSeconds ? limit : slowest), NOTHING);
}

interface GroupRollout {
  readonly launched: readonly ServerLife[];
  readonly left: readonly ServerLife[];
  readonly refreshChanges: readonly number[];
  readonly pace: GroupPace;
  readonly to: number;
  readonly speed: number;
}

function limitOfGroup({ launched, left, refreshChanges, pace, to, speed }: GroupRollout): StepLimit {
  const ready = launched.filter((life) => life.firstHealthyAt !== undefined);
  const boots = ready.map((life) => ((life.firstHealthyAt ?? 0) - life.launchedAt) / 1000);
  const bootSeconds = boots.length === 0 ? 0 : Math.min(...boots);
  // Only a refresh waits for the warm-up; a group that is being made does not.
  const warmupSeconds = refreshChanges.length > 0 ? pace.warmupSeconds / speed : 0;
  const batch = mostAtOnce(ready);
  const rounds = batch === 0 ? 0 : Math.ceil(ready.length / batch);
  const lastDrainSeconds = lastDrain(left, to, pace.drainSeconds / speed);
  const moments = [...launched, ...left]
    .flatMap((life) => [life.firstHealthyAt, life.leavingAt, life.goneAt])
    .filter((at) => at !== undefined && at <= to) as number[];
  const firstLaunch = Math.min(...launched.map(({ launchedAt }) => launchedAt));
  return {
    limitSeconds: rounds * (bootSeconds + warmupSeconds) + lastDrainSeconds,
    rounds,
    batch,
    bootSeconds,
    warmupSeconds,
    lastDrainSeconds,
    rolloutSeconds: (Math.max(firstLaunch, ...moments, ...refreshChanges) - firstLaunch) / 1000,
  };
}

/** The largest number of servers that were launched and not yet healthy at one moment. */
function mostAtOnce(lives: readonly ServerLife[]): number {
  const changes = lives.flatMap((life) => [
    { at: life.launchedAt, by: 1 },
    { at: life.firstHealthyAt ?? life.launchedAt, by: -1 },
  ]);
  // At the same moment the one that is healthy makes room first.
  changes.sort((a, b) => a.at - b.at || a.by - b.by);
  let starting = 0;
  let most = 0;
  for (const { by } of changes) {
    starting += by;
    most = Math.max(most, starting);
  }
  return most;
}

/**
 * The drain at the end, if the step waited for it: the whole deregistration delay, or less where the drain was seen to end sooner.
 * A step that ended while servers still drained did not wait, and gets no time for it.
 */
function lastDrain(left: readonly ServerLife[], to: number, delaySeconds: number): number {
  const lastToLeave = left.reduce<ServerLife | undefined>(
    (last, life) => ((life.leavingAt ?? 0) > (last?.leavingAt ?? 0) ? life : last),
    undefined,
  );
  if (lastToLeave?.leavingAt === undefined || lastToLeave.goneAt === undefined || lastToLeave.goneAt > to) return 0;
  return Math.min(delaySeconds, (lastToLeave.goneAt - lastToLeave.leavingAt) / 1000);
}
