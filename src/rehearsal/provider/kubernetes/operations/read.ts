/** Read: refresh, import and `get`. */

import { explain, isNoSuchKind, isNotFound } from "../../../kubernetesApi/errors.js";
import { PartialFailure } from "../../protocol/partialFailure.js";
import type { Values } from "../../protocol/values.js";
import { unreadiness } from "../await/awaiter.js";
import { awaiterOf } from "../await/index.js";
import { checkpoint, readCheckpoint } from "../model/checkpoint.js";
import { fromApi } from "../model/dashes.js";
import { withoutReadOnly } from "../model/readOnly.js";
import { decoded } from "../model/secretData.js";
import { conceal, reveal } from "../model/secrets.js";
import { drop, prune } from "../model/tree.js";
import { isPatch, kindOf, nameOf, parseId, typeOf } from "../model/types.js";
import { type Context, objectsOf } from "./context.js";
import { unreachableAdvice } from "./failure.js";
import { fieldManagerOf } from "./ownership.js";
import { refusal } from "./refused.js";

export interface ReadRequest {
  readonly urn: string;
  readonly id: string;
  /** Both empty for an import. Secrets marked. */
  readonly state: Values;
  readonly inputs: Values;
}

/** `undefined` where the object is gone. */
export async function read(
  context: Context,
  request: ReadRequest,
): Promise<{ state: Values; inputs: Values } | undefined> {
  const { urn, id, state, inputs } = request;
  const refused = refusal(typeOf(urn));
  if (refused) throw new Error(refused);
  if (context.cluster.unreachable !== undefined) return withoutCluster(context, request);
  const known = readCheckpoint(state);
  const isImport = Object.keys(inputs).length === 0;
  const asked = isImport ? {} : reveal(inputs);
  const kind = kindOf(typeOf(urn), isImport ? known.live : asked);
  const objects = objectsOf(context);
  const { name, namespace } = parseId(id);
  // An id is the name alone where the namespace goes without saying.
  const ref = { kind, name, namespace: namespace || context.config.namespace };
  let live: Values;
  try {
    live = await objects.get(ref);
  } catch (error) {
    if (isNotFound(error) || isNoSuchKind(error)) return undefined;
    throw new Error(`reading ${typeOf(urn)} "${id}": ${explain(error)}`, { cause: error });
  }
  const found = isImport ? importedInputs(live) : refreshedInputs(live, asked);
  const kept = conceal(found, inputs);
  const fieldManager = fieldManagerOf(isImport ? live : asked, known.fieldManager);
  const seen = checkpoint(kept, live, fieldManager, known.firstVersion ?? live.apiVersion);
  const awaiter = isImport || isPatch(typeOf(urn), asked) ? undefined : awaiterOf(kind, asked);
  if (awaiter?.onRead) {
    const unready = await unreadiness(awaiter, { objects, ref, live });
    if (unready) {
      const reason = `${typeOf(urn)} "${nameOf(urn)}" is not ready: ${unready.message}`;
      throw new PartialFailure(id, seen, kept, reason, unready.problems);
    }
  }
  return { state: seen, inputs: kept };
}

/** The program's inputs, with the values that stand. */
function refreshedInputs(live: Values, asked: Values): Values {
  const stringData = decoded(live, asked);
  return { ...prune(fromApi(live), withoutReadOnly(asked)), ...(stringData ? { stringData } : {}) };
}

/** Everything that a program could have given. */
function importedInputs(live: Values): Values {
  const { status: _status, ...inputs } = withoutReadOnly(fromApi(live));
  drop(inputs, ["metadata", "annotations", "deployment.kubernetes.io/revision"]);
  drop(inputs, ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"]);
  return inputs;
}

function withoutCluster(
  { cluster, config, warn }: Context,
  { state, inputs }: ReadRequest,
): { state: Values; inputs: Values } | undefined {
  warn(`the configured Kubernetes cluster cannot be used: ${cluster.unreachable}`);
  if (config.deleteUnreachable) {
    warn("`deleteUnreachable` is set: the resource is dropped from Pulumi's state");
    return undefined;
  }
  if (config.skipUpdateUnreachable) {
    warn("`skipUpdateUnreachable` is set: the state may not be what the cluster holds");
    return { state, inputs };
  }
  throw new Error(unreachableAdvice(cluster.unreachable));
}
