import type { TargetHealth } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ApiError, type KubeClient } from "../api/kubeClient.js";
import { type Condition, conditionOf, type Pod } from "../api/kubeObjects.js";
import { hasGate } from "./binding.js";

const GONE = [404, 409];

/**
 * Tells a pod how the load balancer sees it, in the condition that its gate waits for: True exactly while its target is healthy.
 *
 * @returns whether the pod still waits, so that its target has to be looked at again
 */
export async function tellPod(client: KubeClient, pod: Pod, gate: string, health: TargetHealth): Promise<boolean> {
  if (!hasGate(pod, gate)) return false;
  const known = conditionOf(pod, gate);
  const status = health.State === "healthy" ? "True" : "False";
  const reason = health.Reason ?? "";
  const message = health.Description ?? "";
  const waits = status !== "True";
  if (known?.status === status && (known.reason ?? "") === reason && (known.message ?? "") === message) return waits;
  const lastTransitionTime = known?.status === status ? known.lastTransitionTime : new Date().toISOString();
  const condition: Condition = { type: gate, status, reason, message, lastTransitionTime };
  const { namespace, name, uid } = pod.metadata;
  try {
    // The uid is a condition of the change: a later pod of the same name is another pod.
    await client.patch(`/api/v1/namespaces/${namespace}/pods/${name}/status`, "strategic-merge-patch", {
      metadata: { uid },
      status: { conditions: [condition] },
    });
  } catch (error) {
    if (error instanceof ApiError && GONE.includes(error.code)) return false;
    throw error;
  }
  return waits;
}
