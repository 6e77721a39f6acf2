import * as http from "node:http";
import * as https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { refusal } from "../../errors/faults.js";
import type { KubeTransport } from "./transport.js";

/** A call of the Kubernetes API. */
export interface KubeCall {
  readonly method?: "GET" | "PATCH" | "POST" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** What the API server says of a call that failed (Kubernetes API, "Status"). */
export interface KubeStatus {
  readonly code: number;
  readonly reason?: string;
  readonly message: string;
}

/** Server-side apply (Kubernetes API): JSON is YAML. */
export const APPLY = "application/apply-patch+yaml";
export const MERGE_PATCH = "application/merge-patch+json";
export const JSON_PATCH = "application/json-patch+json";

/** One attempt; calls that gates make are answered in milliseconds. */
const ATTEMPT_MS = 15_000;
/** Over all attempts: longer than a control plane takes to fail over, and short enough to be told. */
const CALL_MS = 45_000;
const WAIT_MS = 500;
/** Credentials are asked for anew after so long: tokens of cloud clusters live for a quarter of an hour. */
const CREDENTIALS_MS = 60_000;

/** Answers that another attempt may change: too many requests, and an API server that is starting or going. */
const PASSING: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

interface Answer {
  readonly code: number;
  readonly text: string;
}

/**
 * The Kubernetes API for gates: objects go in and come out as they are (the client library's own classes would drop what they do not
 * know). A call ends within its deadline, with an answer or with an error that names it.
 */
export class KubeApi {
  #options: { readonly at: number; readonly value: Promise<https.RequestOptions> } | undefined;
  readonly #agents: { readonly [protocol: string]: http.Agent } = {
    "http:": new http.Agent({ keepAlive: true }),
    "https:": new https.Agent({ keepAlive: true }),
  };
  #transport: Promise<KubeTransport> | undefined;

  constructor(
    /** Whom messages are about. */
    readonly subject: string,
    private readonly connect: () => Promise<KubeTransport>,
  ) {}

  /** The object at a path; undefined when it is not there. */
  async get<T>(path: string, query?: KubeCall["query"]): Promise<T | undefined> {
    const answer = await this.call({ path, ...(query ? { query } : {}) }, 404);
    return typeof answer === "number" ? undefined : (answer as T);
  }

  /** The objects of a list. */
  async list<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<readonly T[]> {
    const items: T[] = [];
    let next: string | undefined;
    do {
      const page = next === undefined ? query : { ...query, continue: next };
      const answer = (await this.call({ path, query: page })) as {
        readonly items?: readonly T[];
        readonly metadata?: { readonly continue?: string };
      };
      items.push(...(answer.items ?? []));
      next = answer.metadata?.continue || undefined;
    } while (next !== undefined);
    return items;
  }

  /** Calls; an expected code comes back as a number, any other failure becomes an error of ours. */
  async call(call: KubeCall, ...expected: number[]): Promise<unknown> {
    const answer = await this.#send(call);
    if (answer.code >= 200 && answer.code < 300) return answer.text === "" ? {} : JSON.parse(answer.text);
    if (expected.includes(answer.code)) return answer.code;
    throw this.refused(call, statusOf(answer));
  }

  /** As `call`, with the status of an answer that was not expected instead of an error: for those who can tell more. */
  async attempt(call: KubeCall): Promise<{ readonly object: unknown } | { readonly status: KubeStatus }> {
    const answer = await this.#send(call);
    if (answer.code >= 200 && answer.code < 300) return { object: answer.text === "" ? {} : JSON.parse(answer.text) };
    return { status: statusOf(answer) };
  }

  /** A text, such as a log; undefined where the API server has none. */
  async text(path: string, query: Readonly<Record<string, string>>): Promise<string | undefined> {
    const answer = await this.#send({ path, query });
    return answer.code >= 200 && answer.code < 300 ? answer.text : undefined;
  }

