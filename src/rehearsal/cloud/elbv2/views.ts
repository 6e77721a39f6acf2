import type { Listener, LoadBalancer, Rule, TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ListenerRecord, LoadBalancerRecord, RuleRecord, TargetGroupRecord } from "./model.js";
import type { Store } from "./store.js";

/** As DescribeLoadBalancers shows it. */
export function loadBalancerView(record: LoadBalancerRecord): LoadBalancer {
  return {
    LoadBalancerArn: record.arn,
    DNSName: record.address,
    // AWS's hosted zone of load balancers in us-east-1; aliases need one, whichever it is.
    CanonicalHostedZoneId: "Z35SXDOTRQ7X7K",
    CreatedTime: record.createdAt,
    LoadBalancerName: record.name,
    Scheme: record.scheme,
    VpcId: record.vpcId,
    State: { Code: "active" },
    Type: "application",
    AvailabilityZones: zonesView(record),
    SecurityGroups: [...record.securityGroups],
    IpAddressType: record.ipAddressType as LoadBalancer["IpAddressType"],
  };
}

/** The zones of a load balancer, each with its subnet. */
export function zonesView(record: LoadBalancerRecord): NonNullable<LoadBalancer["AvailabilityZones"]> {
  return record.zones.map(({ zoneName, subnetId }) => ({
    ZoneName: zoneName,
    SubnetId: subnetId,
    LoadBalancerAddresses: [],
  }));
}

/** As DescribeTargetGroups shows it. */
export function targetGroupView(record: TargetGroupRecord, store: Store): TargetGroup {
  const { healthCheck } = record;
  const loadBalancer = store.loadBalancerOf(record.arn);
  return {
    TargetGroupArn: record.arn,
    TargetGroupName: record.name,
    Protocol: record.protocol,
    Port: record.port,
    VpcId: record.vpcId,
    HealthCheckProtocol: healthCheck.protocol,
    HealthCheckPort: healthCheck.port,
    HealthCheckEnabled: healthCheck.enabled,
    HealthCheckIntervalSeconds: healthCheck.intervalSeconds,
    HealthCheckTimeoutSeconds: healthCheck.timeoutSeconds,
    HealthyThresholdCount: healthCheck.healthyThreshold,
    UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
    HealthCheckPath: healthCheck.path,
    Matcher: { HttpCode: healthCheck.matcher },
    LoadBalancerArns: loadBalancer ? [loadBalancer.arn] : [],
    TargetType: record.targetType,
    ProtocolVersion: "HTTP1",
    IpAddressType: record.ipAddressType as TargetGroup["IpAddressType"],
  };
}

/** As DescribeListeners shows it. */
export function listenerView(record: ListenerRecord, store: Store): Listener {
  return {
    ListenerArn: record.arn,
    LoadBalancerArn: record.loadBalancerArn,
    Port: record.port,
    Protocol: record.protocol,
    ...(record.tls && {
      Certificates: [{ CertificateArn: record.tls.certificateArn }],
      SslPolicy: record.tls.sslPolicy,
      MutualAuthentication: { Mode: "off" },
    }),
    DefaultActions: [...store.defaultRuleOf(record.arn).actions],
  };
}

/** As DescribeRules shows it. */
export function ruleView(record: RuleRecord): Rule {
  const isDefault = record.priority === Number.POSITIVE_INFINITY;
  return {
    RuleArn: record.arn,
    Priority: isDefault ? "default" : String(record.priority),
    Conditions: [...record.conditions],
    Actions: [...record.actions],
    IsDefault: isDefault,
  };
}
