/** StatefulSets, DaemonSets, Jobs, Pods and ReplicationControllers: when they are ready, and why they are not. */
import type { Values } from "../../protocol/values.js";
import { type Awaiter, conditionOf, isOwnedBy, type Look, labelSelectorOf, type Seen } from "./awaiter.js";
import { isReady, podProblems } from "./podProblems.js";

const POD = { group: "", version: "v1", kind: "Pod" };

/** All replicas are current and ready, and the update has ended (documentation of `kubernetes.apps.v1.StatefulSet`). */
export const statefulSet: Awaiter = {
  deadlineSeconds: 600,
  onRead: true,
  look: async ({ live }) => {
    const { status = {}, spec = {} } = live;
    const wanted = spec.replicas ?? 1;
    const [all, current, ready] = [status.replicas ?? 0, status.currentReplicas ?? 0, status.readyReplicas ?? 0];
    const seen = `${ready} of ${wanted} Pods are ready`;
    if (!isObserved(live)) return { done: false, progress: "the StatefulSet controller has not seen the change yet" };
    // A rollout that is held back (`OnDelete`, a partition) never makes the revisions equal.
    const heldBack =
      spec.updateStrategy?.type === "OnDelete" || (spec.updateStrategy?.rollingUpdate?.partition ?? 0) > 0;
    const updated = heldBack || status.updateRevision === status.currentRevision;
    const whole = all === wanted && ready === wanted && (heldBack || current === wanted);
    return { done: updated && whole, progress: updated ? seen : `${seen}; ${status.updatedReplicas ?? 0} are updated` };
  },
  problems: ownPodProblems,
};

/** Every node that should run a pod has a current one that is available. */
export const daemonSet: Awaiter = {
  deadlineSeconds: 600,
  onRead: true,
  look: async ({ live }) => {
    const { status = {}, spec = {} } = live;
    if (!isObserved(live)) return { done: false, progress: "the DaemonSet controller has not seen the change yet" };
    const wanted = status.desiredNumberScheduled ?? 0;
    const updated = spec.updateStrategy?.type === "OnDelete" ? wanted : (status.updatedNumberScheduled ?? 0);
    const available = status.numberAvailable ?? 0;
    const done = updated >= wanted && available >= wanted && (status.numberUnavailable ?? 0) === 0;
    return { done, progress: `${available} of ${wanted} Pods are available, ${updated} are updated` };
  },
  problems: ownPodProblems,
};

/** The Job has completed; a failed one fails at once (documentation of `kubernetes.batch.v1.Job`). */
export const job: Awaiter = {
  deadlineSeconds: 600,
  onRead: true,
  look: async ({ live }) => {
    const { active = 0, succeeded = 0, failed = 0, startTime } = live.status ?? {};
    const failure = conditionOf(live, "Failed");
    const progress = startTime
      ? `${active} Pods run, ${succeeded} succeeded, ${failed} failed`
      : "the Job controller has not started it yet";
    if (failure?.status === "True") {
      return { done: false, progress, failed: `the Job failed: [${failure.reason}] ${failure.message}` };
    }
    return { done: conditionOf(live, "Complete")?.status === "True", progress };
  },
  problems: ownPodProblems,
};

/** Scheduled, initialized, and ready or succeeded (documentation of `kubernetes.core.v1.Pod`). */
export const pod: Awaiter = {
  deadlineSeconds: 600,
  onRead: true,
  look: async ({ live }) => {
    const phase = live.status?.phase;
    const done = phase === "Succeeded" || (phase === "Running" && isReady(live));
    const waiting = (live.status?.containerStatuses ?? []).flatMap(({ state }: Values) => state?.waiting?.reason ?? []);
    const progress = [`phase ${phase ?? "unknown"}`, ...waiting].join(", ");
    return phase === "Failed" ? { done, progress, failed: "the Pod failed" } : { done, progress };
  },
  problems: ({ objects, live }) => podProblems(objects, [live]),
};

export const replicationController: Awaiter = {
  deadlineSeconds: 600,
  onRead: false,
  look: async ({ live }): Promise<Seen> => {
    const [wanted, available] = [live.spec?.replicas ?? 1, live.status?.availableReplicas ?? 0];
    return { done: available === wanted, progress: `${available} of ${wanted} Pods are available` };
  },
};

function isObserved(live: Values): boolean {
  return (live.status?.observedGeneration ?? 0) >= (live.metadata?.generation ?? 0);
}

async function ownPodProblems({ objects, live }: Look): Promise<string[]> {
  const labelSelector = labelSelectorOf(live.spec?.selector);
  const pods = await objects.list(POD, live.metadata.namespace, labelSelector === undefined ? {} : { labelSelector });
  return podProblems(
    objects,
    pods.filter((candidate) => isOwnedBy(candidate, live)),
  );
}
