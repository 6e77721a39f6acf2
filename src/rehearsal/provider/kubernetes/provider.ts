/** One configured provider, without the wire. It keeps nothing between calls but its configuration and what the cluster serves. */
import type { Values } from "../protocol/values.js";
import type { Cluster } from "./config/cluster.js";
import type { KubernetesConfig } from "./config/config.js";
import { diffObjects, type ObjectDiff } from "./diff/diff.js";
import { readCheckpoint } from "./model/checkpoint.js";
import { fromApi } from "./model/dashes.js";
import { reveal } from "./model/secrets.js";
import { isPatch, typeOf } from "./model/types.js";
import { type Checked, type CheckRequest, check, objectOf } from "./operations/check.js";
import { type Context, objectsOf, placeOf, type Surroundings } from "./operations/context.js";
import { create, previewCreate } from "./operations/create.js";
import { invoke } from "./operations/invoke.js";
import { fieldManagerOf } from "./operations/ownership.js";
import { type ReadRequest, read } from "./operations/read.js";
import { wantsReplacement } from "./operations/readiness.js";
import { remove } from "./operations/remove.js";
import { previewUpdate, type UpdateRequest, update } from "./operations/update.js";

export class KubernetesProvider {
  /** @param speed how much shorter than in reality it is waited for stragglers */
  constructor(
    readonly config: KubernetesConfig,
    private readonly cluster: Cluster,
    private readonly speed: number,
  ) {}

  check(request: CheckRequest, around: Surroundings): Promise<Checked> {
    return check(this.context(around), request);
  }

  async diff(request: UpdateRequest, around: Surroundings): Promise<ObjectDiff> {
    const context = this.context(around);
    const { urn, olds, ignored } = request;
    const known = readCheckpoint(olds);
    const news = reveal(request.news);
    const { kind, namespaced } = await placeOf(context, urn, news);
    return await diffObjects({
      kind,
      patch: isPatch(typeOf(urn), news),
      namespaced,
      oldInputs: known.inputs,
      live: known.live,
      news,
      ignored,
      mutability: this.config,
      unready: await wantsReplacement(context, news, known.live),
      dryRun: async (inputs) => {
        if (this.cluster.unreachable !== undefined) return undefined;
        const object = objectOf(inputs);
        const how = { fieldManager: fieldManagerOf(object, known.fieldManager), force: true, dryRun: true };
        // Refused, or not to be asked: everything that differs is told, and the update tells why it is refused.
        return await objectsOf(context)
          .apply(object, how)
          .then(fromApi, () => undefined);
      },
    });
  }

  previewCreate(urn: string, inputs: Values, around: Surroundings): Promise<Values> {
    return previewCreate(this.context(around), urn, inputs);
  }

  create(urn: string, inputs: Values, around: Surroundings): Promise<{ id: string; state: Values }> {
    return create(this.context(around), urn, inputs);
  }

  read(request: ReadRequest, around: Surroundings): Promise<{ state: Values; inputs: Values } | undefined> {
    return read(this.context(around), request);
  }

  previewUpdate(request: UpdateRequest, around: Surroundings): Promise<Values> {
    return previewUpdate(this.context(around), request);
  }

  update(request: UpdateRequest, around: Surroundings): Promise<Values> {
    return update(this.context(around), request);
  }

  delete(urn: string, id: string, state: Values, around: Surroundings): Promise<void> {
    return remove(this.context(around), urn, id, state);
  }

  invoke(token: string, given: Values, around: Surroundings): Promise<Values> {
    return invoke(this.context(around), token, given);
  }

  private context(around: Surroundings): Context {
    return { ...around, config: this.config, cluster: this.cluster, speed: this.speed };
  }
}
