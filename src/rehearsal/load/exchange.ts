import type http from "node:http";
import type { Socket } from "node:net";
import type { LossKind, RequestSpec } from "./model.js";
import { wallClock } from "./wallClock.js";

/** Where one try goes, prepared once per kind of request. */
export interface Route {
  readonly spec: RequestSpec;
  readonly options: http.RequestOptions;
  readonly body?: Buffer;
  readonly versionHeader?: string;
  readonly versionField?: string;
}

/** How one try on one connection ended. Times are wall clock milliseconds. */
export interface Exchange {
  readonly loss?: { readonly kind: LossKind; readonly code: string; readonly detail: string };
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

/** The balancer's own answers carry this (ALB guide, troubleshooting: errors that the load balancer generates). */
const BALANCER = /^awselb\//;
const LONGEST_BODY_READ = 64 * 1024;

type Send = (options: http.RequestOptions, done: (response: http.IncomingMessage) => void) => http.ClientRequest;

/** Sends one request and follows it to its end, at the latest until `deadlineMs`. Never throws: every end is an `Exchange`. */
export function exchange(send: Send, agent: http.Agent, route: Route, deadlineMs: number): Promise<Exchange> {
  return new Promise((resolve) => {
    let sentAt: number | undefined;
    let firstByteAt: number | undefined;
    let reusedConnection = false;
    let bytes = 0;
    let settled = false;
    let response: http.IncomingMessage | undefined;

    const settle = (end: Pick<Exchange, "loss" | "status"> & { version?: string }): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      // A complete answer leaves its connection in order, also when it is the balancer's own error.
      if (end.status === undefined) request.destroy();
      const setCookie = response?.headers["set-cookie"] ?? [];
      resolve({ version: "", ...end, setCookie, sentAt, firstByteAt, endedAt: wallClock(), bytes, reusedConnection });
    };
    const lose = (kind: LossKind, code: string, detail: string): void => settle({ loss: { kind, code, detail } });

    const request = send({ ...route.options, agent }, (answer) => {
      response = answer;
      firstByteAt = wallClock();
      receive(answer, route, (count) => (bytes += count), lose, settle);
    });
    const timer = setTimeout(
      () => lose("timedOut", "ETIMEDOUT", phase(sentAt, firstByteAt)),
      Math.max(0, deadlineMs - wallClock()),
    );
    request.on("socket", (socket: Socket) => {
      reusedConnection = request.reusedSocket;
      const onSent = (): void => {
        sentAt ??= wallClock();
      };
      if (socket.connecting) socket.once("connect", onSent);
      else onSent();
    });
    request.on("error", (error: NodeJS.ErrnoException) => {
      const code = error.code ?? "unknown";
      // Once an answer has begun, its own end tells more: it may still arrive whole after the upload was turned away.
      if (response !== undefined && !response.destroyed) return;
      lose(response === undefined ? kindOf(code) : "cutShort", code, error.message);
    });
    sendBody(request, route);
  });
}

function receive(
  answer: http.IncomingMessage,
  route: Route,
  count: (bytes: number) => void,
  lose: (kind: LossKind, code: string, detail: string) => void,
  settle: (end: { status: number; version: string; loss?: Exchange["loss"] }) => void,
): void {
  const status = answer.statusCode ?? 0;
  const header = route.versionHeader === undefined ? undefined : answer.headers[route.versionHeader];
  const chunks: Buffer[] = [];
  let read = 0;
  answer.on("data", (chunk: Buffer) => {
    count(chunk.length);
    read += chunk.length;
    if (route.versionField !== undefined && header === undefined && read <= LONGEST_BODY_READ) chunks.push(chunk);
  });
  const cut = (code: string): void =>
    lose("cutShort", code, `the answer (${status}) ended after ${read} bytes of its body`);
  answer.on("error", (error: NodeJS.ErrnoException) => cut(error.code ?? "unknown"));
  answer.on("close", () => {
    if (!answer.complete) cut("ECONNRESET");
  });
  answer.on("end", () => {
    if (!answer.complete) return cut("ECONNRESET");
    if (!isFramed(answer, route.spec.method)) {
      return lose(
        "cutShort",
        "unframed",
        "the answer has neither content-length nor chunks: its end cannot be told from a cut",
      );
    }
    const version = header === undefined ? versionIn(chunks, route.versionField) : String(header);
    if (status >= 500 && BALANCER.test(String(answer.headers.server ?? ""))) {
      const loss = { kind: "balancerError", code: `HTTP ${status}`, detail: "answered by the load balancer" } as const;
      return settle({ status, version, loss });
    }
    settle({ status, version });
  });
}

/** Whether the message itself tells where it ends (RFC 9112, section 6.3). */
function isFramed(answer: http.IncomingMessage, method: string): boolean {
  const status = answer.statusCode ?? 0;
  if (method === "HEAD" || status === 204 || status === 304) return true;
  return answer.headers["content-length"] !== undefined || answer.headers["transfer-encoding"] !== undefined;
}

function versionIn(chunks: readonly Buffer[], field: string | undefined): string {
  if (field === undefined || chunks.length === 0) return "";
  try {
    const value = (JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, unknown>)[field];
    return value === undefined || value === null ? "" : String(value);
  } catch {
    return ""; // no JSON: an answer without a version, counted as such
  }
}

function kindOf(code: string): LossKind {
  if (code === "ECONNREFUSED") return "refused";
  if (code === "ECONNRESET" || code === "EPIPE" || code === "ECONNABORTED") return "reset";
  if (code === "ETIMEDOUT") return "timedOut";
  return code.startsWith("HPE_") ? "malformed" : "other";
}

function phase(sentAt: number | undefined, firstByteAt: number | undefined): string {
  if (sentAt === undefined) return "still waiting for a connection";
  return firstByteAt === undefined ? "sent, and no byte of an answer" : "the answer had begun";
}

/** A slow client's upload arrives in pieces, ten a second. */
function sendBody(request: http.ClientRequest, { body, spec }: Route): void {
  if (body === undefined || spec.bodySeconds <= 0) return void request.end(body);
  const pieces = Math.max(1, Math.ceil(spec.bodySeconds * 10));
  const size = Math.ceil(body.length / pieces);
  let offset = 0;
  const timer = setInterval(() => {
    const piece = body.subarray(offset, offset + size);
    offset += size;
    if (offset < body.length) return void request.write(piece);
    clearInterval(timer);
    request.end(piece);
  }, 100);
  request.once("close", () => clearInterval(timer));
}
