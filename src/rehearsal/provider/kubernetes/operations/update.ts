/** Update, and its preview: server-side apply by the manager that made the object. */

import { isForbidden, isNoSuchKind, isNotFound } from "../../../kubernetesApi/errors.js";
import { PartialFailure } from "../../protocol/partialFailure.js";
import { hasUnknown, type Values } from "../../protocol/values.js";
import { type Objects, type Ref, refOf } from "../api/objects.js";
import { checkpoint, readCheckpoint } from "../model/checkpoint.js";
import { adoptionPatch, isOthers } from "../model/managers.js";
import { withoutReadOnly } from "../model/readOnly.js";
import { at, clone, drop, parsePath, put } from "../model/tree.js";
import { idOf, isPatch, kindOf, typeOf } from "../model/types.js";
import { objectOf } from "./check.js";
import { type Context, objectsOf } from "./context.js";
import { failed, problemsOf } from "./failure.js";
import { fieldManagerOf, isForced, relinquish } from "./ownership.js";
import { awaitReadiness } from "./readiness.js";

export interface UpdateRequest {
  readonly urn: string;
  readonly id: string;
  readonly olds: Values;
  /** Secrets marked. */
  readonly news: Values;
  readonly ignored: readonly string[];
}

export async function previewUpdate(context: Context, request: UpdateRequest): Promise<Values> {
  const { urn, news } = request;
  if (context.cluster.unreachable !== undefined) {
    context.warn(
      `the configured Kubernetes cluster cannot be used, so the preview shows the inputs only: ${context.cluster.unreachable}`,
    );
    return news;
  }
  if (hasUnknown(news)) return news;
  const step = prepare(context, request);
  const { objects, object, fieldManager } = step;
  try {
    const live = await objects.get(step.ref);
    // A real update would first take over what kubectl owns: the preview must not tell of a conflict that is none.
    const force = isForced(context, object) || (!step.patch && adoptionPatch(live, fieldManager) !== undefined);
    const planned = await store(step, live, { dryRun: true, force });
    return checkpoint(news, planned, fieldManager, step.firstVersion);
  } catch (error) {
    if (isNoSuchKind(error) || isForbidden(error)) return news;
    throw failed("updating", urn, missing(error));
  }
}

export async function update(context: Context, request: UpdateRequest): Promise<Values> {
  const { urn, news } = request;
  const step = prepare(context, request);
  const { objects, object, fieldManager } = step;
  const stateOf = (live: Values): Values => checkpoint(news, live, fieldManager, step.firstVersion);
  let stored: Values;
  try {
    stored = await store(step, await adopt(step, await objects.get(step.ref)), { force: isForced(context, object) });
  } catch (error) {
    throw failed("updating", urn, missing(error));
  }
  if (step.kind.kind === "CustomResourceDefinition") objects.discovery.forget();
  try {
    if (!step.patch) await awaitReadiness(context, step.kind, object, stored);
    // The new manager owns the fields now; what only the old one owned goes.
    const { oldManager } = step;
    if (oldManager && oldManager !== fieldManager) await relinquish(objects, stored, oldManager);
  } catch (error) {
    const live = (await objects.find(refOf(stored)).catch(() => undefined)) ?? stored;
    throw new PartialFailure(
      idOf(live),
      stateOf(live),
      news,
      failed("updating", urn, error).message,
      problemsOf(error),
    );
  }
  return stateOf((await objects.find(refOf(stored))) ?? stored);
}

interface Step {
  readonly objects: Objects;
  readonly object: Values;
  readonly ref: Ref;
  readonly kind: Ref["kind"];
  readonly patch: boolean;
  readonly fieldManager: string;
  readonly oldManager: string | undefined;
  readonly firstVersion: string;
  readonly ignored: readonly string[];
}

function prepare(context: Context, { urn, olds, news, ignored }: UpdateRequest): Step {
  const known = readCheckpoint(olds);
  const object = withoutReadOnly(objectOf(news));
  const kind = kindOf(typeOf(urn), object);
  return {
    objects: objectsOf(context),
    object,
    // The object that stands, under the API version that the program asks for now.
    ref: { ...refOf({ ...known.live, apiVersion: object.apiVersion, kind: kind.kind }), kind },
    kind,
    patch: isPatch(typeOf(urn), object),
    fieldManager: fieldManagerOf(object, known.fieldManager),
    oldManager: known.fieldManager,
    firstVersion: known.firstVersion ?? object.apiVersion,
    ignored,
  };
}

/** Takes over what kubectl or a client-side apply owned: an imported object would conflict otherwise. */
async function adopt({ objects, ref, patch, fieldManager }: Step, live: Values): Promise<Values> {
  const changes = patch ? undefined : adoptionPatch(live, fieldManager);
  return changes ? await objects.jsonPatch(ref, changes) : live;
}

async function store(step: Step, live: Values, how: { dryRun?: boolean; force: boolean }): Promise<Values> {
  const { objects, fieldManager, kind } = step;
  const { force, ...dryRun } = how;
  if (kind.group === "apiextensions.k8s.io" && kind.kind === "CustomResourceDefinition") {
    // Definitions are put as a whole (as `kubectl replace`): lists in them are merged by apply, which would keep dropped versions.
    const whole = clone(step.object);
    put(whole, ["metadata", "resourceVersion"], live.metadata.resourceVersion);
    return await objects.replace(whole, { fieldManager, ...dryRun });
  }
  return await objects.apply(withIgnored(step, live), { fieldManager, force, ...dryRun });
}

/** `ignoreChanges`: what others own is left to them, what this manager owns stays as it stands. */
function withIgnored({ object, ignored, fieldManager }: Step, live: Values): Values {
  const result = clone(object);
  for (const path of ignored.map(parsePath)) {
    const standing = at(live, path);
    if (isOthers(live, path, fieldManager)) drop(result, path);
    else if (standing !== undefined && !path.includes("*")) put(result, path, standing);
  }
  return result;
}

function missing(error: unknown): unknown {
  if (!isNotFound(error)) return error;
  const message = `${(error as Error).message}: the object is not there any more. Fix: \`pulumi refresh\`, then \`pulumi up\` makes it anew`;
  return new Error(message, { cause: error });
}
