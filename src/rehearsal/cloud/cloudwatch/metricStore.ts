import type { Clock } from "../clock.js";
import { Bucket } from "./bucket.js";
import { Series } from "./series.js";

/** What names a metric: namespace, name and the exact set of dimensions. */
export interface MetricIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Most metrics that are kept; a client that puts a request id into a dimension must not fill the memory. */
export const mostMetrics = 5000;

interface Entry extends MetricIdentity {
  /** One series for each unit that was put. */
  readonly byUnit: Map<string, Series>;
}

/** All metrics, bounded in number and in time. */
export class MetricStore {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly clock: Clock) {}

  /** The bucket to put data of a moment into; undefined when there are too many metrics already. */
  bucket(metric: MetricIdentity, unit: string, at: number): Bucket | undefined {
    const key = keyOf(metric);
    let entry = this.entries.get(key);
    if (!entry) {
      if (this.entries.size >= mostMetrics) return undefined;
      entry = { ...metric, byUnit: new Map() };
      this.entries.set(key, entry);
    }
    let series = entry.byUnit.get(unit);
    if (!series) {
      series = new Series(this.clock.toRealMs(1), metric.namespace);
      entry.byUnit.set(unit, series);
    }
    return series.bucketAt(at, this.clock.now());
  }

  /**
   * What was observed in each period, by the period's start (wall clock ms). The period is in AWS seconds and so passes `speed`
   * times faster; it is aligned to multiples of itself, and `from` is rounded down to one, as AWS does.
   * @param unit only data of this unit; all data where it is absent
   */
  query(metric: MetricIdentity, from: number, to: number, periodSeconds: number, unit?: string): Map<number, Bucket> {
    const periodMs = this.clock.toRealMs(periodSeconds);
    const firstStart = Math.floor(from / periodMs) * periodMs;
    const result = new Map<number, Bucket>();
    const entry = this.entries.get(keyOf(metric));
    for (const [seriesUnit, series] of entry?.byUnit ?? []) {
      if (unit !== undefined && unit !== seriesUnit) continue;
      for (const [start, bucket] of series.periods(firstStart, to, periodMs)) {
        const merged = result.get(start) ?? new Bucket(start);
        merged.merge(bucket);
        result.set(start, merged);
      }
    }
    return result;
  }

  /** The units in which a metric was put. */
  unitsOf(metric: MetricIdentity): string[] {
    return [...(this.entries.get(keyOf(metric))?.byUnit.keys() ?? [])];
  }

  list(): (MetricIdentity & { lastAt: number })[] {
    return [...this.entries.values()].map(({ byUnit, ...identity }) => ({
      ...identity,
      lastAt: Math.max(...[...byUnit.values()].map(({ lastAt }) => lastAt)),
    }));
  }
}

function keyOf({ namespace, name, dimensions }: MetricIdentity): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
