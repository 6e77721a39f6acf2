import type { EventEmitter } from "node:events";
import type { Action, RuleCondition, TargetHealthReasonEnum } from "@aws-sdk/client-elastic-load-balancing-v2";

/** What the data plane needs to know of one target. Targets that left the group are simply not listed any more. */
export interface TargetConfig {
  /** Instance id or IP address, as registered. */
  readonly id: string;
  readonly port: number;
  /** Where connections really go. */
  readonly host: string;
  readonly connectPort: number;
  /** Deregistered and draining: no new requests, no health checks; what is in flight may finish. */
  readonly draining: boolean;
  /** Wall clock ms of registration; slow start counts from the moment the target turned healthy. */
  readonly registeredAt: number;
}

export interface HealthCheckConfig {
  readonly enabled: boolean;
  readonly protocol: "HTTP" | "HTTPS";
  readonly path: string;
  /** `traffic-port` resolved by the reader: absent means the target's own connectPort. */
  readonly port?: number;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** AWS's matcher: "200", "200,202", "200-299". */
  readonly matcher: string;
}

export interface TargetGroupConfig {
  readonly arn: string;
  readonly name: string;
  readonly protocol: "HTTP" | "HTTPS";
  readonly healthCheck: HealthCheckConfig;
  /** Target group attributes by AWS key, defaults filled in: `deregistration_delay.timeout_seconds`, `stickiness.enabled` … */
  readonly attributes: Readonly<Record<string, string>>;
  readonly targets: readonly TargetConfig[];
  /**
   * What becomes of requests at a target that is not listed any more. An Application Load Balancer lists it until its deregistration delay
   * has elapsed, and cuts them then; a Gateway is never told such a delay, and lets them finish.
   * @default "cut"
   */
  readonly whenUnlisted?: "cut" | "finish";
}

export interface RuleConfig {
  readonly arn: string;
  /** 1 to 50000; the default rule is Infinity. */
  readonly priority: number;
  readonly conditions: readonly RuleCondition[];
  readonly actions: readonly Action[];
}

export interface ListenerConfig {
  readonly arn: string;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  /** Certificate and key (PEM) of an HTTPS listener; without it one is made for the rehearsal. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** Ascending by priority, the default rule last. */
  readonly rules: readonly RuleConfig[];
}

/** The whole of one load balancer. It is always sent whole: applying the same configuration twice changes nothing. */
export interface BalancerConfig {
  readonly arn: string;
  readonly name: string;
  /** The loopback address that the balancer's DNSName names. */
  readonly address: string;
  /** Load balancer attributes by AWS key, defaults filled in: `idle_timeout.timeout_seconds` … */
  readonly attributes: Readonly<Record<string, string>>;
  readonly listeners: readonly ListenerConfig[];
  /** Every group that a rule of this balancer names. */
  readonly targetGroups: readonly TargetGroupConfig[];
}

/** What health checks found; `unused` and `draining` are the control plane's to say. */
export interface TargetHealthChange {
  readonly targetGroupArn: string;
  readonly targetId: string;
  readonly port: number;
  readonly state: "initial" | "healthy" | "unhealthy" | "unavailable";
  readonly reason?: TargetHealthReasonEnum;
  readonly description?: string;
}

/** Counts since the last report, of one balancer as a whole (no target group) or of one of its target groups. */
export interface BalancerCounts {
  readonly loadBalancerArn: string;
  readonly targetGroupArn?: string;
  readonly at: number;
  readonly requests: number;
  readonly targetStatus: { "2xx": number; "3xx": number; "4xx": number; "5xx": number };
  readonly elbStatus: { "4xx": number; "500": number; "502": number; "503": number; "504": number };
  readonly targetConnectionErrors: number;
  readonly newConnections: number;
  readonly activeConnections: number;
  readonly processedBytes: number;
  /** Seconds from the request's leaving the balancer to the response's first byte; one entry per answered request. */
  readonly targetResponseSeconds: readonly number[];
}

/** Deliberate faults, for the sabotaged twins that show that a rehearsal's zero means something. */
export interface DataPlaneFaults {
  /** Cuts a target's connections the moment it is deregistered instead of letting requests finish. */
  readonly skipDraining?: boolean;
  /** Sends requests to targets that are not healthy as well. */
  readonly ignoreHealth?: boolean;
  /** Seconds (AWS) until a changed rule or weight is used. */
  readonly propagationSeconds?: number;
}

/** The load balancers' data plane: real listeners, real connections, real health checks. */
export interface DataPlane {
  /** Resolves once the configuration is in use; rejects in one sentence when a listener cannot listen. */
  apply(config: BalancerConfig): Promise<void>;
  /** Closes the listeners, ends idle connections, and lets requests in flight finish for a short while. */
  remove(loadBalancerArn: string): Promise<void>;
  setFaults(faults: DataPlaneFaults): Promise<void>;
  readonly events: EventEmitter<{ health: [TargetHealthChange]; counts: [BalancerCounts[]] }>;
  close(): Promise<void>;
}
