/**
 * What a program that runs pods imports from `hitless/kubernetes`, beside the strategies of `hitless`. Programs on EC2 do not load it, nor
 * `@pulumi/kubernetes`.
 */
import type { KubernetesFleetArgs } from "../fleet/kubernetes/fleetArgs.js";
import { kubernetesPlatform } from "../fleet/kubernetes/kubernetesPlatform.js";
import { PLATFORM, type PlatformFleet } from "../fleet/platform.js";
import { FRONT } from "../traffic/front.js";
import type { GatewayEntrance, GatewayEntranceArgs } from "../traffic/gateway/gatewayArgs.js";
import { gatewayFront } from "../traffic/gateway/gatewayFront.js";

export type {
  AmountsArgs,
  KubernetesFleetArgs,
  PodScalingArgs,
  ResourcesArgs,
} from "../fleet/kubernetes/fleetArgs.js";
export type { GatewayEntrance, GatewayEntranceArgs, GatewayHeaderArgs } from "../traffic/gateway/gatewayArgs.js";
export {
  type KubernetesEntranceNodes,
  type KubernetesEnvironmentNodes,
  type KubernetesFleetNodes,
  type KubernetesPairNodes,
  type KubernetesReleaseNodes,
  type KubernetesRollingNodes,
  type KubernetesVersionNodes,
  kubernetesNodes,
} from "./nodes.js";

/** What `kubernetes({…})` answers: the arguments, and what makes of them a fleet. */
export type KubernetesFleet = KubernetesFleetArgs & PlatformFleet;

/**
 * A fleet of pods, for the `fleet` of any strategy: a Deployment, with all that it takes to lose no request when pods come and go. Behind an
 * Application Load Balancer it needs the AWS Load Balancer Controller in the cluster, and readiness gates in its namespace (label
 * `elbv2.k8s.aws/pod-readiness-gate-inject: enabled`).
 *
 * Gates reach the cluster as the component's Kubernetes provider does, and need in the fleet's namespace, on top of what the resources
 * need: `get` and `list` of Deployments, ReplicaSets, pods, their logs and events, and HorizontalPodAutoscalers; `patch` of Deployments
 * and of their `scale`; with a Gateway also `list` of EndpointSlices and `get`, `list` and `patch` of HTTPRoutes. Logs and events only
 * show why a pod failed.
 *
 * @example
 * ```ts
 * import { RollingFleet } from "hitless";
 * import { gateway, kubernetes } from "hitless/kubernetes";
 *
 * const web = new RollingFleet("web", {
 *   release: { version: "v2", image: "registry.example.com/web:v2" },
 *   fleet: kubernetes({
 *     namespace: "shop",
 *     desiredCapacity: 6,
 *     resources: { requests: { cpu: "250m", memory: "256Mi" } },
 *   }),
 *   entrance: gateway({ gateway: "public", gatewayNamespace: "infra", hosts: ["shop.example.com"] }),
 *   healthCheck: { path: "/health" },
 * });
 * export const version = web.version;
 * ```
 */
export function kubernetes(args: KubernetesFleetArgs): KubernetesFleet {
  return { ...args, [PLATFORM]: kubernetesPlatform };
}

/**
 * An entrance at a Gateway of the Gateway API, for the `entrance` of any strategy whose fleet is `kubernetes({…})`: weights and headers are
 * those of an HTTPRoute of the component's own.
 */
export function gateway(args: GatewayEntranceArgs): GatewayEntrance {
  return { ...args, [FRONT]: gatewayFront };
}
