import type { CapacitySample, CloudRecord, ServerLife } from "./record.js";

/** Servers over the time of one step. */
export interface StepCapacity {
  /** Most servers in service or on the way into it at one moment. */
  readonly peakServers: number;
  /** Most servers draining or terminating at one moment. */
  readonly peakDraining: number;
  /** Fewest healthy servers at one moment. */
  readonly minHealthy: number;
  /** Healthy servers when the step began: what the step has to keep up. */
  readonly healthyBefore: number;
}

/** Sums up the samples of a step, from the state it found to its end. */
export function capacityBetween(record: CloudRecord, from: number, to: number): StepCapacity {
  const inForce = lastBefore(record.samples, from);
  const during = record.samples.filter(({ at }) => at > from && at <= to);
  const all = inForce === undefined ? during : [inForce, ...during];
  return {
    peakServers: Math.max(0, ...all.map(({ running }) => running)),
    peakDraining: Math.max(0, ...all.map(({ draining }) => draining)),
    minHealthy: all.length === 0 ? 0 : Math.min(...all.map(({ healthy }) => healthy)),
    healthyBefore: inForce?.healthy ?? 0,
  };
}

/** Servers that were launched in the span. */
export function launchedBetween(record: CloudRecord, from: number, to: number): ServerLife[] {
  return [...record.lives.values()].filter(({ launchedAt }) => launchedAt >= from && launchedAt <= to);
}

/** The moments of the span at which a group's instance refresh began or changed its status. */
export function refreshChanges(record: CloudRecord, group: string, from: number, to: number): number[] {
  let status = lastBefore(record.samples, from)?.refreshes[group];
  const moments: number[] = [];
  for (const { at, refreshes } of record.samples) {
    if (at <= from || at > to || refreshes[group] === status) continue;
    status = refreshes[group];
    moments.push(at);
  }
  return moments;
}

function lastBefore(samples: readonly CapacitySample[], at: number): CapacitySample | undefined {
  return samples.findLast((sample) => sample.at <= at);
}
