import type * as lb from "@pulumi/aws/lb";
import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import type { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import type { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import { refusal } from "../errors/faults.js";
import type { BlueGreenPair } from "../strategies/blueGreenPair/blueGreenPair.js";
import type { CanaryRelease } from "../strategies/canaryRelease/canaryRelease.js";
import type { RollingFleet } from "../strategies/rollingFleet/rollingFleet.js";

/** The resources of one fleet on Kubernetes. */
export interface KubernetesFleetNodes {
  readonly deployment: Deployment;
  readonly disruptionBudget: PodDisruptionBudget;
  readonly service: Service;
  /** With `fleet.scaling`. */
  readonly autoscaler?: HorizontalPodAutoscaler;
  /** Behind an Application Load Balancer. */
  readonly targetGroup?: lb.TargetGroup;
  /** Behind an Application Load Balancer. */
  readonly targetGroupBinding?: CustomResource;
}

/** What holds the weights. */
export interface KubernetesEntranceNodes {
  /** With `gateway({…})`. */
  readonly httpRoute?: CustomResource;
  /** With `entrance.loadBalancerArn`. */
  readonly listener?: lb.Listener;
  /** With `entrance.listenerArn`. */
  readonly listenerRule?: lb.ListenerRule;
}

/** The resources of a `RollingFleet` on Kubernetes. */
export interface KubernetesRollingNodes extends KubernetesFleetNodes, KubernetesEntranceNodes {}

/** The resources of an environment of a `BlueGreenPair` on Kubernetes. */
export interface KubernetesEnvironmentNodes extends KubernetesFleetNodes {
  /** With `gateway({…})`. */
  readonly previewRoute?: CustomResource;
  /** Behind an Application Load Balancer, with a header or a cookie, or `preview.sourceCidrs`. */
  readonly previewRule?: lb.ListenerRule;
  /** Behind an Application Load Balancer, with `preview.ports`. */
  readonly previewListener?: lb.Listener;
}

/** The resources of a `BlueGreenPair` on Kubernetes. */
export interface KubernetesPairNodes extends KubernetesEntranceNodes {
  readonly blue: KubernetesEnvironmentNodes;
  readonly green: KubernetesEnvironmentNodes;
  /** The live environment's, with `fleet.scaling`. */
  readonly autoscaler?: HorizontalPodAutoscaler;
}

/** The resources of a version of a `CanaryRelease` on Kubernetes. */
export interface KubernetesVersionNodes extends KubernetesFleetNodes {
  readonly version: string;
  /** With an audience and `gateway({…})`. */
  readonly audienceRoute?: CustomResource;
  /** With an audience behind an Application Load Balancer. */
  readonly audienceRule?: lb.ListenerRule;
}

/** The resources of a `CanaryRelease` on Kubernetes. */
export interface KubernetesReleaseNodes extends KubernetesEntranceNodes {
  /** The stable version first, then the canary, the others and the previous one. */
  readonly versions: readonly KubernetesVersionNodes[];
}

/**
 * The resources that a component on Kubernetes is made of, with their types; `component.nodes` has the same ones, typed for EC2.
 * @throws HitlessError where its fleet is not on Kubernetes
 */
export function kubernetesNodes(component: RollingFleet): KubernetesRollingNodes;
export function kubernetesNodes(component: BlueGreenPair): KubernetesPairNodes;
export function kubernetesNodes(component: CanaryRelease): KubernetesReleaseNodes;
export function kubernetesNodes(component: RollingFleet | BlueGreenPair | CanaryRelease): object {
  const nodes: object = component.nodes;
  const fleet = "blue" in nodes ? nodes.blue : "versions" in nodes ? (nodes.versions as object[])[0] : nodes;
  if ("deployment" in (fleet as object)) return nodes;
  throw refusal("kubernetesNodes", {
    code: "HIT264",
    problem: "this component's fleet is on EC2 and has no Deployment.",
    fix: "read component.nodes instead",
  });
}
