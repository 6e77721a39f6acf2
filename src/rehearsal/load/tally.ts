import * as hdr from "hdr-histogram-js";
import { type Bucket, Buckets, within } from "./buckets.js";
import type { Exchange } from "./exchange.js";
import type { Latency, LoadCounts, LoadSummary, LossKind, LostRequest, RequestSpec, RequestSummary } from "./model.js";
import { requestName } from "./requestName.js";

/** Evidence kept: the first ones show how it began, the newest how it went on. */
const FIRST_KEPT = 50;
const NEWEST_KEPT = 50;

/** A plain request that took longer, counted from its sending, tells nothing about when its server was chosen. */
const SHORT_MS = 1000;

/** A process that has just begun compiles its code while it sends: so long it is told apart how punctual it is. */
const BEGINNING_MS = 2000;

/** What is known about an end beside the exchange itself. */
export interface EndFacts {
  /** Whether the request was sent a second time, on a new connection. */
  readonly retried: boolean;
  /** The generator's own longest stall while the request was under way. */
  readonly generatorLagMs: number;
  /** How often its user now saw another version than before. */
  readonly versionChanges: number;
}

interface PerRequest {
  readonly name: string;
  /** Whether nothing but weights decides who answers it. */
  readonly isPlain: boolean;
  sent: number;
  lost: number;
  maxLatencyMs: number;
  readonly latency: hdr.Histogram;
}

/** Everything that is counted about the load, in bounded memory. */
export class Tally {
  readonly #buckets: Buckets;
  readonly #latency = histogram();
  readonly #lateness = new Lateness();
  readonly #steadyLateness = new Lateness();
  readonly #perRequest: PerRequest[];
  readonly #statuses: Record<string, number> = {};
  readonly #lostByKind: Partial<Record<LossKind, number>> = {};
  readonly #first: LostRequest[] = [];
  readonly #newest: LostRequest[] = [];
  readonly #versions: Record<string, number> = {};
  readonly #versionsOf: Record<string, Record<string, number>> = {};
  readonly #lastPlainAnswer: Record<string, number> = {};
  #versionChanges = 0;
  #sent = 0;
  #completed = 0;
  #lost = 0;
  #appErrors = 0;
  #retried = 0;
  #maxLatencyMs = 0;

  /** @param kinds of request, as `sent` and `ended` number them */
  constructor(
    readonly startMs: number,
    kinds: readonly RequestSpec[],
  ) {
    this.#buckets = new Buckets(startMs);
    this.#perRequest = kinds.map((spec) => ({
      name: requestName(spec),
      isPlain: (spec.users ?? 0) === 0 && spec.bodySeconds === 0 && Object.keys(spec.headers).length === 0,
      sent: 0,
      lost: 0,
      maxLatencyMs: 0,
      latency: histogram(),
    }));
  }

  get inFlight(): number {
    return this.#sent - this.#completed - this.#lost;
  }

  /** @param latenessMs how long after its scheduled moment the generator began it */
  sent(kind: number, scheduledAt: number, latenessMs = 0): void {
    this.#lateness.add(latenessMs);
    if (scheduledAt - this.startMs >= BEGINNING_MS) this.#steadyLateness.add(latenessMs);
    this.#sent++;
    this.#of(kind).sent++;
    this.#buckets.at(scheduledAt).sent++;
  }

  ended(kind: number, scheduledAt: number, end: Exchange, facts: EndFacts): void {
    const bucket = this.#buckets.at(scheduledAt);
    this.#versionChanges += facts.versionChanges;
    bucket.versionChanges += facts.versionChanges;
    if (facts.retried) {
      this.#retried++;
      bucket.retried++;
    }
    if (end.status !== undefined) add(this.#statuses, String(end.status));
    if (end.loss === undefined) this.#answered(kind, bucket, end, end.endedAt - scheduledAt);
    else this.#lose(kind, bucket, scheduledAt, end, end.loss, facts);
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
      versionsOf: Object.fromEntries(Object.entries(this.#versionsOf).map(([name, counts]) => [name, { ...counts }])),
      versionChanges: this.#versionChanges,
      lastPlainAnswer: { ...this.#lastPlainAnswer },
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
      schedulingMs: this.#lateness.summary(),
      steadySchedulingMs: this.#steadyLateness.summary(),
      statuses: this.#statuses,
      lostByKind: this.#lostByKind,
      perRequest: this.#perRequest.map(
        ({ name, sent, lost, latency, maxLatencyMs }): RequestSummary => ({
          request: name,
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
    for (const holder of [this.#versionsOf, bucket.versionsOf]) add(within(holder, perRequest.name), end.version);
    if (perRequest.isPlain && end.endedAt - (end.sentAt ?? end.endedAt) <= SHORT_MS) {
      for (const latest of [this.#lastPlainAnswer, bucket.lastPlainAnswer]) {
        latest[end.version] = Math.max(latest[end.version] ?? 0, end.endedAt);
      }
    }
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
    { retried, generatorLagMs }: EndFacts,
  ): void {
    this.#lost++;
    bucket.lost++;
    this.#of(kind).lost++;
    this.#lostByKind[loss.kind] = (this.#lostByKind[loss.kind] ?? 0) + 1;
    const { sentAt, firstByteAt, endedAt, bytes, reusedConnection } = end;
    const evidence: LostRequest = {
      request: this.#of(kind).name,
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
    if (entry === undefined)
      throw new RangeError(`there are ${this.#perRequest.length} kinds of request, not ${kind + 1}`);
    return entry;
  }
}

/** How late requests were begun. */
class Lateness {
  readonly #histogram = histogram();
  #maxMs = 0;

  add(ms: number): void {
    this.#histogram.recordValue(Math.max(0, Math.round(ms * 1000)));
    if (ms > this.#maxMs) this.#maxMs = ms;
  }

  summary(): Latency {
    return latencyOf(this.#histogram, this.#maxMs);
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
