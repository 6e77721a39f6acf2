import { launchedBetween, refreshChanges } from "./capacity.js";
import type { CloudRecord, GroupPace, ServerLife } from "./record.js";
import type { WeightMove } from "./weightMoves.js";

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
  /** How often weights moved. */
  readonly stages: number;
  /** What the program itself waits after weights have moved. */
  readonly waitSeconds: number;
  /** From the first launch or move of weights to the last thing that happened to a server, to the refresh or to weights, as seen. */
  readonly rolloutSeconds: number;
}

/** What the program itself waits, in AWS seconds; nobody but its author knows. */
export interface Waits {
  /** After each move of weights. */
  readonly bakeSeconds: number;
  /** Until the last move has spread, before capacity goes. */
  readonly spreadSeconds: number;
}

const NO_WAITS: Waits = { bakeSeconds: 0, spreadSeconds: 0 };

const NOTHING: StepLimit = {
  limitSeconds: 0,
  rounds: 0,
  batch: 0,
  bootSeconds: 0,
  warmupSeconds: 0,
  lastDrainSeconds: 0,
  stages: 0,
  waitSeconds: 0,
  rolloutSeconds: 0,
};

/**
 * The least time in which a strategy can do what it did between two moments:
 * `rounds × (boot + first passing check + warm-up) + stages × bake + spread + last drain`. Groups that changed side by side do not
 * add up: the slowest counts.
 *
 * @param speed how many AWS seconds passed in one real second
 */
export function limitBetween(
  record: CloudRecord,
  from: number,
  to: number,
  speed: number,
  waits: Waits = NO_WAITS,
): StepLimit {
  const launched = launchedBetween(record, from, to);
  const moves = record.weightMoves.filter(({ at }) => at >= from && at <= to);
  const limits = [...new Set(launched.map(({ group }) => group))].map((group) =>
    limitOfGroup({
      launched: launched.filter((life) => life.group === group),
      left: leftBetween(record, from, to).filter((life) => life.group === group),
      refreshChanges: refreshChanges(record, group, from, to),
      isSwitchedTo: moves.some(({ groups }) => groups.includes(group)),
      pace: record.paces.get(group) ?? { warmupSeconds: 0, drainSeconds: 0 },
      to,
      speed,
    }),
  );
  const slowest = limits.reduce((most, limit) => (limit.limitSeconds > most.limitSeconds ? limit : most), NOTHING);
  return moves.length === 0 ? slowest : withSwitch(slowest, moves, record, from, to, speed, waits);
}

/** Weights move once the fleet stands, and what has lost its weight goes last: these times do add up. */
function withSwitch(
  fleet: StepLimit,
  moves: readonly WeightMove[],
  record: CloudRecord,
  from: number,
  to: number,
  speed: number,
  waits: Waits,
): StepLimit {
  const left = leftBetween(record, from, to);
  const drainSeconds = Math.max(0, ...left.map(({ group }) => record.paces.get(group)?.drainSeconds ?? 0));
  const lastDrainSeconds = lastDrain(left, to, drainSeconds / speed);
  const waitSeconds = (moves.length * waits.bakeSeconds + waits.spreadSeconds) / speed;
  const launched = launchedBetween(record, from, to);
  const moments = [
    ...moves.map(({ at }) => at),
    ...launched.flatMap((life) => [life.launchedAt, life.firstHealthyAt]),
    ...left.flatMap((life) => [life.leavingAt, life.goneAt]),
  ].filter((at) => at !== undefined && at >= from && at <= to) as number[];
  return {
    ...fleet,
    limitSeconds: fleet.limitSeconds - fleet.lastDrainSeconds + waitSeconds + lastDrainSeconds,
    lastDrainSeconds,
    stages: moves.length,
    waitSeconds,
    rolloutSeconds: Math.max(fleet.rolloutSeconds, (Math.max(...moments) - Math.min(...moments)) / 1000),
  };
}

function leftBetween(record: CloudRecord, from: number, to: number): ServerLife[] {
  return [...record.lives.values()].filter((life) => (life.leavingAt ?? 0) >= from && (life.leavingAt ?? to + 1) <= to);
}

interface GroupRollout {
  readonly launched: readonly ServerLife[];
  readonly left: readonly ServerLife[];
  readonly refreshChanges: readonly number[];
  /** Whether the group has weight after a move: nothing is switched to a fleet that is not warm. */
  readonly isSwitchedTo: boolean;
  readonly pace: GroupPace;
  readonly to: number;
  readonly speed: number;
}

function limitOfGroup(rollout: GroupRollout): StepLimit {
  const { launched, left, refreshChanges, isSwitchedTo, pace, to, speed } = rollout;
  const ready = launched.filter((life) => life.firstHealthyAt !== undefined);
  const boots = ready.map((life) => ((life.firstHealthyAt ?? 0) - life.launchedAt) / 1000);
  const bootSeconds = boots.length === 0 ? 0 : Math.min(...boots);
  // Only a refresh and a switch wait for the warm-up; a group that is being made does not.
  const warmupSeconds = refreshChanges.length > 0 || isSwitchedTo ? pace.warmupSeconds / speed : 0;
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
    stages: 0,
    waitSeconds: 0,
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
