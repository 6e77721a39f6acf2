import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { ApiError, type KubeClient, type WatchEvent } from "./kubeClient.js";
import { type KubeObject, keyOf } from "./kubeObjects.js";

/** Real milliseconds before a broken watch is begun anew. */
const PAUSE_MS = 250;

/** All objects of one kind, as they are now: listed once, then kept up to date by what the API server tells. */
export class Watched<T extends KubeObject> {
  /** "changed": an object came, changed or went. */
  readonly events = new EventEmitter<{ changed: [object: T, gone: boolean] }>();
  readonly #objects = new Map<string, T>();
  readonly #stop = new AbortController();
  #following: Promise<void> | undefined;

  /** @param path of the collection in all namespaces */
  constructor(
    private readonly client: KubeClient,
    private readonly path: string,
    private readonly log: Logger,
  ) {}

  /** Resolves when all objects that are there are known. */
  async start(): Promise<void> {
    const version = await this.#list();
    this.#following = this.#follow(version);
  }

  all(): T[] {
    return [...this.#objects.values()];
  }

  in(namespace: string | undefined): T[] {
    return this.all().filter(({ metadata }) => metadata.namespace === namespace);
  }

  /** @param key `NAMESPACE/NAME` */
  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#following;
    this.events.removeAllListeners();
  }

  async #list(): Promise<string> {
    const { items, metadata } = await this.client.get<{ items: T[]; metadata: { resourceVersion: string } }>(this.path);
    const listed = new Set(items.map(keyOf));
    for (const [key, object] of this.#objects) if (!listed.has(key)) this.#take(object, true);
    for (const object of items) {
      const known = this.#objects.get(keyOf(object));
      if (known?.metadata.resourceVersion !== object.metadata.resourceVersion) this.#take(object, false);
    }
    return metadata.resourceVersion;
  }

  async #follow(from: string): Promise<void> {
    let version: string | undefined = from;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        version ??= await this.#list();
        await this.client.watch(this.path, version, signal, (event) => {
          version = this.#hear(event);
        });
      } catch (error) {
        if (signal.aborted) return;
        // What was missed meanwhile is unknown: everything is listed anew.
        version = undefined;
        if (!(error instanceof ApiError && error.code === 410))
          this.log.warn({ err: error, path: this.path }, "watching the cluster was interrupted; it is begun anew");
        await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** @returns the resource version to go on from */
  #hear({ type, object }: WatchEvent): string {
    if (type === "ERROR") throw new ApiError(Number(object.code ?? 500), `watch ${this.path}`, object);
    if (type !== "BOOKMARK") this.#take(object as T, type === "DELETED");
    return object.metadata.resourceVersion as string;
  }

  #take(object: T, gone: boolean): void {
    if (gone) this.#objects.delete(keyOf(object));
    else this.#objects.set(keyOf(object), object);
    this.events.emit("changed", object, gone);
  }
}
