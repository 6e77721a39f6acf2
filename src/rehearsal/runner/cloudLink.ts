import type { CloudFaults, CloudSnapshot, CloudStatus } from "../cloud/snapshot.js";

const DEADLINE_MS = 10_000;

/** Speaks to a local cloud's own API. */
export class CloudLink {
  /** @param url such as `http://127.0.0.1:4566`, without a slash at the end */
  constructor(readonly url: string) {}

  status(): Promise<CloudStatus> {
    return this.#call<CloudStatus>("GET", "status");
  }

  snapshot(): Promise<CloudSnapshot> {
    return this.#call<CloudSnapshot>("GET", "snapshot");
  }

  /** Certificates (PEM) that HTTPS clients of its load balancers are to trust. */
  async trust(): Promise<string> {
    return (await this.#request("GET", "trust")).text();
  }

  /** Replaces all faults; an empty object mends everything. */
  async setFaults(faults: CloudFaults): Promise<void> {
    await this.#call("PUT", "faults", faults);
  }

  /** An instance's console output. */
  async console(instanceId: string): Promise<string> {
    return (await this.#request("GET", `instances/${instanceId}/console`)).text();
  }

  /** Kills an instance at once, as a power failure does. */
  async powerFailure(instanceId: string): Promise<void> {
    await this.#call("POST", `instances/${instanceId}/power-failure`);
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return (await (await this.#request(method, path, body)).json()) as T;
  }

  async #request(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(`${this.url}/_hitless/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    if (!response.ok)
      throw new Error(`${method} ${response.url} answered ${response.status}: ${await response.text()}`);
    return response;
  }
}

/** The sentence in which a failed call is told: `fetch` hides the reason in `cause`, and its message may be empty there. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: NodeJS.ErrnoException };
  const reason = cause?.message || cause?.code;
  return reason === undefined ? message : `${message}: ${reason}`;
}
