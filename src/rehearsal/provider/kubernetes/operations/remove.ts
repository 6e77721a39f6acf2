/** Delete: asked for, then waited for until the object has gone. */

import { isForbidden, isNoSuchKind, isNotFound } from "../../../kubernetesApi/errors.js";
import type { Values } from "../../protocol/values.js";
import { DeadlineError } from "../../wait.js";
import type { Objects, Ref } from "../api/objects.js";
import { awaitsDeletion, deletionSeconds } from "../await/index.js";
import { propagationOf, timeoutOf } from "../model/annotations.js";
import { readCheckpoint } from "../model/checkpoint.js";
import { isPatch, kindOf, parseId, typeOf } from "../model/types.js";
import { type Context, objectsOf, waiterOf } from "./context.js";
import { failed, unreachableAdvice } from "./failure.js";
import { relinquish } from "./ownership.js";

const EVERY_SECONDS = 0.3;

export async function remove(context: Context, urn: string, id: string, state: Values): Promise<void> {
  const { cluster, config, warn } = context;
  if (cluster.unreachable !== undefined) {
    if (!config.deleteUnreachable) throw new Error(unreachableAdvice(cluster.unreachable));
    warn(`the cluster cannot be used, and \`deleteUnreachable\` is set: "${id}" is dropped from Pulumi's state`);
    return;
  }
  const { inputs, live, fieldManager } = readCheckpoint(state);
  const kind = kindOf(typeOf(urn), live);
  const { name, namespace } = parseId(id);
  const ref: Ref = { kind, name, ...(namespace ? { namespace } : {}) };
  const objects = objectsOf(context);
  try {
    if (isPatch(typeOf(urn), live)) await relinquish(objects, live, fieldManager ?? "");
    else await removeObject(context, objects, ref, inputs, fieldManager);
  } catch (error) {
    // The object, or its definition with all objects of the kind, was deleted by someone else.
    if (isNotFound(error) || isNoSuchKind(error)) return;
    throw failed("deleting", urn, error);
  }
  if (kind.kind === "CustomResourceDefinition") objects.discovery.forget();
}

async function removeObject(
  context: Context,
  objects: Objects,
  ref: Ref,
  inputs: Values,
  fieldManager: string | undefined,
): Promise<void> {
  const { uid } = (await objects.get(ref)).metadata;
  try {
    await objects.delete(ref, propagationOf(inputs));
  } catch (error) {
    // Namespaces that Kubernetes itself needs (`default`) are never deleted: what this resource set in them is taken back.
    const isKept = isForbidden(error) && /this namespace may not be deleted/.test((error as Error).message);
    if (!isKept || fieldManager === undefined) throw error;
    context.warn(`${ref.kind.kind} "${ref.name}" cannot be deleted; what this resource set in it is taken back`);
    await relinquish(objects, await objects.get(ref), fieldManager);
    return;
  }
  if (awaitsDeletion(ref.kind, inputs)) await untilGone(context, objects, ref, uid, inputs);
}

async function untilGone(context: Context, objects: Objects, ref: Ref, uid: unknown, inputs: Values): Promise<void> {
  let last: Values | undefined;
  try {
    await waiterOf(context).until({
      what: `${ref.kind.kind} "${ref.name}" to be deleted`,
      deadlineSeconds: timeoutOf(inputs, context.timeoutSeconds) ?? deletionSeconds(ref.kind),
      everySeconds: EVERY_SECONDS,
      observe: async () => {
        last = await objects.find(ref);
        // Another one of that name may have been made in the meantime.
        if (!last || last.metadata?.uid !== uid) return { done: true, progress: "gone" };
        return { progress: stillThere(last) };
      },
    });
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    throw new Error(
      `${error.message}. Fix: mend what keeps it (${last ? stillThere(last) : ""}), then run the command again`,
    );
  }
}

function stillThere(live: Values): string {
  const finalizers: string[] = live.metadata?.finalizers ?? [];
  const replicas = live.status?.replicas;
  const conditions: Values[] = live.kind === "Namespace" ? (live.status?.conditions ?? []) : [];
  const held = conditions.filter(({ status }) => status === "True").map(({ message }) => message);
  const parts = [
    ...(finalizers.length > 0 ? [`finalizers ${finalizers.join(", ")}`] : []),
    ...(replicas ? [`${replicas} Pods still exist`] : []),
    ...held,
  ];
  return parts.join("; ") || "it still exists";
}
