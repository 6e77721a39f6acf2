type Tally = Iterable<readonly [value: number, times: number]>;

interface Statistics {
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * What was observed in one stretch of time: count, sum and extremes exactly, and the values' distribution rounded (see `rounded`).
 */
export class Bucket {
  count = 0;
  sum = 0;
  minimum = Number.POSITIVE_INFINITY;
  maximum = Number.NEGATIVE_INFINITY;
  /** How often each (rounded) value came. Most buckets hold one value only, which the statistics tell as well: they have none. */
  private distribution: Map<number, number> | undefined;
  /** The same once the bucket has settled, values and times in turn: a fifth of the space. */
  private settled: Float64Array | undefined;
  /** False as soon as something came without its single values. */
  private areValuesKnown = true;

  constructor(readonly start: number) {}

  add(value: number, times = 1): void {
    this.take({ count: times, sum: value * times, minimum: value, maximum: value }, [[rounded(value), times]]);
  }

  /** Takes values of which only the statistics are known (PutMetricData's StatisticValues). */
  addStatistics(set: Statistics): void {
    // "Percentile statistics are not available unless the set stands for one value or all are equal" (botocore model, StatisticSet).
    this.take(set, set.minimum === set.maximum ? [[rounded(set.minimum), set.count]] : undefined);
  }

  merge(other: Bucket): void {
    if (other.count > 0) this.take(other, other.values());
  }

  /** Nothing more is expected (but may come): what is held is kept in less space. */
  settle(): void {
    if (!this.distribution) return;
    this.settled = Float64Array.from([...this.distribution].flat());
    this.distribution = undefined;
  }

  /** The smallest value that `percent` of the values do not exceed; undefined where the single values are not known. */
  percentile(percent: number): number | undefined {
    const values = this.values();
    if (!values || this.count === 0) return undefined;
    const rank = Math.max(1, Math.ceil((percent / 100) * this.count));
    let seen = 0;
    for (const [value, times] of [...values].sort(([a], [b]) => a - b)) {
      seen += times;
      // Rounding must not leave the range that was observed.
      if (seen >= rank) return Math.min(this.maximum, Math.max(this.minimum, value));
    }
    return this.maximum;
  }

  /** How often each rounded value came; undefined where that is not known. */
  private values(): Tally | undefined {
    if (!this.areValuesKnown) return undefined;
    if (this.settled) return pairs(this.settled);
    return this.distribution ?? (this.count === 0 ? [] : [[rounded(this.minimum), this.count]]);
  }

  private take(set: Statistics, values: Tally | undefined): void {
    const own = this.values();
    this.count += set.count;
    this.sum += set.sum;
    this.minimum = Math.min(this.minimum, set.minimum);
    this.maximum = Math.max(this.maximum, set.maximum);
    if (!own || !values) {
      this.areValuesKnown = false;
      this.distribution = undefined;
      this.settled = undefined;
    } else if (this.minimum !== this.maximum) {
      this.distribution ??= new Map(own);
      this.settled = undefined;
      for (const [value, times] of values) this.distribution.set(value, (this.distribution.get(value) ?? 0) + times);
    }
  }
}

function* pairs(inTurn: Float64Array): Tally {
  for (let i = 0; i < inTurn.length; i += 2) yield [inTurn[i] as number, inTurn[i + 1] as number];
}

/**
 * Percentiles need the values themselves. Rounded as the marks on a slide rule (steps of 0.01 from 1 to 2, of 0.02 to 5, of 0.05 to 10)
 * they stay within half a percent, two digits stay exact, and there are few enough of them to keep for every minute of a day.
 */
function rounded(value: number): number {
  if (value === 0) return 0;
  const unit = 10 ** Math.floor(Math.log10(Math.abs(value)));
  const leading = Math.abs(value) / unit;
  const step = unit * (leading < 2 ? 0.01 : leading < 5 ? 0.02 : 0.05);
  return Number((Math.round(value / step) * step).toPrecision(3));
}
