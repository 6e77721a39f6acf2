import type { HealthCheckConfig, TargetConfig, TargetGroupConfig } from "../../balancer/dataPlane.js";
import { type ClusterView, servicePort } from "../api/clusterView.js";
import type { Endpoint } from "../api/kubeObjects.js";
import type { BackendRef } from "./gatewayObjects.js";

/** A Gateway believes the cluster: endpoints are ready or not, and it asks none of them itself. */
const noChecks: HealthCheckConfig = {
  enabled: false,
  protocol: "HTTP",
  path: "/",
  intervalSeconds: 30,
  timeoutSeconds: 5,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  matcher: "200",
};

/** What a backend leads to, as the balancer takes it; a string says why it leads nowhere. */
export class Backends {
  /** When each endpoint was first seen ready. */
  readonly #since = new Map<string, number>();

  constructor(private readonly view: ClusterView) {}

  /** @param namespace of the route */
  group(reference: BackendRef, namespace: string): TargetGroupConfig | string {
    const { group = "", kind = "Service", name, port } = reference;
    if (group !== "" || kind !== "Service") return `${kind} ${name} is no Service`;
    if (reference.namespace !== undefined && reference.namespace !== namespace)
      return `Service ${name} is in another namespace, which takes a ReferenceGrant; the local cloud knows none`;
    const service = this.view.services.get(`${namespace}/${name}`);
    if (service === undefined) return `there is no Service ${name}`;
    const found = port === undefined ? undefined : servicePort(service, port);
    if (found === undefined) return `Service ${name} has no port ${port}`;
    const arn = `gateway-backend/${namespace}/${name}/${port}`;
    return {
      arn,
      name: `${name}:${port}`,
      protocol: "HTTP",
      healthCheck: noChecks,
      attributes: {},
      targets: this.#targets(arn, namespace, name, found.name),
      // An address may leave its slices at once (a selector that changes, a pod that is deleted by force) while its pod still answers.
      whenUnlisted: "finish",
    };
  }

  #targets(arn: string, namespace: string, service: string, portName: string | undefined): TargetConfig[] {
    return this.view
      .slicesOf(namespace, service)
      .flatMap((slice) =>
        (slice.ports ?? [])
          .filter((port) => port.port !== undefined && (!portName || !port.name || port.name === portName))
          .flatMap((port) =>
            (slice.endpoints ?? []).flatMap((endpoint) => this.#target(arn, endpoint, port.port as number)),
          ),
      );
  }

  /** An endpoint that is not ready any more gets nothing new, and finishes what it has. */
  #target(arn: string, { addresses, conditions }: Endpoint, port: number): TargetConfig[] {
    const [id] = addresses;
    if (id === undefined) return [];
    const key = `${arn} ${id}:${port}`;
    const ready = conditions?.ready !== false;
    const since = this.#since.get(key);
    if (!ready && since === undefined) return [];
    const registeredAt = since ?? Date.now();
    this.#since.set(key, registeredAt);
    return [{ id, port, host: id, connectPort: port, draining: !ready, registeredAt }];
  }
}
