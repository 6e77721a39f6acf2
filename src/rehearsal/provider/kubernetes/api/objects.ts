/** Objects of the cluster, of whatever kind. */

import type { Connection } from "../../../kubernetesApi/connection.js";
import { isNoSuchKind, isNotFound } from "../../../kubernetesApi/errors.js";
import type { Values } from "../../protocol/values.js";
import { type Kind, kindOfObject } from "../model/types.js";
import { Discovery, groupPath } from "./discovery.js";

/** Which object. */
export interface Ref {
  readonly kind: Kind;
  readonly name: string;
  /** Ignored for kinds without namespaces. @default default */
  readonly namespace?: string;
}

export interface Apply {
  readonly fieldManager: string;
  /** Takes fields over from other managers. */
  readonly force: boolean;
  /** The server computes the result and keeps nothing. */
  readonly dryRun?: boolean;
}

export const DEFAULT_NAMESPACE = "default";

/** One call's view of the cluster: everything in it ends with the call's signal. */
export class Objects {
  constructor(
    private readonly connection: Connection,
    readonly discovery: Discovery = new Discovery(connection),
    private readonly signal?: AbortSignal,
  ) {}

  until(signal: AbortSignal): Objects {
    return new Objects(this.connection, this.discovery, signal);
  }

  /** `undefined` where there is none, or no such kind. */
  async find(ref: Ref): Promise<Values | undefined> {
    try {
      return await this.get(ref);
    } catch (error) {
      if (isNotFound(error) || isNoSuchKind(error)) return undefined;
      throw error;
    }
  }

  async get(ref: Ref): Promise<Values> {
    return await this.ask({ method: "GET", path: await this.path(ref) });
  }

  async list(
    kind: Kind,
    namespace: string,
    query: { labelSelector?: string; fieldSelector?: string },
  ): Promise<Values[]> {
    const list = await this.ask({ method: "GET", path: await this.collection(kind, namespace), query });
    return (list.items ?? []) as Values[];
  }

  /** Server-side apply (https://kubernetes.io/docs/reference/using-api/server-side-apply/). */
  async apply(object: Values, options: Apply): Promise<Values> {
    return await this.ask({
      method: "PATCH",
      path: await this.path(refOf(object)),
      contentType: "application/apply-patch+yaml",
      query: {
        fieldManager: options.fieldManager,
        force: String(options.force),
        // As the real provider asks: an unknown field is a warning of the server, not a refusal, where its schema allows that.
        fieldValidation: "Warn",
        dryRun: options.dryRun ? "All" : undefined,
      },
      // JSON is YAML.
      body: object,
    });
  }

  async jsonPatch(ref: Ref, patch: readonly Values[]): Promise<Values> {
    const path = await this.path(ref);
    return await this.ask({ method: "PATCH", path, contentType: "application/json-patch+json", body: patch });
  }

  async replace(object: Values, options: { fieldManager: string; dryRun?: boolean }): Promise<Values> {
    const path = await this.path(refOf(object));
    const query = { fieldManager: options.fieldManager, dryRun: options.dryRun ? "All" : undefined };
    return await this.ask({ method: "PUT", path, query, body: object });
  }

  /** Asks for the deletion; it may last. */
  async delete(ref: Ref, propagationPolicy: string): Promise<void> {
    const body = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy };
    await this.ask({ method: "DELETE", path: await this.path(ref), body });
  }

  /** The last lines of a container; of the run before this one where `previous`. */
  async logs(namespace: string, pod: string, container: string, lines: number, previous: boolean): Promise<string> {
    return await this.connection.text({
      method: "GET",
      path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`,
      query: { container, tailLines: String(lines), previous: previous ? "true" : undefined },
      ...this.ending,
    });
  }

  /** Proves that the server answers, and who it is. */
  async version(): Promise<Values> {
    return await this.ask({ method: "GET", path: "/version" });
  }

  private get ending(): { signal?: AbortSignal } {
    return this.signal ? { signal: this.signal } : {};
  }

  private ask(request: Parameters<Connection["json"]>[0]): Promise<Values> {
    return this.connection.json({ ...request, ...this.ending });
  }

  private async path(ref: Ref): Promise<string> {
    return `${await this.collection(ref.kind, ref.namespace)}/${encodeURIComponent(ref.name)}`;
  }

  private async collection(kind: Kind, namespace = DEFAULT_NAMESPACE): Promise<string> {
    const { plural, namespaced } = await this.discovery.resource(kind, this.signal);
    const within = namespaced ? `/namespaces/${encodeURIComponent(namespace || DEFAULT_NAMESPACE)}` : "";
    return `${groupPath(kind)}${within}/${plural}`;
  }
}

/** The reference to an object as it names itself. */
export function refOf(object: Values): Ref {
  const kind = kindOfObject(object);
  const { name, namespace } = object.metadata ?? {};
  if (!kind) throw new Error(`an object without apiVersion or kind: ${JSON.stringify(object).slice(0, 200)}`);
  return { kind, name: String(name), ...(namespace ? { namespace } : {}) };
}
