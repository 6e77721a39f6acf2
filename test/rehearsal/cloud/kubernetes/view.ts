import type { ClusterView } from "../../../../src/rehearsal/cloud/kubernetes/api/clusterView.js";
import {
  type EndpointSlice,
  type KubeNode,
  type KubeObject,
  keyOf,
  type Pod,
  type Service,
} from "../../../../src/rehearsal/cloud/kubernetes/api/kubeObjects.js";

/** A cluster as the controllers see it, made of objects. */
export function viewOf(objects: {
  services?: readonly Service[];
  slices?: readonly EndpointSlice[];
  pods?: readonly Pod[];
  nodes?: readonly KubeNode[];
}): ClusterView {
  const watched = <T extends KubeObject>(all: readonly T[] = []) => ({
    all: () => [...all],
    in: (namespace: string) => all.filter(({ metadata }) => metadata.namespace === namespace),
    get: (key: string) => all.find((object) => keyOf(object) === key),
  });
  const slices = watched(objects.slices);
  return {
    services: watched(objects.services),
    slices,
    pods: watched(objects.pods),
    nodes: watched(objects.nodes),
    slicesOf: (namespace: string, service: string) =>
      slices.in(namespace).filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === service),
  } as unknown as ClusterView;
}

export const service = (name: string): Service => ({
  metadata: { name, namespace: "shop" },
  spec: { selector: { app: name }, ports: [{ name: "http", port: 80 }] },
});

type Endpoints = NonNullable<EndpointSlice["endpoints"]>;

export const slice = (name: string, endpoints: Endpoints, port = 8080): EndpointSlice => ({
  metadata: { name: `${name}-1`, namespace: "shop", labels: { "kubernetes.io/service-name": name } },
  addressType: "IPv4",
  ports: [{ name: "http", port }],
  endpoints,
});

export const endpoint = (
  address: string,
  pod: string,
  conditions: Endpoints[number]["conditions"],
): Endpoints[number] => ({
  addresses: [address],
  conditions,
  targetRef: { kind: "Pod", name: pod, namespace: "shop" },
});
