/** Where the local cloud answers otherwise than moto, and why it is left so. */
export interface Difference {
  readonly what: string;
  /** The lines of moto_compare.py that it covers. */
  readonly lines: RegExp;
  readonly reason: string;
}

export const motoDifferences: readonly Difference[] = [
  {
    what: "an empty list (tags, alarms, addresses) or a description that moto leaves out",
    lines:
      /^(ec2:(CreateSecurityGroup|DeleteLaunchTemplate)|elbv2:(CreateLoadBalancer|CreateTargetGroup)|autoscaling:(PutScalingPolicy|DescribePolicies)) .*\[\]: moto nothing, the local cloud empty$/,
    reason: "clients read both alike",
  },
  {
    what: "owner and ARN of security group rules; creator and versions of a deleted launch template",
    lines:
      /^ec2:(AuthorizeSecurityGroupIngress SecurityGroupRules\[\]\.(GroupOwnerId|SecurityGroupRuleArn)|DeleteLaunchTemplate LaunchTemplate\.(CreateTime|CreatedBy|LatestVersionNumber)): moto nothing/,
    reason: "AWS's model has them; moto leaves them out",
  },
  {
    what: "a launch template version made from a source version",
    lines: /^ec2:(Create|Describe)LaunchTemplateVersions? .*LaunchTemplateData\.ImageId: moto nothing/,
    reason: "the new version inherits what it does not give (model, SourceVersion); moto drops it",
  },
  {
    what: "a new load balancer is active, and its scheme is told",
    lines: /^elbv2:CreateLoadBalancer LoadBalancers\[\]\.(Scheme|State\.Code|CanonicalHostedZoneId): /,
    reason: "nothing needs provisioning here, and clients wait for active anyway; the hosted zone is that of us-east-1",
  },
  {
    what: "attributes of load balancers and target groups",
    lines: /^elbv2:Describe(LoadBalancer|TargetGroup)Attributes Attributes\[/,
    reason:
      "the local cloud has all that AWS's model lists, with the guide's defaults; moto has a few, and says that cross-zone balancing is off, which application load balancers always have on",
  },
  {
    what: "TLS policy and ALPN of an HTTP listener",
    lines: /^elbv2:(Create|Modify)Listener Listeners\[\]\.(AlpnPolicy\[\]|SslPolicy): /,
    reason: "an HTTP listener has none",
  },
  {
    what: "a second listener on a port",
    lines: /^elbv2:CreateListener: moto takes it, the local cloud DuplicateListener$/,
    reason: "AWS refuses it with this code (model, CreateListener)",
  },
  {
    what: "what a rule reads back",
    lines:
      /^elbv2:(Create|Describe)Rules? Rules\[\d+\]\.(Actions\[\]\.TargetGroupArn|Conditions\[\]\.PathPatternConfig)/,
    reason: "AWS reads a single target group and a condition back in both their forms",
  },
  {
    what: "the state of a new alarm",
    lines:
      /^cloudwatch:DescribeAlarms MetricAlarms\[\]\.(Metrics\[\]|StateReasonData|StateTransitionedTimestamp|StateValue): /,
    reason: "a new alarm has INSUFFICIENT_DATA and no reason data until its first evaluation (CloudWatch user guide)",
  },
  {
    what: "a group that exists, and a desired capacity beyond the maximum",
    lines:
      /^autoscaling:(CreateAutoScalingGroup: moto takes it, the local cloud AlreadyExists|SetDesiredCapacity: moto takes it)/,
    reason: "AWS refuses both (model)",
  },
  {
    what: "fields of a described group that moto does not know",
    lines:
      /^autoscaling:DescribeAutoScalingGroups AutoScalingGroups\[\]\.(AvailabilityZone|CapacityReservation|DeletionProtection|TrafficSources)/,
    reason: "AWS's model has them",
  },
  {
    what: "the health check grace period that is not given",
    lines:
      /^autoscaling:DescribeAutoScalingGroups AutoScalingGroups\[\]\.HealthCheckGracePeriod: moto 300, the local cloud 0$/,
    reason: "0 in the API (model); 300 is the console's and the provider's",
  },
  {
    what: "the state of a target group that the group was made with",
    lines: /^autoscaling:DescribeLoadBalancerTargetGroups .*State: moto Added, the local cloud InService$/,
    reason: "such a one is InService at once (model, LoadBalancerTargetGroupState)",
  },
  {
    what: "where a lifecycle hook tells of itself",
    lines: /^autoscaling:DescribeLifecycleHooks LifecycleHooks\[\]\.(NotificationTargetARN|RoleARN): moto <made up>/,
    reason: "moto makes up a target and a role that nobody gave",
  },
  {
    what: "the ARN, the switch and the cooldown of a scaling policy",
    lines: /^autoscaling:(PutScalingPolicy PolicyARN|DescribePolicies ScalingPolicies\[\]\.(Cooldown|Enabled)): /,
    reason: "the answer carries the ARN and the switch (model); a cooldown that is not given is the group's own",
  },
];
