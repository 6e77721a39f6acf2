import { Bucket } from "./bucket.js";

/** AWS seconds that the finest data covers: one bucket per AWS second, AWS's highest resolution. */
const fineSeconds = 1;
/** After this many AWS seconds the data is gathered by the minute. */
const fineRetentionSeconds = 3600;
/**
 * The same for what AWS's own services report: "Metrics produced by AWS services are standard resolution by default" (CloudWatch user
 * guide), which is by the minute, so nobody can rely on finer data of theirs; what is under way is seen by the second all the same.
 */
const ownFineRetentionSeconds = 300;
const coarseSeconds = 60;
/** An alarm looks back a day at most (PutMetricAlarm); one hour more covers late evaluation. */
const retentionSeconds = 25 * 3600;

/**
 * The data of one metric, in one bucket for each AWS second in which something came; an hour later (five minutes later for AWS's own
 * metrics) in one for each minute; after 25 hours forgotten. So a series holds at most 3600 + 1440 buckets however long the cloud runs.
 */
export class Series {
  private buckets: Bucket[] = [];
  private compactedAt = 0;
  lastAt = 0;

  private readonly fineRetentionMs: number;

  /**
   * @param secondMs real milliseconds of one AWS second
   * @param namespace the metric's; those of AWS's own services begin with `AWS/`
   */
  constructor(
    private readonly secondMs: number,
    namespace: string,
  ) {
    const isOwn = namespace.startsWith("AWS/");
    this.fineRetentionMs = (isOwn ? ownFineRetentionSeconds : fineRetentionSeconds) * secondMs;
  }

  /** The bucket that `at` falls into; made where there is none. */
  bucketAt(at: number, now: number): Bucket {
    this.lastAt = Math.max(this.lastAt, at);
    if (now - this.compactedAt > coarseSeconds * this.secondMs) this.compact(now);
    const width = fineSeconds * this.secondMs;
    const start = Math.floor(at / width) * width;
    // Data comes nearly always in order: the place is found from the end.
    let index = this.buckets.length;
    while (index > 0 && (this.buckets[index - 1] as Bucket).start > start) index--;
    const before = this.buckets[index - 1];
    if (before?.start === start) return before;
    const bucket = new Bucket(start);
    this.buckets.splice(index, 0, bucket);
    return bucket;
  }

  /** What was observed in each period between two moments, by the period's start; periods without data are not there. */
  periods(from: number, to: number, periodMs: number): Map<number, Bucket> {
    const found = new Map<number, Bucket>();
    for (const bucket of this.buckets) {
      // A bucket's middle decides: its start may lie a rounding error before the period's.
      const middle = bucket.start + (fineSeconds * this.secondMs) / 2;
      const start = Math.floor(middle / periodMs) * periodMs;
      if (start < from || start >= to) continue;
      const period = found.get(start) ?? new Bucket(start);
      found.set(start, period);
      period.merge(bucket);
    }
    return found;
  }

  get size(): number {
    return this.buckets.length;
  }

  private compact(now: number): void {
    this.compactedAt = now;
    const oldest = now - retentionSeconds * this.secondMs;
    const fineFrom = now - this.fineRetentionMs;
    const width = coarseSeconds * this.secondMs;
    const kept: Bucket[] = [];
    for (const bucket of this.buckets) {
      if (bucket.start < oldest) continue;
      const start = Math.floor((bucket.start + this.secondMs / 2) / width) * width;
      const last = kept.at(-1);
      if (bucket.start >= fineFrom || (bucket.start === start && last?.start !== start)) kept.push(bucket);
      else if (last?.start === start) last.merge(bucket);
      else {
        const coarse = new Bucket(start);
        coarse.merge(bucket);
        kept.push(coarse);
      }
    }
    for (const bucket of kept) if (bucket.start < now - width) bucket.settle();
    this.buckets = kept;
  }
}
