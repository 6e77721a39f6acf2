import type { CloudSnapshot, ListenerSnapshot } from "../cloud/snapshot.js";

/** One moment at which requests began to go elsewhere. */
export interface WeightMove {
  /** When the call came to the cloud, wall clock milliseconds. */
  readonly at: number;
  readonly rule: string;
  /** Versions that had weight before, and those that have it afterwards. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Auto Scaling groups that have weight afterwards. */
  readonly groups: readonly string[];
}

type Weights = ListenerSnapshot["rules"][number]["weights"];

interface Seen {
  readonly weights: Weights;
  readonly changedAt: number | undefined;
}

/** The tag by which a fleet's servers tell their release. */
const VERSION_TAG = "hitless:version";

/** Notices in one picture of the cloud after the other where weights moved. */
export class WeightMoves {
  readonly #seen = new Map<string, Seen>();

  /** The moves since the picture before; target groups that only come or go with weight 0 are none. */
  add(snapshot: CloudSnapshot): WeightMove[] {
    const moves: WeightMove[] = [];
    for (const { arn, weights, weightsChangedAt } of snapshot.listeners.flatMap(({ rules }) => rules)) {
      const before = this.#seen.get(arn);
      this.#seen.set(arn, { weights, changedAt: weightsChangedAt });
      if (before === undefined || weightsChangedAt === undefined || weightsChangedAt === before.changedAt) continue;
      if (sharesOf(before.weights) === sharesOf(weights)) continue;
      const groups = groupsOf(weights, snapshot);
      moves.push({
        at: weightsChangedAt,
        rule: arn,
        before: versionsOf(groupsOf(before.weights, snapshot)),
        after: versionsOf(groups),
        groups: groups.map(({ name }) => name),
      });
    }
    return moves;
  }
}

/** Versions that lost all of their weight within the moves. */
export function versionsLeft(moves: readonly WeightMove[]): string[] {
  const last = new Map(moves.map((move) => [move.rule, move]));
  const still = new Set([...last.values()].flatMap(({ after }) => after));
  return [...new Set(moves.flatMap(({ before }) => before))].filter((version) => !still.has(version));
}

/**
 * Seconds from the last of the moves to the last answer by a version that lost all of its weight with them; null where none did.
 *
 * @param lastAnswer wall clock milliseconds of each version's last short answer
 */
export function switchSeconds(
  moves: readonly WeightMove[],
  lastAnswer: Readonly<Record<string, number>>,
): number | null {
  const left = versionsLeft(moves);
  if (left.length === 0) return null;
  const sentAt = Math.max(...moves.map(({ at }) => at));
  const last = Math.max(sentAt, ...left.map((version) => lastAnswer[version] ?? 0));
  return Math.round(last - sentAt) / 1000;
}

/** Fractions of the traffic: 1:1 and 50:50 are the same. */
function sharesOf(weights: Weights): string {
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  return JSON.stringify(
    weights
      .filter(({ weight }) => weight > 0)
      .map(({ targetGroupArn, weight }) => [targetGroupArn, (weight / total).toFixed(6)])
      .sort(),
  );
}

type Group = CloudSnapshot["groups"][number];

function groupsOf(weights: Weights, snapshot: CloudSnapshot): Group[] {
  const weighted = new Set(weights.filter(({ weight }) => weight > 0).map(({ targetGroupArn }) => targetGroupArn));
  return snapshot.groups.filter(({ targetGroupArns }) => targetGroupArns.some((arn) => weighted.has(arn)));
}

function versionsOf(groups: readonly Group[]): string[] {
  const versions = groups.flatMap(({ instances }) => instances.map(({ tags }) => tags[VERSION_TAG] ?? ""));
  return [...new Set(versions)].filter((version) => version !== "");
}
