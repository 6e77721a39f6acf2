import type { Dispatcher } from "undici";
import type { Connection } from "./connection.js";
import type { Waiting } from "./connections.js";
import { type Head, readHead } from "./head.js";
import { type Loss, lossOf } from "./loss.js";
import type { Route } from "./route.js";
import { SlowUpload } from "./upload.js";
import { wallClock } from "./wallClock.js";

/** How one try on one connection ended. Times are wall clock milliseconds. */
export interface Exchange {
  readonly loss?: Loss;
  /** Set when the answer was complete or came from the balancer. */
  readonly status?: number;
  readonly version: string;
  /** The answer's `Set-Cookie` headers. */
  readonly setCookie: readonly string[];
  readonly sentAt?: number;
  readonly firstByteAt?: number;
  readonly endedAt: number;
  readonly bytes: number;
  readonly reusedConnection: boolean;
}

/** What one try adds to its route. */
export interface Try {
  readonly deadlineMs: number;
  /** The `Cookie` header. */
  readonly cookie?: string;
  /** Whether it goes out on a connection of its own, which is closed after it. */
  readonly onNewConnection?: boolean;
}

const LONGEST_BODY_READ = 64 * 1024;

/**
 * Sends one request and follows it to its end, at the latest until its deadline. Every end is an `Exchange`, told exactly once to
 * `done`.
 */
export function exchange(route: Route, given: Try, done: (end: Exchange) => void): void {
  const running = new Running(route, given, done);
  if (given.onNewConnection) route.connections.takeNew(running);
  else route.connections.take(running);
}

/** undici's handler of one request. Its older form is used: it hands over heads as they came, of which we read four lines. */
class Running implements Waiting, Dispatcher.DispatchHandler {
  readonly #route: Route;
  readonly #given: Try;
  readonly #done: (end: Exchange) => void;
  readonly #timer: NodeJS.Timeout;
  #connection: Connection | undefined;
  #sentAt: number | undefined;
  #firstByteAt: number | undefined;
  #head: Head | undefined;
  #chunks: Buffer[] | undefined;
  #bytes = 0;
  #reused = false;
  #isOver = false;

  constructor(route: Route, given: Try, done: (end: Exchange) => void) {
    this.#route = route;
    this.#given = given;
    this.#done = done;
    this.#timer = setTimeout(timeOut, Math.max(0, given.deadlineMs - wallClock()), this);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  begin(connection: Connection): void {
    this.#connection = connection;
    connection.send(optionsOf(this.#route, this.#given), this);
  }

  /** Called when the request is about to be written, on a connection that stands. */
  onConnect(): void {
    if (this.#sentAt !== undefined) throw new Error("the HTTP client sent the request a second time by itself");
    this.#sentAt = wallClock();
    this.#reused = this.#connection?.nextIsReuse() ?? false;
  }

  onResponseStarted(): void {
    this.#firstByteAt ??= wallClock();
  }

  onHeaders(status: number, raw: Buffer[]): boolean {
    // "103 Early Hints" and the like precede the answer (RFC 9110, section 15.2).
    if (status < 200 || this.#isOver) return true;
    this.#head = readHead(status, this.#route.spec.method, raw, this.#route.versionHeader);
    if (this.#route.versionField !== undefined && this.#head.version === undefined) this.#chunks = [];
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes <= LONGEST_BODY_READ) this.#chunks?.push(chunk);
    return true;
  }

  onComplete(): void {
    const head = this.#head;
    if (this.#isOver || head === undefined) return;
    if (!head.isFramed) return this.#lose(UNFRAMED);
    const { status, version = versionIn(this.#chunks, this.#route.versionField) } = head;
    const loss = status >= 500 && head.isBalancers ? balancersOwn(status) : undefined;
    this.#finish(true, { loss, status, version });
  }

  onError(error: Error): void {
    if (this.#isOver) return;
    const progress = { hasBegun: this.#firstByteAt !== undefined, status: this.#head?.status, bytes: this.#bytes };
    this.#lose(lossOf(error, progress));
  }

  timeOut(): void {
    this.#lose({ kind: "timedOut", code: "ETIMEDOUT", detail: phase(this.#sentAt, this.#firstByteAt) });
    if (this.#connection === undefined) this.#route.connections.forgetWaiting();
  }

  #lose(loss: Loss): void {
    this.#finish(false, { loss, version: "" });
  }

  /** @param inOrder whether the connection can carry another request */
  #finish(inOrder: boolean, end: Pick<Exchange, "loss" | "status" | "version">): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    const endedAt = wallClock();
    const connection = this.#connection;
    if (connection !== undefined) {
      if (inOrder && !connection.isStillSending) this.#route.connections.release(connection);
      else this.#route.connections.drop(connection);
    }
    this.#done({
      loss: end.loss,
      status: end.status,
      version: end.version,
      setCookie: this.#head?.setCookie ?? [],
      sentAt: this.#sentAt,
      firstByteAt: this.#firstByteAt,
      endedAt,
      bytes: this.#bytes,
      reusedConnection: this.#reused,
    });
  }
}

const UNFRAMED: Loss = {
  kind: "cutShort",
  code: "unframed",
  detail: "the answer has neither content-length nor chunks: its end cannot be told from a cut",
};

function balancersOwn(status: number): Loss {
  return { kind: "balancerError", code: `HTTP ${status}`, detail: "answered by the load balancer" };
}

function timeOut(running: Running): void {
  running.timeOut();
}

function optionsOf({ options, body, spec }: Route, { cookie, onNewConnection }: Try): Dispatcher.DispatchOptions {
  const isSlow = body !== undefined && spec.bodySeconds > 0;
  if (cookie === undefined && !onNewConnection && !isSlow) return options;
  const headers = [...(options.headers as string[])];
  if (cookie !== undefined) headers.push("cookie", cookie);
  if (!isSlow) return { ...options, headers, reset: onNewConnection ?? false };
  headers.push("content-length", String(body.length));
  return { ...options, headers, body: new SlowUpload(body, spec.bodySeconds), reset: onNewConnection ?? false };
}

function versionIn(chunks: readonly Buffer[] | undefined, field: string | undefined): string {
  if (field === undefined || chunks === undefined || chunks.length === 0) return "";
  try {
    const value = (JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, unknown>)[field];
    return value === undefined || value === null ? "" : String(value);
  } catch {
    return ""; // no JSON: an answer without a version, counted as such
  }
}

function phase(sentAt: number | undefined, firstByteAt: number | undefined): string {
  if (sentAt === undefined) return "still waiting for a connection";
  return firstByteAt === undefined ? "sent, and no byte of an answer" : "the answer had begun";
}
