import { readFileSync } from "node:fs";
import { Agent, request } from "undici";

const CALL_DEADLINE_MS = 10_000;

/** A cluster's API server refused a call, or did not answer. */
export class ClusterApiError extends Error {
  constructor(
    message: string,
    /** HTTP status; absent when there was no answer. */
    readonly status?: number,
  ) {
    super(message);
  }
}

/** The few calls to the API server that starting a cluster needs. */
export class ClusterApi {
  readonly #agent: Agent;
  readonly #token: string;

  constructor(
    readonly server: string,
    authority: string,
    kubeconfigFile: string,
  ) {
    this.#agent = new Agent({ connect: { ca: authority } });
    this.#token = (
      JSON.parse(readFileSync(kubeconfigFile, "utf8")) as { users: [{ user: { token: string } }] }
    ).users[0].user.token;
  }

  async get<T>(path: string): Promise<T> {
    return JSON.parse(await this.#call("GET", path)) as T;
  }

  /** `ok` or what is not ready yet. */
  readiness(): Promise<string> {
    return this.#call("GET", "/readyz");
  }

  /** Creates an object, or changes it to what is given (server-side apply). */
  async apply(path: string, object: object): Promise<void> {
    await this.#call("PATCH", `${path}?fieldManager=hitless-cluster&force=true`, object);
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #call(method: "GET" | "PATCH", path: string, body?: object): Promise<string> {
    const answer = await request(`${this.server}${path}`, {
      method,
      dispatcher: this.#agent,
      headers: {
        authorization: `Bearer ${this.#token}`,
        accept: "application/json",
        ...(body && { "content-type": "application/apply-patch+yaml" }),
      },
      signal: AbortSignal.timeout(CALL_DEADLINE_MS),
      ...(body && { body: JSON.stringify(body) }),
    }).catch((error: Error) => {
      throw new ClusterApiError(`${method} ${path}: ${error.message}`);
    });
    const text = await answer.body.text();
    if (answer.statusCode < 300) return text;
    throw new ClusterApiError(
      `${method} ${path} answered ${answer.statusCode}: ${text.slice(0, 500)}`,
      answer.statusCode,
    );
  }
}
