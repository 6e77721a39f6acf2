/** Create, and its preview. */
import { setTimeout as sleep } from "node:timers/promises";
import { explain, isForbidden, isNamespaceMissing, isNoSuchKind, isNotFound } from "../../../kubernetesApi/errors.js";
import { PartialFailure } from "../../protocol/partialFailure.js";
import { hasUnknown, type Values } from "../../protocol/values.js";
import { type Objects, refOf } from "../api/objects.js";
import { checkpoint } from "../model/checkpoint.js";
import { idOf, isPatch, kindOf, typeOf } from "../model/types.js";
import { objectOf } from "./check.js";
import { type Context, objectsOf } from "./context.js";
import { failed, problemsOf } from "./failure.js";
import { fieldManagerOf, isForced } from "./ownership.js";
import { awaitReadiness } from "./readiness.js";

/** Tried again so often, with doubling pauses, while the namespace or the definition of the kind may still come (as the real provider). */
const RETRIES = 5;
const PAUSE_MS = 1000;

/** The object as the server would make it; the inputs alone where that cannot be asked. */
export async function previewCreate(context: Context, urn: string, inputs: Values): Promise<Values> {
  const { cluster, warn } = context;
  if (cluster.unreachable !== undefined) {
    warn(
      `the configured Kubernetes cluster cannot be used, so the preview shows the inputs only: ${cluster.unreachable}`,
    );
    return inputs;
  }
  if (hasUnknown(inputs) || isPatch(typeOf(urn), inputs)) return inputs;
  const objects = objectsOf(context);
  const object = objectOf(inputs);
  const fieldManager = fieldManagerOf(object);
  let planned: Values;
  try {
    // By force: the object that stands may be the one that this one replaces.
    planned = await objects.apply(object, { fieldManager, force: true, dryRun: true });
  } catch (error) {
    // What comes first in the same update does not exist yet; and a user may be allowed to create, but not to patch.
    if (isNoSuchKind(error) || isNamespaceMissing(error) || isForbidden(error)) return inputs;
    throw failed("creating", urn, error);
  }
  // An empty status would be read by the program as one that is known.
  const { status: _status, ...told } = planned;
  return checkpoint(inputs, told, fieldManager, object.apiVersion);
}

export async function create(context: Context, urn: string, inputs: Values): Promise<{ id: string; state: Values }> {
  const objects = objectsOf(context);
  const object = objectOf(inputs);
  const kind = kindOf(typeOf(urn), object);
  const fieldManager = fieldManagerOf(object);
  const upsert = isPatch(typeOf(urn), object) || context.config.upsertExistingObjects;
  let made: Values;
  try {
    made = await patiently(context, objects, async () => {
      if (!upsert) await refuseExisting(objects, object);
      return await objects.apply(object, { fieldManager, force: isForced(context, object) });
    });
  } catch (error) {
    throw failed("creating", urn, error);
  }
  if (kind.kind === "CustomResourceDefinition") objects.discovery.forget();
  const id = idOf(made);
  const stateOf = (live: Values): Values => checkpoint(inputs, live, fieldManager, object.apiVersion);
  try {
    if (!isPatch(typeOf(urn), object)) await awaitReadiness(context, kind, object, made);
  } catch (error) {
    const live = (await objects.find(refOf(made)).catch(() => undefined)) ?? made;
    throw new PartialFailure(id, stateOf(live), inputs, failed("creating", urn, error).message, problemsOf(error));
  }
  return { id, state: stateOf((await objects.find(refOf(made))) ?? made) };
}

/**
 * A resource that was renamed without an alias is created before it is deleted: applying it onto its own object, which then goes, would
 * lose it ("upsertExistingObjects", documentation of the provider).
 */
async function refuseExisting(objects: Objects, object: Values): Promise<void> {
  const found = await objects.find(refOf(object));
  if (!found) return;
  throw new Error(
    `the object "${idOf(found)}" already exists in the cluster. Why: it belongs to someone else, or to another resource of this program. ` +
      "Fix: take it into this stack with the `import` option, or an alias if the resource was renamed, or set `upsertExistingObjects` on the provider",
  );
}

/** What is missing may be on its way: a namespace or a CRD that is made at the same time. */
async function patiently<T>(context: Context, objects: Objects, action: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (attempt >= RETRIES || !(isNotFound(error) || isNoSuchKind(error))) throw error;
      context.report(`try ${attempt + 1} failed: ${explain(error)}`);
      if (isNoSuchKind(error)) objects.discovery.forget();
      // The timer only says that it was aborted, the signal says why.
      await sleep(PAUSE_MS * 2 ** attempt, undefined, { signal: context.signal }).catch(() => undefined);
      context.signal.throwIfAborted();
    }
  }
}
