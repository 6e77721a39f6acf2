import http from "node:http";
import https from "node:https";
import { Arrivals } from "./arrivals.js";
import { type Exchange, exchange, type Route } from "./exchange.js";
import { LagMeter } from "./lagMeter.js";
import { Mix } from "./mix.js";
import type { LoadCounts, LoadOptions, LoadSummary, RequestSpec } from "./model.js";
import { Tally } from "./tally.js";
import { httpsAgent } from "./trust.js";
import { Users } from "./users.js";
import { wallClock } from "./wallClock.js";

/**
 * How soon after sending an idle connection must turn out to be closed for the request to be sent again. A connection that the
 * other side closed just before is known within a round trip; a request that was under way for longer and then lost its
 * connection was not met by a closed one, and sending it again would hide a loss.
 */
export const CLOSED_CONNECTION_MS = 100;

const LARGEST_BURST = 200;

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
  readonly #arrivals: Arrivals;
  readonly #tally: Tally;
  readonly #lag = new LagMeter();
  readonly #agent: http.Agent;
  readonly #freshAgent: http.Agent;
  readonly #send: typeof http.request;
  #timer: NodeJS.Timeout | undefined;
  #running = true;
  #onIdle: (() => void) | undefined;

  constructor(options: LoadOptions) {
    const url = new URL(options.url);
    const secure = url.protocol === "https:";
    const agent = (settings: http.AgentOptions): http.Agent =>
      secure ? httpsAgent(settings, options.trust) : new http.Agent(settings);
    this.#send = secure ? https.request : http.request;
    this.#agent = agent({
      keepAlive: true,
      maxSockets: options.maxConnections,
      maxFreeSockets: options.maxConnections,
      // The newest first: after a stall the connections that are not needed any more grow idle and go.
      scheduling: "lifo",
      timeout: options.idleConnectionMs,
    });
    this.#freshAgent = agent({ keepAlive: false });
    this.#routes = options.requests.map((spec) => routeOf(url, spec, options));
    this.#users = options.requests.map(({ users = 0 }) => (users > 0 ? new Users(users) : undefined));
    this.#mix = new Mix(options.requests.map((spec) => spec.share));
    const startMs = wallClock();
    this.#arrivals = new Arrivals(startMs, options.rate);
    this.#tally = new Tally(startMs, options.requests);
    this.#lag.start();
    this.#tick();
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
    this.#running = false;
    clearTimeout(this.#timer);
    if (this.#tally.inFlight > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    const endedAt = wallClock();
    const lag = this.#lag.longest(this.startedAt, endedAt);
    this.#lag.stop();
    this.#agent.destroy();
    this.#freshAgent.destroy();
    return this.#tally.summary(endedAt, lag);
  }

  #tick(): void {
    // What was missed during a stall is due at once; in parts, so that answers are read in between.
    for (let sent = 0; sent < LARGEST_BURST; sent++) {
      const at = this.#arrivals.take(wallClock());
      if (at === undefined) break;
      this.#one(at);
    }
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, this.#arrivals.nextAt - wallClock()));
  }

  #one(scheduledAt: number): void {
    const kind = this.#mix.next();
    this.#tally.sent(kind, scheduledAt, wallClock() - scheduledAt);
    void this.#carryThrough(kind, scheduledAt).then(() => {
      if (!this.#running && this.#tally.inFlight === 0) this.#onIdle?.();
    });
  }

  async #carryThrough(kind: number, scheduledAt: number): Promise<void> {
    const visit = this.#users[kind]?.visit(wallClock());
    const route = withCookies(this.#routes[kind] as Route, visit?.cookies);
    const deadline = scheduledAt + route.spec.timeoutSeconds * 1000;
    let end = await exchange(this.#send, this.#agent, route, deadline);
    const retry = this.#metClosedConnection(route, end);
    if (retry) end = await exchange(this.#send, this.#freshAgent, route, deadline);
    const lag = end.loss === undefined ? 0 : this.#lag.longest(scheduledAt, end.endedAt);
    // The load balancer's own errors and what was lost are no version that a user saw.
    const version = end.loss === undefined ? end.version : "";
    const versionChanges = visit?.end(version, end.setCookie, wallClock()) ?? 0;
    this.#tally.ended(kind, scheduledAt, end, { retried: retry, generatorLagMs: lag, versionChanges });
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

function routeOf(base: URL, spec: RequestSpec, options: LoadOptions): Route {
  const body = spec.bodyBytes > 0 ? Buffer.alloc(spec.bodyBytes, "hitless ") : undefined;
  return {
    spec,
    body,
    versionHeader: options.versionHeader?.toLowerCase(),
    versionField: options.versionField,
    options: {
      protocol: base.protocol,
      hostname: base.hostname,
      port: base.port === "" ? undefined : base.port,
      path: base.pathname.replace(/\/$/, "") + spec.path,
      method: spec.method,
      headers: {
        "user-agent": "hitless-load",
        ...spec.headers,
        ...(body === undefined ? {} : { "content-length": body.length }),
      },
    },
  };
}

function withCookies(route: Route, cookie: string | undefined): Route {
  if (cookie === undefined) return route;
  return { ...route, options: { ...route.options, headers: { ...route.options.headers, cookie } } };
}
