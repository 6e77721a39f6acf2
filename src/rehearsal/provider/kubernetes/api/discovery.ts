/** Which kinds the cluster serves, under which path: asked of the server, group version by group version, and kept until a CRD changes. */

import type { Connection } from "../../../kubernetesApi/connection.js";
import { isNotFound, NoSuchKindError } from "../../../kubernetesApi/errors.js";
import type { Values } from "../../protocol/values.js";
import { apiVersionOf, type Kind, nameOfKind } from "../model/types.js";

export interface Resource {
  /** As in paths: `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
}

export class Discovery {
  private readonly groups = new Map<string, Promise<ReadonlyMap<string, Resource>>>();

  constructor(private readonly connection: Connection) {}

  /** @throws NoSuchKindError */
  async resource(kind: Kind, signal?: AbortSignal): Promise<Resource> {
    const found = await this.find(kind, signal);
    if (!found) throw new NoSuchKindError(nameOfKind(kind));
    return found;
  }

  async find(kind: Kind, signal?: AbortSignal): Promise<Resource | undefined> {
    const key = apiVersionOf(kind);
    let group = this.groups.get(key);
    const known = (await group?.catch(() => undefined))?.get(kind.kind);
    if (known) return known;
    // A kind that was not there may have come since: a CRD that another resource, or another program, made.
    group = this.ask(kind, signal);
    this.groups.set(key, group);
    group.catch(() => this.groups.delete(key));
    return (await group).get(kind.kind);
  }

  forget(): void {
    this.groups.clear();
  }

  private async ask(kind: Kind, signal?: AbortSignal): Promise<ReadonlyMap<string, Resource>> {
    let list: Values;
    try {
      list = await this.connection.json({ method: "GET", path: groupPath(kind), ...(signal ? { signal } : {}) });
    } catch (error) {
      if (isNotFound(error)) return new Map();
      throw error;
    }
    const own = (list.resources ?? []).filter(({ name }: Values) => !String(name).includes("/"));
    return new Map(
      own.map(({ name, kind, namespaced }: Values) => [kind, { plural: name, namespaced: namespaced === true }]),
    );
  }
}

export function groupPath(kind: Kind): string {
  return kind.group === "" ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
}
