import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";

/*
 * What load balancing remembers. Records are replaced, never changed: a change that the data plane refuses is undone by
 * putting the old record back.
 */

export interface LoadBalancerRecord {
  readonly arn: string;
  readonly name: string;
  /** `app/NAME/ID`: the middle of every ARN below it, and the metrics' LoadBalancer dimension. */
  readonly path: string;
  /** The loopback address that it listens on, and its DNSName. */
  readonly address: string;
  readonly scheme: "internet-facing" | "internal";
  readonly createdAt: Date;
  readonly vpcId: string;
  readonly zones: readonly { readonly zoneName: string; readonly subnetId: string }[];
  readonly securityGroups: readonly string[];
  readonly ipAddressType: string;
  readonly attributes: Attributes;
}

export interface TargetGroupRecord {
  readonly arn: string;
  readonly name: string;
  /** `targetgroup/NAME/ID`, the metrics' TargetGroup dimension. */
  readonly path: string;
  readonly protocol: "HTTP" | "HTTPS";
  readonly port: number;
  readonly vpcId: string;
  readonly targetType: "instance" | "ip";
  readonly ipAddressType: string;
  readonly healthCheck: HealthCheckSettings;
  readonly attributes: Attributes;
}

export interface HealthCheckSettings {
  readonly enabled: boolean;
  readonly protocol: "HTTP" | "HTTPS";
  readonly port: string;
  readonly path: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  readonly matcher: string;
}

export interface ListenerRecord {
  readonly arn: string;
  readonly loadBalancerArn: string;
  /** `app/NAME/LB-ID/ID`, for its rules' ARNs. */
  readonly path: string;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  /** Of an HTTPS listener. */
  readonly tls?: { readonly certificateArn: string; readonly sslPolicy: string } | undefined;
  readonly attributes: Attributes;
}

export interface RuleRecord {
  readonly arn: string;
  readonly listenerArn: string;
  /** Infinity marks the listener's default rule. */
  readonly priority: number;
  readonly conditions: readonly RuleCondition[];
  readonly actions: readonly Action[];
  /** When a call came that changed where the rule's requests go, wall clock milliseconds; absent since its creation. */
  readonly weightsChangedAt?: number;
}

/** Attributes by AWS key, defaults filled in. */
export type Attributes = Readonly<Record<string, string>>;
