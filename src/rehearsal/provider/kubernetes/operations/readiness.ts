/** Waiting after an object was stored. */
import type { Values } from "../../protocol/values.js";
import { refOf } from "../api/objects.js";
import { waitUntilReady } from "../await/awaiter.js";
import { awaiterOf } from "../await/index.js";
import { job } from "../await/workloads.js";
import { isSet, REPLACE_UNREADY, timeoutOf } from "../model/annotations.js";
import type { Kind } from "../model/types.js";
import { type Context, objectsOf, waiterOf } from "./context.js";

/** @throws NotReady with the reasons */
export async function awaitReadiness(context: Context, kind: Kind, inputs: Values, stored: Values): Promise<void> {
  const awaiter = awaiterOf(kind, inputs);
  if (!awaiter) return;
  await waitUntilReady({
    awaiter,
    objects: objectsOf(context),
    ref: refOf(stored),
    waiter: waiterOf(context),
    deadlineSeconds: timeoutOf(inputs, context.timeoutSeconds) ?? awaiter.deadlineSeconds,
    speed: context.speed,
  });
}

/**
 * Whether the program wants the object, should it not have got ready, to be replaced, and it has not (`pulumi.com/replaceUnready`). As in the
 * real provider Jobs only: they are done once and for all.
 */
export async function wantsReplacement(context: Context, news: Values, standing: Values): Promise<boolean> {
  if (!isSet(news, REPLACE_UNREADY)) return false;
  if (news.kind !== "Job") {
    context.warn(`${REPLACE_UNREADY} is for Jobs only: a ${news.kind} is waited for instead`);
    return false;
  }
  if (context.cluster.unreachable !== undefined) {
    context.warn(`${REPLACE_UNREADY} is passed over: the cluster cannot be asked whether the Job is done`);
    return false;
  }
  const objects = objectsOf(context);
  const ref = refOf(standing);
  const live = await objects.find(ref);
  return live !== undefined && !(await job.look({ objects, ref, live })).done;
}
