/**
 * A Deployment is ready when its controller has seen it, it is available, its rollout has ended, and the ReplicaSet of its current
 * revision has all its pods ready (documentation of `kubernetes.apps.v1.Deployment`, conditions 1 to 4). A rollout that makes no
 * progress is told as it happens, and waited for all the same: so does the real provider.
 */
import type { Values } from "../../protocol/values.js";
import { type Awaiter, conditionOf, isOwnedBy, type Look, labelSelectorOf, type Seen } from "./awaiter.js";
import { podProblems } from "./podProblems.js";

const REVISION = "deployment.kubernetes.io/revision";
const REPLICA_SET = { group: "apps", version: "v1", kind: "ReplicaSet" };
const POD = { group: "", version: "v1", kind: "Pod" };
const CLAIM = { group: "", version: "v1", kind: "PersistentVolumeClaim" };

export const deployment: Awaiter = { deadlineSeconds: 600, onRead: true, look, problems };

async function look({ objects, live }: Look): Promise<Seen> {
  const wait = (progress: string): Seen => ({ done: false, progress });
  if ((live.status?.observedGeneration ?? 0) < (live.metadata?.generation ?? 0)) {
    return wait("the Deployment controller has not seen the change yet");
  }
  const replicaSet = await currentReplicaSet(objects, live);
  if (!replicaSet) return wait("there is no ReplicaSet of the current revision yet");
  const wanted = replicaSet.spec?.replicas ?? 1;
  const ready = replicaSet.status?.readyReplicas ?? 0;
  const seen = `${ready} of ${wanted} Pods are ready`;
  const progressing = conditionOf(live, "Progressing");
  if (progressing?.status === "False") return wait(`${seen}; [${progressing.reason}] ${progressing.message}`);
  const first = live.metadata?.annotations?.[REVISION] === "1";
  const rolledOut = first || (progressing?.status === "True" && progressing.reason === "NewReplicaSetAvailable");
  const available = conditionOf(live, "Available");
  if (available?.status !== "True") return wait(`${seen}${available?.message ? `; ${available.message}` : ""}`);
  if (ready < wanted || !rolledOut) return wait(seen);
  const unbound = await unboundClaims(objects, live);
  if (unbound.length > 0) return wait(`waiting for the PersistentVolumeClaims ${unbound.join(", ")}`);
  return { done: true, progress: seen };
}

async function problems({ objects, live }: Look): Promise<string[]> {
  const conditions = ["Progressing", "Available"]
    .map((type) => conditionOf(live, type))
    .filter((condition) => condition?.status === "False")
    .map((condition) => `[${condition?.reason}] ${condition?.message}`);
  const replicaSet = await currentReplicaSet(objects, live);
  const labelSelector = labelSelectorOf(live.spec?.selector);
  const pods = replicaSet
    ? await objects.list(POD, live.metadata.namespace, labelSelector === undefined ? {} : { labelSelector })
    : [];
  const failure = conditionOf(live, "ReplicaFailure");
  return [
    ...conditions,
    ...(failure?.status === "True" ? [`[${failure.reason}] ${failure.message}`] : []),
    ...(await podProblems(
      objects,
      pods.filter((pod) => replicaSet && isOwnedBy(pod, replicaSet)),
    )),
  ];
}

async function currentReplicaSet(objects: Look["objects"], live: Values): Promise<Values | undefined> {
  const revision = live.metadata?.annotations?.[REVISION];
  const labelSelector = labelSelectorOf(live.spec?.selector);
  const query = labelSelector === undefined ? {} : { labelSelector };
  const all = await objects.list(REPLICA_SET, live.metadata.namespace, query);
  return all.find((set) => isOwnedBy(set, live) && set.metadata?.annotations?.[REVISION] === revision);
}

async function unboundClaims(objects: Look["objects"], live: Values): Promise<string[]> {
  const names: string[] = (live.spec?.template?.spec?.volumes ?? []).flatMap(
    (volume: Values) => volume.persistentVolumeClaim?.claimName ?? [],
  );
  const { namespace } = live.metadata;
  const claims = await Promise.all(names.map((name) => objects.find({ kind: CLAIM, name, namespace })));
  return names.filter((_name, index) => claims[index]?.status?.phase !== "Bound");
}
