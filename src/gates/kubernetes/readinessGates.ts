import type { Condition, Pod } from "./objects.js";

/** What the AWS Load Balancer Controller calls the condition that it keeps of a pod's target (its documentation, "Pod readiness gate"). */
const PREFIX = "target-health.elbv2.k8s.aws/";

/** With this label of the namespace the controller gives new pods their readiness gates. */
export const INJECT_LABEL = "elbv2.k8s.aws/pod-readiness-gate-inject";

/** Whether a pod is ready only when the load balancer finds it healthy. */
export function waitsForBalancer({ spec }: Pod): boolean {
  return spec?.readinessGates?.some(({ conditionType }) => conditionType.startsWith(PREFIX)) ?? false;
}

/** What the load balancer has not found healthy yet. */
export function unmetGates(conditions: readonly Condition[] | undefined): Condition[] {
  return (conditions ?? []).filter(({ type, status }) => type.startsWith(PREFIX) && status !== "True");
}
