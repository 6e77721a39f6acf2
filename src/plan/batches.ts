/** How a program says how many servers are replaced at a time. */
export interface BatchRule {
  readonly batchSize?: number;
  readonly batchPercentage?: number;
  /** Extra servers are started first. */
  readonly surge: boolean;
  /** All servers at once, whatever the rest says: for a fleet that has no users. None of it serves meanwhile. */
  readonly whole?: boolean;
}

/**
 * How many of `size` servers are replaced at a time. A percentage is rounded down to whole servers, and is at least one. The
 * program's numbers are kept within what the fleet is *now*: at most all of it, and without surge at most all but one.
 */
export function batchOf(size: number, rule: BatchRule): number {
  if (rule.whole) return size;
  const wanted = rule.batchSize ?? Math.floor((size * (rule.batchPercentage ?? DEFAULT_BATCH_PERCENTAGE)) / 100);
  return Math.max(1, Math.min(wanted, rule.surge ? size : size - 1));
}

/** Through a fleet that has users, without a server less: what servers are started with has changed, not what they run. */
export const BATCH_BY_BATCH: BatchRule = { surge: true };

/** Replaced at a time when a program says nothing: a fifth of the fleet. */
export const DEFAULT_BATCH_PERCENTAGE = 20;

/** How many batches a rollout of `size` servers takes. */
export function roundsOf(size: number, batch: number): number {
  return Math.ceil(size / batch);
}

/** New servers that may fail before a rollout is refused, when a program says nothing: one in ten, rounded down. */
export function defaultToleratedFailures(size: number): number {
  return Math.floor(size / 10);
}
