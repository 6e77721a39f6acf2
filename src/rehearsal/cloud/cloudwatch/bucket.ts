/** Percentiles need the values themselves; three significant digits keep them within half a percent in bounded memory. */
const significantDigits = 3;

/**
 * What was observed in one stretch of time: count, sum and extremes exactly, and the values' distribution rounded to three
 * significant digits.
 */
export class Bucket {
  count = 0;
  sum = 0;
  minimum = Number.POSITIVE_INFINITY;
  maximum = Number.NEGATIVE_INFINITY;
  /** How often each (rounded) value came; undefined as soon as something came without its single values. */
  private distribution: Map<number, number> | undefined = new Map();

  constructor(readonly start: number) {}

  add(value: number, times = 1): void {
    this.take({ count: times, sum: value * times, minimum: value, maximum: value });
    this.tally(value, times);
  }

  /** Takes values of which only the statistics are known (PutMetricData's StatisticValues). */
  addStatistics(set: { count: number; sum: number; minimum: number; maximum: number }): void {
    this.take(set);
    // "Percentile statistics are not available unless the set stands for one value or all are equal" (botocore model, StatisticSet).
    if (set.minimum === set.maximum) this.tally(set.minimum, set.count);
    else this.distribution = undefined;
  }

  merge(other: Bucket): void {
    if (other.count === 0) return;
    this.take(other);
    if (!other.distribution) this.distribution = undefined;
    for (const [value, times] of other.distribution ?? []) this.tally(value, times);
  }

  /** The smallest value that `percent` of the values do not exceed; undefined where the single values are not known. */
  percentile(percent: number): number | undefined {
    if (!this.distribution || this.count === 0) return undefined;
    const rank = Math.max(1, Math.ceil((percent / 100) * this.count));
    let seen = 0;
    for (const [value, times] of [...this.distribution].sort(([a], [b]) => a - b)) {
      seen += times;
      // Rounding must not leave the range that was observed.
      if (seen >= rank) return Math.min(this.maximum, Math.max(this.minimum, value));
    }
    return this.maximum;
  }

  private take(set: { count: number; sum: number; minimum: number; maximum: number }): void {
    this.count += set.count;
    this.sum += set.sum;
    this.minimum = Math.min(this.minimum, set.minimum);
    this.maximum = Math.max(this.maximum, set.maximum);
  }

  private tally(value: number, times: number): void {
    if (!this.distribution) return;
    const rounded = Number(value.toPrecision(significantDigits));
    this.distribution.set(rounded, (this.distribution.get(rounded) ?? 0) + times);
  }
}
