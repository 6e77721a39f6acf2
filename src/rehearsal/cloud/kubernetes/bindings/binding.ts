import type { KubeObject, Pod } from "../api/kubeObjects.js";

/** The AWS Load Balancer Controller's own kind. */
export interface TargetGroupBinding extends KubeObject {
  readonly spec: {
    readonly targetGroupARN?: string;
    readonly targetGroupName?: string;
    readonly targetType?: "instance" | "ip";
    readonly serviceRef: { readonly name: string; readonly port: number | string };
  };
  readonly status?: { readonly observedGeneration?: number };
}

export const BINDINGS_PATH = "/apis/elbv2.k8s.aws/v1beta1/targetgroupbindings";

/** Keeps a binding until its targets are deregistered (`pkg/k8s/finalizer.go` of the controller). */
export const FINALIZER = "elbv2.k8s.aws/resources";

export function bindingPath({ metadata: { namespace, name } }: TargetGroupBinding): string {
  return `/apis/elbv2.k8s.aws/v1beta1/namespaces/${namespace}/targetgroupbindings/${name}`;
}

/** The condition that a pod waits for when it has the binding's readiness gate (guide, "Pod readiness gate"). */
export function gateOf(binding: KubeObject): string {
  return `target-health.elbv2.k8s.aws/${binding.metadata.name}`;
}

export function hasGate(pod: Pod, gate: string): boolean {
  return pod.spec.readinessGates?.some(({ conditionType }) => conditionType === gate) ?? false;
}
