import type { StackResource } from "../../src/policy/model/resource.js";
import { arnOf, resource, unknown, urnOf } from "./program.js";

/** A Kubernetes object of a made-up stack. @param token such as `apps/v1:Deployment` */
export function object(
  token: string,
  name: string,
  props: { metadata?: object; spec?: object },
  references: Record<string, string[]> = {},
): StackResource {
  const type = `kubernetes:${token}`;
  const metadata = { name: `${name}-0a1b2c3d`, namespace: "shop", ...props.metadata };
  return {
    urn: objectUrn(token, name),
    type,
    name,
    props: { ...props, metadata },
    references,
    ignoreChanges: [],
  };
}

export const objectUrn = (token: string, name: string): string => `urn:pulumi:test::shop::kubernetes:${token}::${name}`;

/** A fleet of pods; everything that is not named is good. */
export interface PodFleet {
  readonly name: string;
  readonly weight?: unknown;
  readonly replicas?: unknown;
  readonly container?: object;
  readonly pod?: object;
  readonly spec?: object;
  readonly annotations?: Record<string, unknown>;
  /** Of its Service. */
  readonly service?: object;
  /** Leaves it out of the entrance. */
  readonly detached?: boolean;
}

/** A good pod's container, and its changes. */
const containerOf = (more: object = {}) => ({
  name: "app",
  image: "registry.example/shop:v1",
  resources: { requests: { cpu: "500m", memory: "1Gi" } },
  readinessProbe: { httpGet: { path: "/health", port: 8080 }, periodSeconds: 5 },
  lifecycle: { preStop: { sleep: { seconds: 20 } } },
  ...more,
});

function workload({ name, replicas = 2, container, pod, spec, annotations, service }: PodFleet): StackResource[] {
  const labels = { app: name };
  return [
    object("core/v1:Service", name, {
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }], ...service },
    }),
    object("apps/v1:Deployment", name, {
      metadata: { annotations: { "hitless.dev/version": `v-${name}`, ...annotations } },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { terminationGracePeriodSeconds: 60, containers: [containerOf(container)], ...pod },
        },
        ...spec,
      },
    }),
    object("policy/v1:PodDisruptionBudget", name, { spec: { maxUnavailable: 1, selector: { matchLabels: labels } } }),
  ];
}

const namespace = (labels: object = { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" }): StackResource => {
  const { namespace: _, ...metadata } = { namespace: "", name: "shop", labels };
  return { ...object("core/v1:Namespace", "shop", {}), props: { metadata } };
};

/** Pods behind an Application Load Balancer: target groups of type ip that a TargetGroupBinding each fills. */
export function boundProgram(
  fleets: readonly PodFleet[],
  more: { labels?: object; arn?: unknown; resources?: StackResource[] } = {},
): StackResource[] {
  const attached = fleets.filter(({ detached }) => !detached);
  const arn = (name: string) => more.arn ?? arnOf(name);
  return [
    namespace(more.labels),
    resource("eks/nodeGroup:NodeGroup", "nodes", { instanceTypes: ["m5.large"] }),
    resource("lb/loadBalancer:LoadBalancer", "shop", { arn: "arn:balancer", internal: false }),
    resource(
      "lb/listener:Listener",
      "http",
      {
        arn: "arn:listener",
        loadBalancerArn: "arn:balancer",
        protocol: "HTTP",
        defaultActions: [
          {
            type: "forward",
            forward: { targetGroups: attached.map(({ name, weight = 100 }) => ({ arn: arn(name), weight })) },
          },
        ],
      },
      { defaultActions: attached.map(({ name }) => urnOf("lb/targetGroup:TargetGroup", name)) },
    ),
    ...fleets.flatMap((fleet) => [
      resource("lb/targetGroup:TargetGroup", fleet.name, {
        arn: arn(fleet.name),
        targetType: "ip",
        deregistrationDelay: "30",
        healthCheck: { interval: 10, timeout: 5, unhealthyThreshold: 2, matcher: "200" },
      }),
      ...workload(fleet),
      object(
        "elbv2.k8s.aws/v1beta1:TargetGroupBinding",
        fleet.name,
        {
          spec: {
            targetGroupARN: arn(fleet.name),
            targetType: "ip",
            serviceRef: { name: `${fleet.name}-0a1b2c3d`, port: 80 },
          },
        },
        {
          spec: [urnOf("lb/targetGroup:TargetGroup", fleet.name), objectUrn("core/v1:Service", fleet.name)],
        },
      ),
    ]),
    ...(more.resources ?? []),
  ];
}

/** Pods behind a route of a Gateway. */
export function routedProgram(
  fleets: readonly PodFleet[],
  more: { rules?: unknown; ignoreChanges?: string[]; resources?: StackResource[] } = {},
): StackResource[] {
  const attached = fleets.filter(({ detached }) => !detached);
  const backendRefs = attached.map(({ name, weight = 100 }) => ({ name: `${name}-0a1b2c3d`, port: 80, weight }));
  const route = object(
    "gateway.networking.k8s.io/v1:HTTPRoute",
    "http",
    { spec: { parentRefs: [{ name: "shop" }], rules: more.rules ?? [{ backendRefs }] } },
    { spec: attached.map(({ name }) => objectUrn("core/v1:Service", name)) },
  );
  return [
    resource("eks/nodeGroup:NodeGroup", "nodes", { instanceTypes: ["m5.large"] }),
    { ...route, ignoreChanges: more.ignoreChanges ?? [] },
    ...fleets.flatMap(workload),
    ...(more.resources ?? []),
  ];
}

export { unknown };
