/** AWS takes whole numbers up to this as weights (Elastic Load Balancing API, TargetGroupTuple). */
export const LARGEST_WEIGHT = 999;

/** The finest step of a share: a tenth of a percent. */
const TENTHS = 10;

/** A forward action, as far as weights go. */
interface Weighted {
  readonly targets: readonly { readonly targetGroupArn: string; readonly weight: number }[];
}

/**
 * The weights that AWS takes for shares in percent, in the same ratio to each other. Whole percents stay as they are; when any
 * has a fraction, all are told in tenths.
 * @param percents shares from 0 to 100 in steps of 0.1, together at most 100
 */
export function forwardWeights(percents: readonly number[]): number[] {
  const tenths = percents.map(tenthsOf);
  const sum = tenths.reduce((total, each) => total + each, 0);
  if (sum > 100 * TENTHS) throw new RangeError(`shares of ${percents.join(", ")} percent are more than the whole`);
  return tenths.every((each) => each % TENTHS === 0) ? tenths.map((each) => each / TENTHS) : tenths;
}

/** The share of each target group in a forward action, in percent; a target group without weight has 0. */
export function percentOf(action: Weighted): Map<string, number> {
  const sum = action.targets.reduce((total, { weight }) => total + weight, 0);
  return new Map(
    action.targets.map(({ targetGroupArn, weight }) => [targetGroupArn, sum === 0 ? 0 : (100 * weight) / sum]),
  );
}

/** True when two forward actions give every target group the same share, and list the same ones. */
export function sameShares(one: Weighted, other: Weighted): boolean {
  if (one.targets.length !== other.targets.length) return false;
  const total = (action: Weighted): number => action.targets.reduce((sum, { weight }) => sum + weight, 0);
  const weights = new Map(other.targets.map(({ targetGroupArn, weight }) => [targetGroupArn, weight]));
  const [oneTotal, otherTotal] = [total(one), total(other)];
  // Cross-multiplied: whole numbers compare exactly. Without any weight at all there is nothing to share.
  if ((oneTotal === 0) !== (otherTotal === 0)) return false;
  return one.targets.every(({ targetGroupArn, weight }) => {
    const there = weights.get(targetGroupArn);
    return there !== undefined && weight * otherTotal === there * oneTotal;
  });
}

/**
 * Shares on the way from the present ones to the wanted ones, in steps of 0.1 and together 100.
 * @param present shares in percent; together 100, or all 0
 * @param wanted shares in percent, in the same order; together 100
 * @param way how far along, in percent; 100 answers the wanted shares
 */
export function sharesOnTheWay(present: readonly number[], wanted: readonly number[], way: number): number[] {
  if (way >= 100 || present.every((share) => share === 0)) return [...wanted];
  const exact = present.map((share, index) => (share + (((wanted[index] ?? 0) - share) * way) / 100) * TENTHS);
  const floors = exact.map((share) => Math.floor(share + EPSILON));
  // The largest remainders get what is left, so that the shares add up to the whole.
  let left = 100 * TENTHS - floors.reduce((sum, share) => sum + share, 0);
  const order = exact
    .map((share, index) => ({ index, remainder: share - (floors[index] as number) }))
    .sort((one, other) => other.remainder - one.remainder || one.index - other.index);
  for (const { index } of order) {
    if (left <= 0) break;
    floors[index] = (floors[index] as number) + 1;
    left -= 1;
  }
  return floors.map((share) => share / TENTHS);
}

/** Far below a tenth of a percent, and far above what floating point loses. */
const EPSILON = 1e-6;

function tenthsOf(percent: number): number {
  const tenths = Math.round(percent * TENTHS);
  if (!(percent >= 0 && percent <= 100) || Math.abs(percent * TENTHS - tenths) > EPSILON) {
    throw new RangeError(`a share is ${percent} percent, expected 0 to 100 in steps of 0.1`);
  }
  return tenths;
}

/** A share rounded to the finest step that can be told. */
export function toTenths(percent: number): number {
  return Math.round(percent * TENTHS) / TENTHS;
}
