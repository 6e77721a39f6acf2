import type { BalancerConfig, HealthCheckConfig, TargetConfig, TargetGroupConfig } from "../balancer/dataPlane.js";
import type { ListenerCertificates } from "./certificates.js";
import type { HealthCheckSettings, LoadBalancerRecord, TargetGroupRecord } from "./model.js";
import type { Store } from "./store.js";
import type { Target, TargetTable } from "./targetTable.js";

/** One load balancer whole, as the data plane takes it. */
export function balancerConfig(
  loadBalancer: LoadBalancerRecord,
  from: {
    readonly store: Store;
    readonly targets: TargetTable;
    readonly certificates: ListenerCertificates;
  },
): BalancerConfig {
  const { store } = from;
  return {
    arn: loadBalancer.arn,
    name: loadBalancer.name,
    address: loadBalancer.address,
    attributes: loadBalancer.attributes,
    listeners: store.listenersOf(loadBalancer.arn).map(({ arn, port, protocol, tls }) => {
      const certificate = tls && from.certificates.of(tls.certificateArn, loadBalancer.address);
      return {
        arn,
        port,
        protocol,
        ...(certificate && { certificate }),
        rules: store
          .rulesOf(arn)
          .map(({ arn, priority, conditions, actions }) => ({ arn, priority, conditions, actions })),
      };
    }),
    targetGroups: store.groupsOf(loadBalancer.arn).map((group) => groupConfig(group, loadBalancer, from)),
  };
}

function groupConfig(
  group: TargetGroupRecord,
  loadBalancer: LoadBalancerRecord,
  { targets }: { readonly targets: TargetTable },
): TargetGroupConfig {
  const zones = new Set(loadBalancer.zones.map((zone) => zone.zoneName));
  return {
    arn: group.arn,
    name: group.name,
    protocol: group.protocol,
    healthCheck: healthCheckConfig(group.healthCheck),
    attributes: group.attributes,
    targets: targets.list(group.arn).flatMap((target) => targetConfig(target, zones)),
  };
}

function targetConfig({ id, port, place, drain, registeredAt }: Target, zones: ReadonlySet<string>): TargetConfig[] {
  // Targets in a zone that the load balancer does not have are `unused`: no checks, no requests.
  if (place && !zones.has(place.zone)) return [];
  const [host, connectPort] = [place?.host ?? id, place?.port ?? port];
  return [{ id, port, host, connectPort, draining: drain !== undefined, registeredAt }];
}

function healthCheckConfig(settings: HealthCheckSettings): HealthCheckConfig {
  const { port, ...rest } = settings;
  return { ...rest, ...(port !== "traffic-port" && { port: Number(port) }) };
}
