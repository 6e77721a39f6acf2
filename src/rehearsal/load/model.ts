/** One kind of request in the load. */
export interface RequestSpec {
  /** How reports call it; its method and path when absent. */
  readonly name?: string | undefined;
  /** Path and query, relative to the target's URL: `/slow?seconds=2`. */
  readonly path: string;
  readonly method: string;
  /** Its share of the load, relative to the sum of all shares. */
  readonly share: number;
  /** Seconds from the scheduled moment until a user would have given up. */
  readonly timeoutSeconds: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Size of the request's body; 0 sends none. */
  readonly bodyBytes: number;
  /** Spreads the body over so many seconds, as a slow client does; 0 sends it at once. */
  readonly bodySeconds: number;
  /** So many users send it in turn, each with cookies of its own; 0 is a stranger every time. */
  readonly users?: number | undefined;
}

export interface LoadOptions {
  /** Where the load goes; the requests' paths are appended to its path. */
  readonly url: string;
  /** Certificates (PEM) that an HTTPS URL may serve, or that may have signed what it serves; others are not trusted. @default the system's */
  readonly trust?: string;
  /** Requests per second, whatever the answers do. */
  readonly rate: number;
  readonly requests: readonly RequestSpec[];
  /** Response header that tells the version which answered. */
  readonly versionHeader?: string;
  /** Field of a JSON response body that tells the version, where there is no header. */
  readonly versionField?: string;
  /** Most connections open at once; what waits for one is measured as latency. */
  readonly maxConnections: number;
  /** A connection that was idle for so long is not used again, as every browser and HTTP client has such a limit. */
  readonly idleConnectionMs: number;
}

/** Why a request counts as lost. */
export type LossKind =
  /** Nothing listened. */
  | "refused"
  /** The connection ended before any byte of an answer. */
  | "reset"
  /** An answer began and did not end as its framing announced. */
  | "cutShort"
  /** No complete answer in the time a user waits. */
  | "timedOut"
  /** The load balancer itself answered with a 5xx: no server did. */
  | "balancerError"
  /** Bytes came that are no HTTP. */
  | "malformed"
  /** Anything else, told by its error code; EMFILE or EADDRNOTAVAIL are the generator's own trouble. */
  | "other";

/** Everything known about one lost request, so that its cause can be told. Times are wall clock milliseconds. */
export interface LostRequest {
  readonly request: string;
  readonly kind: LossKind;
  /** Error code or status: `ECONNRESET`, `HTTP 502`. */
  readonly code: string;
  readonly detail: string;
  readonly scheduledAt: number;
  /** When it was handed to a connection; absent when none was free or none could be made. */
  readonly sentAt?: number;
  readonly firstByteAt?: number;
  readonly endedAt: number;
  readonly bytes: number;
  readonly reusedConnection: boolean;
  readonly retried: boolean;
  /** The longest stall of the generator itself while the request was under way: a starved request is not a lost one. */
  readonly generatorLagMs: number;
}

/** Counts over all requests, or over those scheduled in a window. `sent` is `completed + lost + inFlight`. */
export interface LoadCounts {
  readonly sent: number;
  readonly completed: number;
  readonly lost: number;
  readonly inFlight: number;
  /** Complete answers with a 5xx that a release itself sent; they are `completed`. */
  readonly appErrors: number;
  /**
   * Requests sent once more, on a new connection, because the idle connection they were first sent on turned out to be closed.
   * They are `completed` or `lost` by what became of the second try.
   */
  readonly retriedOnClosedConnection: number;
  /** Complete answers by the version that gave them; `` stands for answers that named none. */
  readonly versions: Readonly<Record<string, number>>;
  /** The same for each kind of request, by its name. */
  readonly versionsOf: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** How often a user saw another version than the one before. */
  readonly versionChanges: number;
  /**
   * When each version last answered a plain request, wall clock milliseconds: one without headers and users of its own, answered
   * within a second of being sent. Only these tell when the balancer stopped choosing a version.
   */
  readonly lastPlainAnswer: Readonly<Record<string, number>>;
  readonly maxLatencyMs: number;
  readonly generatorLagMs: number;
}

export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface RequestSummary {
  readonly request: string;
  readonly sent: number;
  readonly lost: number;
  readonly latencyMs: Latency;
}

/** One second of the load. */
export interface LoadSecond {
  readonly at: number;
  readonly sent: number;
  readonly lost: number;
  readonly appErrors: number;
  readonly maxLatencyMs: number;
  readonly versions: Readonly<Record<string, number>>;
}

/** What the load generator hands over at its end. */
export interface LoadSummary extends LoadCounts {
  readonly startedAt: number;
  readonly endedAt: number;
  /** Of complete answers, from the scheduled moment to the last byte. */
  readonly latencyMs: Latency;
  /** How late requests were begun by the generator itself, against their scheduled moments. */
  readonly schedulingMs: Latency;
  /** The same without its first two seconds, in which a new process is still slow. */
  readonly steadySchedulingMs: Latency;
  readonly statuses: Readonly<Record<string, number>>;
  readonly lostByKind: Readonly<Partial<Record<LossKind, number>>>;
  readonly perRequest: readonly RequestSummary[];
  /** The first and the newest lost requests; `lost` tells how many there were. */
  readonly evidence: readonly LostRequest[];
  readonly seconds: readonly LoadSecond[];
}
