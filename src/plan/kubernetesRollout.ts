import { type BatchRule, batchOf, DEFAULT_BATCH_PERCENTAGE } from "./batches.js";

/** `spec.strategy.rollingUpdate` of a Deployment: whole pods, or a share of them such as `20%`. */
export interface RollingUpdate {
  readonly maxSurge: number | string;
  readonly maxUnavailable: number | string;
}

/**
 * How many pods a Deployment replaces at a time, of a size that is known: whole numbers, so that Kubernetes has nothing to round.
 * A single pod cannot be replaced without one more, whatever the rule says.
 */
export function rollingUpdate(size: number, rule: BatchRule): RollingUpdate {
  if (!Number.isInteger(size) || size < 0)
    throw new RangeError(`size is ${size}, expected a whole number of at least 0`);
  if (rule.whole) return { maxSurge: 0, maxUnavailable: Math.max(1, size) };
  if (rule.surge || size <= 1)
    return { maxSurge: batchOf(Math.max(1, size), { ...rule, surge: true }), maxUnavailable: 0 };
  return { maxSurge: 0, maxUnavailable: batchOf(size, rule) };
}

/**
 * The same where an autoscaler owns the size. Shares are rounded by Kubernetes: the surge up, what may be missing down. A share that
 * would let every pod go at once is cut to the largest that keeps one; of a single pod nothing can be kept without surge.
 */
export function rollingUpdateOfAny(rule: BatchRule): RollingUpdate {
  const { batchSize, surge } = rule;
  const percentage = Math.max(1, rule.batchPercentage ?? DEFAULT_BATCH_PERCENTAGE);
  if (surge) return { maxSurge: batchSize ?? `${percentage}%`, maxUnavailable: 0 };
  return { maxSurge: 0, maxUnavailable: batchSize ?? `${Math.min(99, percentage)}%` };
}

/** What Kubernetes makes of both for a size (`ResolveFenceposts` of the Deployment controller). */
export function resolvedBounds(
  size: number,
  wanted: RollingUpdate,
): { readonly surge: number; readonly unavailable: number } {
  const surge = scaled(wanted.maxSurge, size, Math.ceil);
  const unavailable = scaled(wanted.maxUnavailable, size, Math.floor);
  // Both 0 would mean that no pod can ever be replaced.
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

function scaled(value: number | string, size: number, round: (exact: number) => number): number {
  if (typeof value === "number") return value;
  const percentage = Number(/^(\d+)%$/.exec(value)?.[1] ?? Number.NaN);
  if (!Number.isFinite(percentage)) throw new RangeError(`"${value}" is no share, expected such as "20%"`);
  return round((percentage * size) / 100);
}
