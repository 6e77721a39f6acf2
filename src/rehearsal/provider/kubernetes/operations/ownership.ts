/** In whose name fields are set, and what becomes of them when it sets them no more. */
import type { Values } from "../../protocol/values.js";
import { type Objects, refOf } from "../api/objects.js";
import { annotation, FIELD_MANAGER, isSet, PATCH_FORCE } from "../model/annotations.js";
import { makeFieldManager } from "../model/naming.js";
import type { Context } from "./context.js";

/** The program's own choice, else one of the resource's own, which its state keeps. */
export function fieldManagerOf(object: Values, known?: string): string {
  return annotation(object, FIELD_MANAGER) ?? known ?? makeFieldManager();
}

/** Whether fields may be taken from other managers. */
export function isForced({ config }: Pick<Context, "config">, object: Values): boolean {
  return isSet(object, PATCH_FORCE) || config.enablePatchForce;
}

/** An empty apply: the manager owns nothing any more, and what nobody else owns goes with it. */
export async function relinquish(objects: Objects, object: Values, fieldManager: string): Promise<void> {
  const { apiVersion, kind, metadata = {} } = object;
  const { name, namespace } = metadata as Values;
  // An apply onto nothing would make the object.
  await objects.get(refOf(object));
  const identity = { apiVersion, kind, metadata: { name, ...(namespace ? { namespace } : {}) } };
  await objects.apply(identity, { fieldManager, force: false });
}
