import { Arrivals } from "./arrivals.js";
import { type Exchange, exchange } from "./exchange.js";
import { LagMeter } from "./lagMeter.js";
import { Mix } from "./mix.js";
import type { LoadCounts, LoadOptions, LoadSummary } from "./model.js";
import { Pacer } from "./pacer.js";
import { type Route, routesOf } from "./route.js";
import { Tally } from "./tally.js";
import { Users, type Visit } from "./users.js";
import { wallClock } from "./wallClock.js";

/**
 * How soon after sending an idle connection must turn out to be closed for the request to be sent again. A connection that the
 * other side closed just before is known within a round trip; a request that was under way for longer and then lost its
 * connection was not met by a closed one, and sending it again would hide a loss.
 */
export const CLOSED_CONNECTION_MS = 100;

/** RFC 9110, section 9.2.2: only these may be repeated without asking. */
const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"]);

/**
 * Sends requests at a constant rate, whatever the answers do (an open loop): a stall of the service shows as latency, counted from
 * the moment a request was *scheduled*, never as fewer requests.
 */
export class LoadGenerator {
  readonly #routes: readonly Route[];
  /** For each kind of request; undefined where strangers send it. */
  readonly #users: readonly (Users | undefined)[];
  readonly #mix: Mix;
  readonly #tally: Tally;
  readonly #lag = new LagMeter();
  readonly #pacer: Pacer;
  #onIdle: (() => void) | undefined;

  constructor(options: LoadOptions) {
    this.#routes = routesOf(options);
    this.#users = options.requests.map(({ users = 0 }) => (users > 0 ? new Users(users) : undefined));
    this.#mix = new Mix(options.requests.map((spec) => spec.share));
    const startMs = wallClock();
    const arrivals = new Arrivals(startMs, options.rate);
    this.#tally = new Tally(startMs, options.requests);
    this.#lag.start();
    this.#pacer = new Pacer(arrivals, (scheduledAt) => this.#one(scheduledAt));
  }

  get startedAt(): number {
    return this.#tally.startMs;
  }

  counts(): LoadCounts {
    return this.#tally.counts(this.#lag.longest(this.startedAt, wallClock()));
  }

  /** Counts of the requests scheduled in the window (wall clock milliseconds). */
  window(from: number, to: number): LoadCounts {
    return this.#tally.window(from, to, this.#lag.longest(from, to));
  }

  /** Stops sending, waits until every request has ended (each has a deadline of its own), and sums up. */
  async stop(): Promise<LoadSummary> {
    this.#pacer.stop();
    if (this.#tally.inFlight > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    const endedAt = wallClock();
    const lag = this.#lag.longest(this.startedAt, endedAt);
    this.#lag.stop();
    for (const { connections } of this.#routes) connections.close();
    return this.#tally.summary(endedAt, lag);
  }

  #one(scheduledAt: number): void {
    const kind = this.#mix.next();
    const route = this.#routes[kind] as Route;
    const now = wallClock();
    this.#tally.sent(kind, scheduledAt, now - scheduledAt);
    const visit = this.#users[kind]?.visit(now);
    const deadlineMs = scheduledAt + route.spec.timeoutSeconds * 1000;
    exchange(route, { deadlineMs, cookie: visit?.cookies }, (end) => {
      if (!this.#metClosedConnection(route, end)) return this.#ended(kind, scheduledAt, end, visit, false);
      const again = { deadlineMs, cookie: visit?.cookies, onNewConnection: true };
      exchange(route, again, (second) => this.#ended(kind, scheduledAt, second, visit, true));
    });
  }

  #ended(kind: number, scheduledAt: number, end: Exchange, visit: Visit | undefined, retried: boolean): void {
    const isLost = end.loss !== undefined;
    const generatorLagMs = isLost ? this.#lag.longest(scheduledAt, end.endedAt) : 0;
    // The load balancer's own errors and what was lost are no version that a user saw.
    const versionChanges = visit?.end(isLost ? "" : end.version, end.setCookie, end.endedAt) ?? 0;
    this.#tally.ended(kind, scheduledAt, end, { retried, generatorLagMs, versionChanges });
    if (this.#tally.inFlight === 0) this.#onIdle?.();
  }

  /**
   * Whether the request was sent on an idle connection which the other side had just closed. Every HTTP client sends an idempotent
   * request again then (RFC 9112, section 9.3.1), because keep-alive cannot work otherwise; so do we, once, and count it.
   */
  #metClosedConnection(route: Route, end: Exchange): boolean {
    if (end.loss?.kind !== "reset" || !end.reusedConnection || end.sentAt === undefined) return false;
    const starved = this.#lag.longest(end.sentAt, end.endedAt);
    return IDEMPOTENT.has(route.spec.method) && end.endedAt - end.sentAt <= CLOSED_CONNECTION_MS + starved;
  }
}
