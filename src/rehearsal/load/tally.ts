import * as hdr from "hdr-histogram-js";
import { type Bucket, Buckets } from "./buckets.js";
import type { Exchange } from "./exchange.js";
import type { Latency, LoadCounts, LoadSummary, LossKind, LostRequest, RequestSummary } from "./model.js";

/** Evidence kept: the first ones show how it began, the newest how it went on. */
const FIRST_KEPT = 50;
const NEWEST_KEPT = 50;

interface PerRequest {
  sent: number;
  lost: number;
  maxLatencyMs: number;
  readonly latency: hdr.Histogram;
}

/** Everything that is counted about the load, in bounded memory. */
export class Tally {
  readonly #buckets: Buckets;
  readonly #latency = histogram();
  readonly #perRequest: PerRequest[];
  readonly #statuses: Record<string, number> = {};
  readonly #lostByKind: Partial<Record<LossKind, number>> = {};
  readonly #first: LostRequest[] = [];
  readonly #newest: LostRequest[] = [];
  readonly #versions: Record<string, number> = {};
  #sent = 0;
  #completed = 0;
  #lost = 0;
  #appErrors = 0;
  #retried = 0;
  #maxLatencyMs = 0;

  /** @param names one for each kind of request: `GET /slow` */
  constructor(
    readonly startMs: number,
    readonly names: readonly string[],
  ) {
    this.#buckets = new Buckets(startMs);
    this.#perRequest = names.map(() => ({ sent: 0, lost: 0, maxLatencyMs: 0, latency: histogram() }));
  }

  get inFlight(): number {
    return this.#sent - this.#completed - this.#lost;
  }

  sent(kind: number, scheduledAt: number): void {
    this.#sent++;
    this.#of(kind).sent++;
    this.#buckets.at(scheduledAt).sent++;
  }

  /** @param generatorLagMs the generator's own longest stall while the request was under way */
  ended(kind: number, scheduledAt: number, end: Exchange, retried: boolean, generatorLagMs: number): void {
    const bucket = this.#buckets.at(scheduledAt);
    if (retried) {
      this.#retried++;
      bucket.retried++;
    }
    if (end.status !== undefined) add(this.#statuses, String(end.status));
    if (end.loss === undefined) this.#answered(kind, bucket, end, end.endedAt - scheduledAt);
    else this.#lose(kind, bucket, scheduledAt, end, end.loss, retried, generatorLagMs);
  }

  counts(generatorLagMs: number): LoadCounts {
    return {
      sent: this.#sent,
      completed: this.#completed,
      lost: this.#lost,
      inFlight: this.inFlight,
      appErrors: this.#appErrors,
      retriedOnClosedConnection: this.#retried,
      versions: { ...this.#versions },
      maxLatencyMs: this.#maxLatencyMs,
      generatorLagMs,
    };
  }

  window(from: number, to: number, generatorLagMs: number): LoadCounts {
    return { ...this.#buckets.window(from, to), generatorLagMs };
  }

  summary(endedAt: number, generatorLagMs: number): LoadSummary {
    return {
      ...this.counts(generatorLagMs),
      startedAt: this.startMs,
      endedAt,
      latencyMs: latencyOf(this.#latency, this.#maxLatencyMs),
      statuses: this.#statuses,
      lostByKind: this.#lostByKind,
      perRequest: this.#perRequest.map(
        ({ sent, lost, latency, maxLatencyMs }, kind): RequestSummary => ({
          request: this.names[kind] ?? "",
          sent,
          lost,
          latencyMs: latencyOf(latency, maxLatencyMs),
        }),
      ),
      evidence: [...this.#first, ...this.#newest],
      seconds: this.#buckets.seconds(),
    };
  }

  #answered(kind: number, bucket: Bucket, end: Exchange, latencyMs: number): void {
    this.#completed++;
    bucket.completed++;
    if ((end.status ?? 0) >= 500) {
      this.#appErrors++;
      bucket.appErrors++;
    }
    add(this.#versions, end.version);
    add(bucket.versions, end.version);
    const ms = Math.max(0, latencyMs);
    const perRequest = this.#of(kind);
    for (const holder of [bucket, perRequest]) holder.maxLatencyMs = Math.max(holder.maxLatencyMs, ms);
    this.#maxLatencyMs = Math.max(this.#maxLatencyMs, ms);
    this.#latency.recordValue(Math.round(ms * 1000));
    perRequest.latency.recordValue(Math.round(ms * 1000));
  }

  #lose(
    kind: number,
    bucket: Bucket,
    scheduledAt: number,
    end: Exchange,
    loss: NonNullable<Exchange["loss"]>,
    retried: boolean,
    generatorLagMs: number,
  ): void {
    this.#lost++;
    bucket.lost++;
    this.#of(kind).lost++;
    this.#lostByKind[loss.kind] = (this.#lostByKind[loss.kind] ?? 0) + 1;
    const { sentAt, firstByteAt, endedAt, bytes, reusedConnection } = end;
    const evidence: LostRequest = {
      request: this.names[kind] ?? "",
      ...loss,
      scheduledAt,
      sentAt,
      firstByteAt,
      endedAt,
      bytes,
      reusedConnection,
      retried,
      generatorLagMs,
    };
    if (this.#first.length < FIRST_KEPT) this.#first.push(evidence);
    else if (this.#newest.push(evidence) > NEWEST_KEPT) this.#newest.shift();
  }

  #of(kind: number): PerRequest {
    const entry = this.#perRequest[kind];
    if (entry === undefined) throw new RangeError(`there are ${this.names.length} kinds of request, not ${kind + 1}`);
    return entry;
  }
}

/** Microseconds up to an hour, three significant digits. */
function histogram(): hdr.Histogram {
  return hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 3,
  });
}

/** The maximum is exact; percentiles are rounded up by the histogram, at most to the maximum. */
function latencyOf(latency: hdr.Histogram, maxMs: number): Latency {
  const percentile = (percent: number): number => {
    const ms = latency.totalCount === 0 ? 0 : latency.getValueAtPercentile(percent) / 1000;
    return rounded(Math.min(ms, maxMs));
  };
  return { p50: percentile(50), p99: percentile(99), max: rounded(maxMs) };
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function add(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
