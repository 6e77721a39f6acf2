/** Requests to one API server: JSON in, JSON out, with deadlines. */
import { setTimeout as sleep } from "node:timers/promises";
import { Agent } from "undici";
import { Credentials } from "./credentials.js";
import { ApiError, UnreachableError } from "./errors.js";
import type { Json } from "./json.js";
import type { ClusterAccess } from "./kubeconfig.js";

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** @default application/json */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

export interface ConnectionOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Longest time for one request. @default 30 */
  readonly timeoutSeconds?: number;
}

/** A connection that is not made by then is not made at all. */
const CONNECT_TIMEOUT_MS = 10_000;
/** "Too many requests" (API priority and fairness) and a server that is just starting pass: tried again so often. */
const RETRIES = 4;
const PAUSE_MS = 100;

/** Nobody listens there, or no longer. */
const REFUSED =
  /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|ECONNRESET|UND_ERR_SOCKET|UND_ERR_CONNECT_TIMEOUT|EAI_AGAIN/;

export class Connection {
  private readonly credentials: Credentials;
  private readonly timeoutMs: number;
  private agent?: Agent;

  constructor(
    readonly access: ClusterAccess,
    options: ConnectionOptions,
  ) {
    this.credentials = new Credentials(access, options.environment);
    this.timeoutMs = (options.timeoutSeconds ?? 30) * 1000;
  }

  /** The answer's object. @throws ApiError, UnreachableError, or the signal's reason */
  async json(request: ApiRequest): Promise<Json> {
    return JSON.parse((await this.text(request)) || "{}") as Json;
  }

  /** The answer's text: for logs of containers. */
  async text(request: ApiRequest): Promise<string> {
    for (let attempt = 0; ; attempt++) {
      request.signal?.throwIfAborted();
      const { answer, again } = await this.once(request);
      if (answer !== undefined) return answer;
      if (attempt >= RETRIES || !again.worthIt) throw again.error;
      const wait = again.afterMs ?? PAUSE_MS * 2 ** attempt;
      await sleep(wait, undefined, request.signal ? { signal: request.signal } : {}).catch((error: unknown) => {
        throw request.signal?.aborted ? request.signal.reason : error;
      });
    }
  }

  async close(): Promise<void> {
    await this.agent?.destroy();
  }

  private async once(
    request: ApiRequest,
  ): Promise<{ answer: string; again?: undefined } | { answer?: undefined; again: Again }> {
    const what = `${request.method} ${request.path}`;
    const signals = [AbortSignal.timeout(this.timeoutMs), ...(request.signal ? [request.signal] : [])];
    try {
      this.agent ??= new Agent({
        connect: { ...(await this.credentials.tls()), timeout: CONNECT_TIMEOUT_MS },
        headersTimeout: this.timeoutMs,
        bodyTimeout: this.timeoutMs,
      });
      const query = Object.fromEntries(
        Object.entries(request.query ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined),
      );
      const response = await this.agent.request({
        origin: new URL(this.access.server).origin,
        path: new URL(this.access.server).pathname.replace(/\/$/, "") + request.path,
        method: request.method,
        query,
        headers: {
          accept: "application/json, */*",
          "user-agent": "hitless-rehearsal",
          ...(request.body === undefined ? {} : { "content-type": request.contentType ?? "application/json" }),
          ...(await this.credentials.headers()),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        signal: AbortSignal.any(signals),
      });
      const text = await response.body.text();
      if (response.statusCode < 300) return { answer: text };
      const error = new ApiError(response.statusCode, what, jsonOr(text));
      const retryAfter = Number(response.headers["retry-after"]);
      const afterMs = Number.isFinite(retryAfter) ? { afterMs: Math.min(retryAfter, 10) * 1000 } : {};
      const worthIt = response.statusCode === 429 || (response.statusCode === 503 && request.method === "GET");
      return { again: { error, worthIt, ...afterMs } };
    } catch (cause) {
      request.signal?.throwIfAborted();
      const refused = refusal(cause);
      if (refused === undefined) throw cause;
      return { again: { error: this.unreachable(refused, cause), worthIt: /ECONNREFUSED|ECONNRESET/.test(refused) } };
    }
  }

  private unreachable(why: string, cause: unknown): UnreachableError {
    return new UnreachableError(
      `the Kubernetes API server at ${this.access.server} (${this.access.origin}) cannot be reached: ${why}. ` +
        "Fix: start the cluster, or correct the kubeconfig",
      { cause },
    );
  }
}

interface Again {
  readonly error: Error;
  readonly worthIt: boolean;
  readonly afterMs?: number;
}

/** Why there was no answer; `undefined` for any other error. */
function refusal(cause: unknown): string | undefined {
  const { code, name, message, errors } = cause as {
    code?: unknown;
    name?: string;
    message?: string;
    errors?: unknown[];
  };
  if (errors?.[0]) return refusal(errors[0]);
  if (name === "TimeoutError" || /^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(String(code)))
    return "it did not answer in time";
  if (REFUSED.test(String(code))) return `${code}`;
  // Node's TLS errors: the wrong authority, an expired or unknown certificate.
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/.test(String(code))) return `${message} (${code})`;
  return undefined;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page or a plain line: shown as it is.
    return text;
  }
}
