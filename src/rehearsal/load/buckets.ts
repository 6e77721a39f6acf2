import type { LoadCounts, LoadSecond } from "./model.js";

/** Width of a bucket. Windows are rounded to it, so that windows which touch count each request exactly once. */
export const BUCKET_MS = 100;
/** Two hours: enough for a rehearsal at speed 1, and a bound on memory. */
const KEPT_BUCKETS = 72_000;

/** What happened to the requests that were scheduled within the same tenth of a second. */
export interface Bucket {
  sent: number;
  completed: number;
  lost: number;
  appErrors: number;
  retried: number;
  maxLatencyMs: number;
  versions: Record<string, number>;
  versionsOf: Record<string, Record<string, number>>;
  versionChanges: number;
  lastPlainAnswer: Record<string, number>;
}

/** Counts by scheduled time. */
export class Buckets {
  readonly #buckets = new Map<number, Bucket>();

  constructor(readonly startMs: number) {}

  /** The bucket of a scheduled moment. */
  at(scheduledAt: number): Bucket {
    const index = this.#index(scheduledAt);
    let bucket = this.#buckets.get(index);
    if (bucket === undefined) {
      bucket = emptyBucket();
      this.#buckets.set(index, bucket);
      if (this.#buckets.size > KEPT_BUCKETS) this.#buckets.delete(this.#buckets.keys().next().value as number);
    }
    return bucket;
  }

  /** Counts of the requests scheduled from `from` up to, but without, `to`. */
  window(from: number, to: number): Omit<LoadCounts, "generatorLagMs"> {
    const [first, end] = [this.#index(from), this.#index(to)];
    const sum = { sent: 0, completed: 0, lost: 0, appErrors: 0, retriedOnClosedConnection: 0, maxLatencyMs: 0 };
    const versions: Record<string, number> = {};
    const versionsOf: Record<string, Record<string, number>> = {};
    const lastPlainAnswer: Record<string, number> = {};
    let versionChanges = 0;
    for (const [index, bucket] of this.#buckets) {
      if (index < first || index >= end) continue;
      sum.sent += bucket.sent;
      sum.completed += bucket.completed;
      sum.lost += bucket.lost;
      sum.appErrors += bucket.appErrors;
      sum.retriedOnClosedConnection += bucket.retried;
      sum.maxLatencyMs = Math.max(sum.maxLatencyMs, bucket.maxLatencyMs);
      addInto(versions, bucket.versions);
      for (const [name, more] of Object.entries(bucket.versionsOf)) addInto(within(versionsOf, name), more);
      versionChanges += bucket.versionChanges;
      latestInto(lastPlainAnswer, bucket.lastPlainAnswer);
    }
    const inFlight = sum.sent - sum.completed - sum.lost;
    return { ...sum, inFlight, versions, versionsOf, versionChanges, lastPlainAnswer };
  }

  /** The whole run, second by second. */
  seconds(): LoadSecond[] {
    const bySecond = new Map<number, LoadSecond & { versions: Record<string, number> }>();
    const perSecond = 1000 / BUCKET_MS;
    for (const [index, bucket] of this.#buckets) {
      const second = Math.floor(index / perSecond);
      const before = bySecond.get(second);
      const versions = before?.versions ?? {};
      addInto(versions, bucket.versions);
      bySecond.set(second, {
        at: this.startMs + second * 1000,
        sent: (before?.sent ?? 0) + bucket.sent,
        lost: (before?.lost ?? 0) + bucket.lost,
        appErrors: (before?.appErrors ?? 0) + bucket.appErrors,
        maxLatencyMs: Math.max(before?.maxLatencyMs ?? 0, bucket.maxLatencyMs),
        versions,
      });
    }
    return [...bySecond.values()];
  }

  #index(atMs: number): number {
    return Math.floor((atMs - this.startMs) / BUCKET_MS);
  }
}

function emptyBucket(): Bucket {
  return {
    sent: 0,
    completed: 0,
    lost: 0,
    appErrors: 0,
    retried: 0,
    maxLatencyMs: 0,
    versions: {},
    versionsOf: {},
    versionChanges: 0,
    lastPlainAnswer: {},
  };
}

function addInto(sums: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [key, count] of Object.entries(more)) sums[key] = (sums[key] ?? 0) + count;
}

function latestInto(latest: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [key, at] of Object.entries(more)) latest[key] = Math.max(latest[key] ?? 0, at);
}

/** The counts under a name, which begin empty. */
export function within(holder: Record<string, Record<string, number>>, name: string): Record<string, number> {
  holder[name] ??= {};
  return holder[name];
}
