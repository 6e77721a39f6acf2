import { type ClusterView, servicePort } from "../api/clusterView.js";
import { conditionOf, type Endpoint, type EndpointSlice, type Pod } from "../api/kubeObjects.js";
import type { TargetGroupBinding } from "./binding.js";

/** A pod's address that is to be a target. */
export interface PodTarget {
  readonly id: string;
  readonly port: number;
  /** Absent for an endpoint without a pod. */
  readonly pod?: Pod;
}

/** What a binding's Service leads to; undefined where the Service or its port is not there. */
export function podTargets(view: ClusterView, { metadata, spec }: TargetGroupBinding): PodTarget[] | undefined {
  const namespace = metadata.namespace as string;
  const service = view.services.get(`${namespace}/${spec.serviceRef.name}`);
  const port = service && servicePort(service, spec.serviceRef.port);
  if (port === undefined) return undefined;
  const targets = new Map<string, PodTarget>();
  for (const slice of view.slicesOf(namespace, spec.serviceRef.name)) {
    for (const number of portsOf(slice, port.name)) {
      for (const endpoint of slice.endpoints ?? []) {
        for (const target of targetsOf(view, namespace, endpoint, number))
          targets.set(`${target.id}:${target.port}`, target);
      }
    }
  }
  return [...targets.values()];
}

function portsOf(slice: EndpointSlice, name: string | undefined): number[] {
  // A Service's only port may be without a name.
  return (slice.ports ?? [])
    .filter((port) => !name || !port.name || port.name === name)
    .flatMap(({ port }) => (port === undefined ? [] : [port]));
}

/**
 * As the controller decides it (`pkg/backend/endpoint_resolver.go`): ready endpoints, and pods whose containers are ready but which wait
 * for their gates; a pod that is being deleted leaves at once, unless its endpoint says that it is ready.
 */
function targetsOf(view: ClusterView, namespace: string, endpoint: Endpoint, port: number): PodTarget[] {
  const { targetRef, conditions, addresses } = endpoint;
  if (targetRef?.kind !== "Pod") return addresses.map((id) => ({ id, port }));
  const pod = view.pods.get(`${targetRef.namespace ?? namespace}/${targetRef.name}`);
  const id = addresses[0];
  if (pod === undefined || id === undefined) return [];
  // "Consider unknown as ready" (EndpointSlice API reference).
  if (conditions?.ready !== false) return [{ id, port, pod }];
  if (conditionOf(pod, "ContainersReady")?.status !== "True" || conditions.terminating) return [];
  const node = view.nodes.get(pod.spec.nodeName ?? "");
  const nodeReady = node && conditionOf(node, "Ready")?.status === "True";
  return nodeReady ? [{ id, port, pod }] : [];
}
