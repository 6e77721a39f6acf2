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
  nodeGroup: "aws:eks/nodeGroup:NodeGroup",
  deployment: "kubernetes:apps/v1:Deployment",
  service: "kubernetes:core/v1:Service",
  namespace: "kubernetes:core/v1:Namespace",
  podAutoscaler: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  disruptionBudget: "kubernetes:policy/v1:PodDisruptionBudget",
  targetGroupBinding: "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding",
  httpRoute: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
  /** Where our components remember since when a fleet is idle. */
  stash: "pulumi:index:Stash",
} as const;

/** Elastic Load Balancing has had several module names in the AWS provider, and HTTPRoute had a beta with the same fields. */
export function plainType(type: string): string {
  if (type === "kubernetes:gateway.networking.k8s.io/v1beta1:HTTPRoute") return TYPES.httpRoute;
  return type.replace(/^aws:(?:alb|elasticloadbalancingv2|applicationloadbalancing)\//, "aws:lb/");
}
