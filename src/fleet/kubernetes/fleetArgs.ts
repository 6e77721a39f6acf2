import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

type PodSpec = k8s.types.input.core.v1.PodSpec;
type Container = k8s.types.input.core.v1.Container;

/** An amount of a pod's resources, as Kubernetes writes them. */
export interface AmountsArgs {
  /** Processors, such as `500m` or `2`. */
  readonly cpu?: pulumi.Input<string>;
  /** Memory, such as `256Mi` or `1Gi`. */
  readonly memory?: pulumi.Input<string>;
}

/** What a pod is promised and what it may use at most. */
export interface ResourcesArgs {
  /** What the scheduler reserves for a pod. `memory` is required, `cpu` too with `fleet.scaling.cpuPercent`. A change replaces every pod. */
  readonly requests: AmountsArgs;
  /**
   * What a pod may use at most. A change replaces every pod.
   * @default memory as requested (a pod that takes more is killed before its neighbours suffer), no limit of the processor (it would
   * slow answers down while processors idle)
   */
  readonly limits?: AmountsArgs;
}

/** How a HorizontalPodAutoscaler sizes the fleet: it holds one measure at its target, and owns the number of pods then. */
export interface PodScalingArgs {
  /** Average processor use, in percent of what the pods request, above 0. */
  readonly cpuPercent?: pulumi.Input<number>;
  /** Average memory use, in percent of what the pods request, above 0. */
  readonly memoryPercent?: pulumi.Input<number>;
}

/** Where pods run and how many: what `kubernetes({…})` takes. */
export interface KubernetesFleetArgs {
  /** The namespace, which must be there. A change replaces the Deployment. */
  readonly namespace: pulumi.Input<string>;
  /**
   * How many pods, a plain whole number of at least 1. A change updates the Deployment in place. With `scaling` it is only the size
   * to start with, and later changes show nothing.
   */
  readonly desiredCapacity: number;
  /**
   * The fewest pods, for an autoscaler and for gates.
   * @default desiredCapacity
   */
  readonly minSize?: number;
  /**
   * The most pods; required with `scaling`. Gates that have to make the fleet larger for its share of the users keep to it as well.
   * @default desiredCapacity
   */
  readonly maxSize?: number;
  /** What each pod is promised and may use. A change replaces every pod. */
  readonly resources: ResourcesArgs;
  /**
   * The port that the app listens on, 1 to 65535. A change replaces every pod, and the target group as well, which a gate refuses
   * while it serves.
   * @default 8080
   */
  readonly port?: pulumi.Input<number>;
  /**
   * The VPC of the cluster's pods; required behind an Application Load Balancer. A change replaces the target group, which a gate refuses
   * while it serves.
   * @default none
   */
  readonly vpcId?: pulumi.Input<string>;
  /**
   * The load balancer's security groups: the AWS Load Balancer Controller then lets them in to the pods, on the port. A change updates
   * the TargetGroupBinding in place.
   * @default none: the pods' security groups let the load balancer in already
   */
  readonly loadBalancerSecurityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * How an autoscaler sizes the fleet.
   * @default none: the program decides
   */
  readonly scaling?: PodScalingArgs;
  /**
   * Environment variables of every release; a release's own win. A change replaces every pod.
   * @default none
   */
  readonly env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * The service account of the pods; its token is mounted only then. A change replaces every pod.
   * @default the namespace's default, without a token
   */
  readonly serviceAccountName?: pulumi.Input<string>;
  /**
   * Names of secrets that images are pulled with. A change replaces every pod.
   * @default none
   */
  readonly imagePullSecrets?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The user that the app runs as: a whole number above 0. A change replaces every pod.
   * @default the image's own, which must be a number other than 0
   */
  readonly runAsUser?: pulumi.Input<number>;
  /**
   * Whether the app may write to its image's file system. A change replaces every pod.
   * @default true: it may write to `writablePaths` only
   */
  readonly readOnlyRootFilesystem?: boolean;
  /**
   * Folders that the app may write to; empty when a pod starts. A change replaces every pod.
   * @default ["/tmp"]
   */
  readonly writablePaths?: string[];
  /**
   * Seconds that the app needs to end once it is told to (SIGTERM), 1 to 3600. It comes on top of the drain. A change replaces every pod.
   * @default 30
   */
  readonly shutdownSeconds?: pulumi.Input<number>;
  /**
   * Seconds from the deletion of a pod to its being killed; at least what the drain takes, and one more. Instead of
   * `shutdownSeconds`. A change replaces every pod.
   * @default drainSeconds + 15 + shutdownSeconds
   */
  readonly terminationGracePeriodSeconds?: pulumi.Input<number>;
  /**
   * Labels of the Deployment and its pods. A change replaces every pod.
   * @default none
   */
  readonly labels?: Record<string, string>;
  /**
   * More of the pod's specification (node selector, tolerations, volumes, sidecars …). What Hitless sets itself is refused here.
   * A change replaces every pod.
   * @default none
   */
  readonly pod?: Partial<PodSpec>;
  /**
   * More of the app's container (volume mounts, liveness probe …). What Hitless sets itself is refused here. A change replaces every pod.
   * @default none
   */
  readonly container?: Partial<Container>;
}
