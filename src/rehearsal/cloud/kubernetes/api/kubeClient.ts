import { createInterface } from "node:readline";
import { Agent } from "undici";
import { Connection } from "../../../kubernetesApi/connection.js";
import { Credentials } from "../../../kubernetesApi/credentials.js";
import { ApiError, isNotFound } from "../../../kubernetesApi/errors.js";
import { type ClusterAccess, readAccess } from "../../../kubernetesApi/kubeconfig.js";

export { ApiError, isNotFound };

/** What is sent with a change: which kind of patch it is. */
export type PatchKind = "merge-patch" | "strategic-merge-patch" | "apply-patch";

/** One change, as the API server tells it to whoever watches. */
export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: any;
}

/** The API server ends a watch after this time, and it is begun anew; our own deadline is a little later. */
const WATCH_SECONDS = 240;

/** The controllers' way to the API server. */
export class KubeClient {
  readonly #access: ClusterAccess;
  readonly #credentials: Credentials;
  readonly #connection: Connection;
  #watches: Agent | undefined;

  /** @param kubeconfig path of the file */
  constructor(kubeconfig: string, environment: NodeJS.ProcessEnv = process.env) {
    this.#access = readAccess({ kubeconfig }, environment);
    this.#credentials = new Credentials(this.#access, environment);
    this.#connection = new Connection(this.#access, { environment });
  }

  get server(): string {
    return this.#access.server;
  }

  async get<T>(path: string): Promise<T> {
    return (await this.#connection.json({ method: "GET", path })) as T;
  }

  async patch(path: string, kind: PatchKind, body: object): Promise<void> {
    const apply = kind === "apply-patch";
    await this.#connection.json({
      method: "PATCH",
      path,
      body,
      contentType: `application/${kind}+${apply ? "yaml" : "json"}`,
      query: { fieldManager: "hitless-controllers", force: apply ? "true" : undefined },
    });
  }

  async delete(path: string): Promise<void> {
    await this.#connection.json({ method: "DELETE", path });
  }

  /** Follows a collection from a resource version on; resolves when the server ends it in good order. */
  async watch(
    path: string,
    resourceVersion: string,
    signal: AbortSignal,
    onEvent: (event: WatchEvent) => void,
  ): Promise<void> {
    this.#watches ??= new Agent({ connect: await this.#credentials.tls() });
    const base = new URL(this.#access.server);
    const answer = await this.#watches.request({
      origin: base.origin,
      path: base.pathname.replace(/\/$/, "") + path,
      method: "GET",
      query: { watch: "true", resourceVersion, allowWatchBookmarks: "true", timeoutSeconds: String(WATCH_SECONDS) },
      headers: { accept: "application/json", ...(await this.#credentials.headers()) },
      bodyTimeout: (WATCH_SECONDS + 30) * 1000,
      signal,
    });
    if (answer.statusCode !== 200) throw new ApiError(answer.statusCode, `watch ${path}`, await answer.body.text());
    for await (const line of createInterface({ input: answer.body })) {
      if (line !== "") onEvent(JSON.parse(line) as WatchEvent);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#connection.close(), this.#watches?.destroy()]);
  }
}
