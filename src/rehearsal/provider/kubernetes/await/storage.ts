/** Volumes, claims, quotas and tokens: what their controllers must have done. */
import { same } from "../model/tree.js";
import type { Awaiter } from "./awaiter.js";

const STORAGE_CLASS = { group: "storage.k8s.io", version: "v1", kind: "StorageClass" };

export const persistentVolume: Awaiter = {
  deadlineSeconds: 300,
  onRead: false,
  look: async ({ live }) => {
    const phase = live.status?.phase;
    return { done: phase === "Available" || phase === "Bound", progress: `phase ${phase ?? "unknown"}` };
  },
};

/** Bound; pending is enough where its class waits for the first pod that uses it. */
export const persistentVolumeClaim: Awaiter = {
  deadlineSeconds: 300,
  onRead: false,
  look: async ({ objects, live }) => {
    const phase = live.status?.phase;
    const name = live.spec?.storageClassName;
    const storageClass = name ? await objects.find({ kind: STORAGE_CLASS, name }) : undefined;
    const waits = storageClass?.volumeBindingMode === "WaitForFirstConsumer";
    return { done: phase === "Bound" || (waits && phase === "Pending"), progress: `phase ${phase ?? "unknown"}` };
  },
};

export const resourceQuota: Awaiter = {
  deadlineSeconds: 60,
  onRead: false,
  look: async ({ live }) => ({
    done: live.status?.hard !== undefined && same(live.spec?.hard, live.status.hard),
    progress: "waiting for the quota controller",
  }),
};

/** Only the tokens of service accounts are filled in by a controller. */
export const secretToken: Awaiter = {
  deadlineSeconds: 5,
  onRead: false,
  look: async ({ live }) => ({
    done: live.type !== "kubernetes.io/service-account-token" || Object.keys(live.data ?? {}).length > 0,
    progress: "waiting for the token controller",
  }),
};
