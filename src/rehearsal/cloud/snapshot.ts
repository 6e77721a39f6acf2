/** What `GET /_hitless/snapshot` answers: the cloud as a rehearsal samples it, in one consistent picture. */
export interface CloudSnapshot {
  readonly at: number;
  readonly groups: readonly GroupSnapshot[];
  readonly targetGroups: readonly TargetGroupSnapshot[];
  readonly listeners: readonly ListenerSnapshot[];
}

export interface GroupSnapshot {
  readonly name: string;
  readonly minSize: number;
  readonly desiredCapacity: number;
  readonly maxSize: number;
  readonly launchTemplateVersion?: string;
  readonly healthCheckGracePeriodSeconds: number;
  readonly defaultInstanceWarmupSeconds?: number;
  readonly targetGroupArns: readonly string[];
  readonly instances: readonly InstanceSnapshot[];
  readonly refresh?: {
    readonly id: string;
    readonly status: string;
    readonly statusReason?: string;
    readonly percentageComplete: number;
    readonly instancesToUpdate: number;
    readonly targetVersion?: string;
  };
}

export interface InstanceSnapshot {
  readonly instanceId: string;
  /** AWS's lifecycle state: Pending, InService, Terminating:Wait … */
  readonly lifecycleState: string;
  readonly healthStatus: string;
  readonly launchTemplateVersion?: string;
  readonly launchedAt: number;
  /** When it was first healthy in the balancer's eyes, if ever. */
  readonly firstHealthyAt?: number;
  readonly targetHealth?: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface TargetGroupSnapshot {
  readonly arn: string;
  readonly name: string;
  readonly deregistrationDelaySeconds: number;
  readonly healthCheckIntervalSeconds: number;
  readonly targets: readonly { readonly id: string; readonly state: string; readonly reason?: string }[];
}

export interface ListenerSnapshot {
  readonly arn: string;
  readonly loadBalancerArn: string;
  readonly url: string;
  readonly rules: readonly {
    readonly arn: string;
    readonly priority: number | "default";
    readonly weights: readonly { readonly targetGroupArn: string; readonly weight: number }[];
    /** When the newest call came that changed the weights, wall clock milliseconds; absent since the rule's creation. */
    readonly weightsChangedAt?: number;
  }[];
}

/** What `GET /_hitless/status` answers. */
export interface CloudStatus {
  readonly version: string;
  readonly pid: number;
  readonly speed: number;
  readonly isolation: "namespace" | "loopback" | "paper";
  readonly isolationReason?: string;
  /** The Availability Zones that there are: `us-east-1a` … */
  readonly zones: readonly string[];
}

/** What `PUT /_hitless/faults` takes; an empty object mends everything. */
export interface CloudFaults {
  readonly skipDraining?: boolean;
  readonly ignoreHealth?: boolean;
  readonly propagationSeconds?: number;
  /** Share of API calls answered with Throttling, 0 to 1. */
  readonly throttleShare?: number;
  /** Share of API calls answered with a 5xx, 0 to 1. */
  readonly apiErrorShare?: number;
  /** Real seconds that every API call takes longer. */
  readonly apiLatencySeconds?: number;
  /** AWS seconds by which repeated questions are answered from the past (eventual consistency). */
  readonly consistencyDelaySeconds?: number;
  /** AWS seconds that instances stay `pending` longer. */
  readonly bootDelaySeconds?: number;
  /** Share of launches that fail after `pending`, 0 to 1. */
  readonly bootFailureShare?: number;
  /** Availability Zones without power: their instances are killed at once, and launches there are refused. */
  readonly lostZones?: readonly string[];
}