  refused(call: KubeCall, status: KubeStatus) {
    const what = `${call.method ?? "GET"} ${call.path}`;
    const forbidden = status.code === 401 || status.code === 403;
    return refusal(this.subject, {
      code: "HIT383",
      problem: `${what} failed: ${status.code}${status.reason ? ` ${status.reason}` : ""}: ${status.message}`,
      fix: forbidden
        ? "give the user of the Kubernetes provider's kubeconfig the right to do this, then run `pulumi up` again"
        : "see to the cluster and to the Kubernetes provider's kubeconfig and context, then run `pulumi up` again",
    });
  }

  async #send(call: KubeCall): Promise<Answer> {
    const deadline = performance.now() + CALL_MS;
    for (let attempt = 0; ; attempt += 1) {
      const wait = WAIT_MS * 2 ** Math.min(attempt, 4);
      const last = performance.now() + wait >= deadline;
      try {
        const answer = await this.#once(call);
        if (!PASSING.has(answer.code) || last) return answer;
      } catch (error) {
        if (last || !isPassing(error)) throw this.#unreachable(call, error, attempt + 1);
      }
      await sleep(wait);
    }
  }

  async #once(call: KubeCall): Promise<Answer> {
    this.#transport ??= this.connect();
    const transport = await this.#transport;
    if (this.#options === undefined || performance.now() - this.#options.at > CREDENTIALS_MS) {
      this.#options = { at: performance.now(), value: transport.options() };
    }
    const options = await this.#options.value;
    const { server } = transport;
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const query = call.query ? `?${new URLSearchParams(call.query)}` : "";
    const url = new URL(`${server.pathname.replace(/\/$/, "")}${call.path}${query}`, server);
    const { request } = server.protocol === "http:" ? http : https;
    return new Promise((resolve, reject) => {
      const sent = request(
        url,
        {
          agent: this.#agents[server.protocol],
          ...withoutAgent(options),
          method: call.method ?? "GET",
          timeout: ATTEMPT_MS,
          headers: {
            ...(options.headers as http.OutgoingHttpHeaders | undefined),
            accept: "application/json, */*",
            "user-agent": "hitless",
            ...(body !== undefined
              ? { "content-type": call.contentType ?? "application/json", "content-length": Buffer.byteLength(body) }
              : {}),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () =>
            resolve({ code: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
          );
          response.on("error", reject);
        },
      );
      sent.on("timeout", () =>
        sent.destroy(Object.assign(new Error(`no answer within ${ATTEMPT_MS / 1000} s`), { code: "ETIMEDOUT" })),
      );
      sent.on("error", reject);
      sent.end(body);
    });
  }

  #unreachable(call: KubeCall, error: unknown, attempts: number) {
    const text = error instanceof Error ? error.message || String((error as { code?: string }).code) : String(error);
    return refusal(
      this.subject,
      {
        code: "HIT383",
        problem: `${call.method ?? "GET"} ${call.path} failed: ${text}${attempts > 1 ? ` (after ${attempts} attempts)` : ""}.`,
        fix: "see to the cluster and to the Kubernetes provider's kubeconfig and context, then run `pulumi up` again",
      },
      { cause: error },
    );
  }
}

/** A proxy has its own agent; otherwise connections are kept by ours. */
function withoutAgent(options: https.RequestOptions): https.RequestOptions {
  const { agent, headers: _, ...rest } = options;
  const isProxy = agent !== undefined && agent !== null && typeof agent === "object" && "proxy" in agent;
  return isProxy ? { ...rest, agent } : rest;
}

/** Errors of connections, as they come from an API server that is starting or going; a certificate that is not trusted stays so. */
function isPassing(error: unknown): boolean {
  const { code } = error as { readonly code?: string };
  return code !== undefined && /^(ECONN|ETIMEDOUT|EPIPE|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/.test(code);
}

function statusOf({ code, text }: Answer): KubeStatus {
  try {
    const { reason, message } = JSON.parse(text) as { readonly reason?: string; readonly message?: string };
    return { code, message: message ?? text, ...(reason !== undefined ? { reason } : {}) };
  } catch {
    return { code, message: text.trim().slice(0, 500) }; // an answer of something in between, such as a proxy
  }
}
