/** A resource of a stack, from a policy's arguments, from `pulumi stack export` or from `pulumi preview --json`. */
export interface StackResource {
  readonly urn: string;
  /** Its type token; the older names of Elastic Load Balancing are made one (`aws:alb/…` is `aws:lb/…`). */
  readonly type: string;
  readonly name: string;
  /** Inputs and outputs, with the engine's sentinels where a value is not known yet. */
  readonly props: Record<string, unknown>;
  /** Which resources each property was made of, by URN: how a reference is followed while its value is not known. */
  readonly references: Readonly<Record<string, readonly string[]>>;
  readonly ignoreChanges: readonly string[];
  /** The region of its provider, where the provider says one. */
  readonly region?: string;
}

export const TYPES = {
  loadBalancer: "aws:lb/loadBalancer:LoadBalancer",
  targetGroup: "aws:lb/targetGroup:TargetGroup",
  listener: "aws:lb/listener:Listener",
  listenerRule: "aws:lb/listenerRule:ListenerRule",
  targetGroupAttachment: "aws:lb/targetGroupAttachment:TargetGroupAttachment",
  group: "aws:autoscaling/group:Group",
  groupAttachment: "aws:autoscaling/attachment:Attachment",
  launchTemplate: "aws:ec2/launchTemplate:LaunchTemplate",
  instance: "aws:ec2/instance:Instance",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  securityGroupRule: "aws:ec2/securityGroupRule:SecurityGroupRule",
  securityGroupIngressRule: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
} as const;

/** Elastic Load Balancing has had several module names in the AWS provider. */
export function plainType(type: string): string {
  return type.replace(/^aws:(?:alb|elasticloadbalancingv2|applicationloadbalancing)\//, "aws:lb/");
}
