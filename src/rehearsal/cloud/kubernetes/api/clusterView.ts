import type { Logger } from "pino";
import type { KubeClient } from "./kubeClient.js";
import type { EndpointSlice, KubeNode, KubeObject, Pod, Service } from "./kubeObjects.js";
import { Watched } from "./watched.js";

/** What both controllers need to know of the cluster. */
export class ClusterView {
  readonly services: Watched<Service>;
  readonly slices: Watched<EndpointSlice>;
  readonly pods: Watched<Pod>;
  readonly nodes: Watched<KubeNode>;

  constructor(client: KubeClient, log: Logger) {
    const watched = <T extends KubeObject>(path: string): Watched<T> => new Watched<T>(client, path, log);
    this.services = watched("/api/v1/services");
    this.slices = watched("/apis/discovery.k8s.io/v1/endpointslices");
    this.pods = watched("/api/v1/pods");
    this.nodes = watched("/api/v1/nodes");
  }

  async start(): Promise<void> {
    await Promise.all(this.#all.map((watched) => watched.start()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((watched) => watched.close()));
  }

  /** The slices of a Service: all of its endpoints. */
  slicesOf(namespace: string, service: string): EndpointSlice[] {
    return this.slices.in(namespace).filter((slice) => serviceOf(slice) === service);
  }

  get #all(): Watched<KubeObject>[] {
    return [this.services, this.slices, this.pods, this.nodes] as unknown as Watched<KubeObject>[];
  }
}

/** The Service whose endpoints a slice lists. */
export function serviceOf(slice: EndpointSlice): string | undefined {
  return slice.metadata.labels?.["kubernetes.io/service-name"];
}

/** The port of a Service by number or name. */
export function servicePort(service: Service, port: number | string): { name?: string; port: number } | undefined {
  return service.spec.ports?.find((candidate) => candidate.port === port || candidate.name === port);
}
