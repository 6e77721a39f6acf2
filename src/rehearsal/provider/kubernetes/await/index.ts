/** What is waited for, kind by kind, as in the real provider; kinds that are not here are ready as soon as they are stored. */
import type { Values } from "../../protocol/values.js";
import { annotation, isSet, SKIP_AWAIT, WAIT_FOR } from "../model/annotations.js";
import { type Kind, nameOfKind } from "../model/types.js";
import type { Awaiter } from "./awaiter.js";
import { deployment } from "./deployment.js";
import { ingress, service } from "./services.js";
import { persistentVolume, persistentVolumeClaim, resourceQuota, secretToken } from "./storage.js";
import { waitForAwaiter } from "./waitFor.js";
import { daemonSet, job, pod, replicationController, statefulSet } from "./workloads.js";

const AWAITERS: Readonly<Record<string, Awaiter>> = {
  "apps/v1/Deployment": deployment,
  "apps/v1/StatefulSet": statefulSet,
  "apps/v1/DaemonSet": daemonSet,
  "batch/v1/Job": job,
  "networking.k8s.io/v1/Ingress": ingress,
  "v1/PersistentVolume": persistentVolume,
  "v1/PersistentVolumeClaim": persistentVolumeClaim,
  "v1/Pod": pod,
  "v1/ReplicationController": replicationController,
  "v1/ResourceQuota": resourceQuota,
  "v1/Secret": secretToken,
  "v1/Service": service,
};

/** What to wait for after an object was stored; `undefined` for nothing. @throws Error where the program's own condition cannot be read */
export function awaiterOf(kind: Kind, inputs: Values): Awaiter | undefined {
  if (isSet(inputs, SKIP_AWAIT)) return undefined;
  const own = annotation(inputs, WAIT_FOR);
  return own === undefined ? AWAITERS[nameOfKind(kind)] : waitForAwaiter(own);
}

/** Kinds whose deletion is not waited for either where the program says `pulumi.com/skipAwait`. */
const SKIPPED_DELETIONS = new Set([
  "v1/Namespace",
  "v1/Pod",
  "v1/ReplicationController",
  "apps/v1/DaemonSet",
  "apps/v1/Deployment",
  "apps/v1/StatefulSet",
  "batch/v1/Job",
]);

export function awaitsDeletion(kind: Kind, inputs: Values): boolean {
  return !(isSet(inputs, SKIP_AWAIT) && SKIPPED_DELETIONS.has(nameOfKind(kind)));
}

/** How long the real provider waits for a deletion, in seconds. */
export function deletionSeconds(kind: Kind): number {
  return ["Deployment", "StatefulSet", "ReplicationController"].includes(kind.kind) ? 600 : 300;
}
