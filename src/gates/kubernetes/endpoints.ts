import type { TargetView } from "../balancerCloud.js";
import type { KubeApi } from "./kubeApi.js";
import { type ObjectMeta, splitId } from "./objects.js";

interface EndpointSlice {
  readonly metadata: ObjectMeta;
  readonly endpoints?: readonly Endpoint[] | null;
}

interface Endpoint {
  readonly addresses?: readonly string[];
  readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };
  readonly targetRef?: { readonly kind?: string; readonly name?: string };
}

/**
 * The pods of a Service as everything that routes inside a cluster sees them, in a load balancer's words. A Gateway sends requests to
 * endpoints that are ready (Kubernetes documentation, "EndpointSlices"; absent means ready).
 */
export async function targetsOf(api: KubeApi, serviceId: string): Promise<readonly TargetView[]> {
  const { namespace, name } = splitId(serviceId);
  const labelSelector = `kubernetes.io/service-name=${name}`;
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
  const slices = await api.list<EndpointSlice>(path, { labelSelector });
  const targets = new Map<string, TargetView>();
  for (const endpoint of slices.flatMap((slice) => slice.endpoints ?? [])) {
    const view = viewOf(endpoint);
    // A pod may be in two slices for a moment, while it moves from one to the other.
    if (view && targets.get(view.instanceId)?.state !== "healthy") targets.set(view.instanceId, view);
  }
  return [...targets.values()];
}

function viewOf({ addresses, conditions = {}, targetRef }: Endpoint): TargetView | undefined {
  const instanceId = targetRef?.name ?? addresses?.[0];
  if (instanceId === undefined) return undefined;
  if (conditions.terminating) return { instanceId, state: "draining" };
  if (conditions.ready ?? true) return { instanceId, state: "healthy" };
  return { instanceId, state: "unhealthy", reason: "Endpoint.NotReady", description: "its pod is not ready" };
}
