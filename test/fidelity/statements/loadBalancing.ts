import type { Section, Statement } from "./model.js";

/** Elastic Load Balancing v2, control plane. */
const statements: readonly Statement[] = [
  { id: "A-01", says: "a target group's weight in a forward action is 0 to 999", source: "model" },
  { id: "A-02", says: "with more than one target group in an action each must have a weight", source: "model" },
  { id: "A-04", says: "an action has at most five target groups", source: "ALB guide, quotas" },
  { id: "A-05", says: "a load balancer has at most 100 target groups", source: "ALB guide, quotas" },
  { id: "A-06", says: "a target group belongs to one load balancer at most", source: "ALB guide, quotas" },
  { id: "A-07", says: "a load balancer has at most 1,000 targets", source: "ALB guide, quotas" },
  { id: "A-08", says: "a load balancer has at most 100 rules, defaults not counted", source: "ALB guide, quotas" },
  { id: "A-09", says: "a load balancer has at most 50 listeners", source: "ALB guide, quotas" },
  { id: "A-10", says: "names of load balancers and target groups have at most 32 characters", source: "model" },
  {
    id: "A-11",
    says: "target group stickiness lasts 1 to 604800 seconds, and the duration is required when it is enabled",
    source: "model, TargetGroupStickinessConfig",
  },
  {
    id: "A-13",
    says: "where a target group of an action has target stickiness, the action must have group stickiness",
    source: "ALB guide, listeners",
  },
  {
    id: "A-15",
    says: "a target group at weight 0 stays in use: its targets are checked, not unused",
    source: "field: CodeDeploy keeps its idle group at 0 for this",
  },
  { id: "A-16", says: "a target group at weight 0 cannot be deleted", source: "model, DeleteTargetGroup" },
  {
    id: "A-21",
    says: "creating a load balancer, target group or listener again with the same settings answers the one that is there",
    source: "model",
  },
  { id: "A-22", says: "ModifyRule and ModifyListener replace whole lists", source: "model" },
  {
    id: "A-23",
    says: "a rule has at most one condition each of host-header, path-pattern, http-request-method and source-ip, and any number of http-header and query-string",
    source: "model, CreateRule",
  },
  {
    id: "A-24",
    says: "a condition has at most three values, a rule five values and five wildcards",
    source: "ALB guide, quotas",
  },
  {
    id: "A-25",
    says: "condition strings have at most 128 characters, header names 40; a header name is not Host and has no wildcard",
    source: "model",
  },
  {
    id: "A-29",
    says: "rules may rewrite the request (Transforms)",
    source: "model",
    notServed: "newer than what the components use; refused by name",
  },
  {
    id: "A-30",
    says: "a rule's priority is 1 to 50000; the lowest is tried first, the default rule last",
    source: "model",
  },
  {
    id: "A-71",
    says: "host-header, path-pattern and http-header conditions may have regular expressions instead of values",
    source: "model, RegexValues",
  },
  { id: "A-31", says: "the health check interval is 5 to 300 seconds, 30 by default", source: "model" },
  {
    id: "A-32",
    says: "the health check timeout is 2 to 120 seconds, 5 by default for HTTP and HTTPS",
    source: "ALB guide (the model says 6 and 10)",
  },
  { id: "A-33", says: "the health thresholds are 2 to 10: 5 healthy and 2 unhealthy by default", source: "model" },
  {
    id: "A-34",
    says: "the matcher takes codes of 200 to 499, 200 by default; the path is / and the port traffic-port",
    source: "model",
  },
  {
    id: "A-39",
    says: "a registered target is initial, with the reason Elb.RegistrationInProgress or Elb.InitialHealthChecking",
    source: "model",
  },
  {
    id: "A-41",
    says: "a target is unused with the reason Target.NotInUse where its group is in no rule or its zone is not enabled, and Target.NotRegistered where it is unknown",
    source: "model",
  },
  {
    id: "A-42",
    says: "a deregistered target is draining (Target.DeregistrationInProgress); one without checks is unavailable (Target.HealthCheckDisabled)",
    source: "model",
  },
  { id: "A-43", says: "health checks run only once the target group is in a rule", source: "model" },
  {
    id: "A-44",
    says: "network load balancers have the state unhealthy.draining",
    source: "model",
    notServed: "the local cloud has application load balancers only",
  },
  {
    id: "A-46",
    says: "the DNS failover thresholds are attributes of a target group",
    source: "model; ALB guide",
  },
  {
    id: "A-83",
    says: "a DNS failover threshold is at least that of routing failover",
    source: "ALB guide, target group health",
    notServed: "there is no DNS to fail over; no source says whether the API refuses a smaller one, so it is taken",
  },
  {
    id: "A-84",
    says: "targets may also be unused with Target.InvalidState or Target.IpUnusable, and unhealthy with Elb.InternalError",
    source: "model, TargetHealthReasonEnum",
    notServed:
      "instances here do not stop, addresses are not taken away, and the balancer's own failures end the cloud",
  },
  { id: "A-47", says: "the deregistration delay is 0 to 3600 seconds, 300 by default", source: "ALB guide" },
  { id: "A-48", says: "a target stays draining for the whole delay, idle or not", source: "ALB guide" },
  {
    id: "A-51",
    says: "slow start is 0 or 30 to 900 seconds, and not with least_outstanding_requests",
    source: "ALB guide",
  },
  {
    id: "A-53",
    says: "the algorithms are round_robin (default), least_outstanding_requests and weighted_random; anomaly mitigation is on or off",
    source: "model",
  },
  {
    id: "A-55",
    says: "target stickiness is lb_cookie or app_cookie, for 1 to 604800 seconds, 86400 by default",
    source: "model",
  },
  {
    id: "A-73",
    says: "an application cookie's name is given, and does not begin with AWSALB",
    source: "model, TargetGroupAttribute",
  },
  {
    id: "A-57",
    says: "idle_timeout is 1 to 4000 seconds, 60 by default; client_keep_alive 60 to 604800, 3600 by default",
    source: "model",
  },
  {
    id: "A-63",
    says: "HTTPCode_ELB_5XX_Count and HTTPCode_Target_5XX_Count exist only when they are not zero",
    source: "ALB guide, metrics",
  },
  { id: "A-64", says: "an alarm treats missing data as missing by default", source: "model, PutMetricAlarm" },
  {
    id: "A-85",
    says: "RequestCount and RequestCountPerTarget of a target group are also reported as zero, but only while requests flow through its load balancer",
    source: "ALB guide, metrics: reporting criteria",
  },
  {
    id: "A-65",
    says: "RequestCountPerTarget's only valid statistic is Sum, and it is the average",
    source: "ALB guide, metrics",
  },
  {
    id: "A-66",
    says: "metrics have the dimensions LoadBalancer=app/name/id and TargetGroup=targetgroup/name/id",
    source: "ALB guide, metrics",
  },
  {
    id: "A-82",
    says: "an alarm is INSUFFICIENT_DATA, OK or ALARM, by M out of N datapoints",
    source: "CloudWatch guide, using alarms",
  },
  { id: "A-67", says: "an alarm's period is 10, 20, 30 or a multiple of 60 seconds", source: "model, PutMetricAlarm" },
  {
    id: "A-68",
    says: "DeleteTargetGroup is refused with ResourceInUse while any action names the group",
    source: "model",
  },
  {
    id: "A-69",
    says: "DeleteLoadBalancer takes its listeners along, and fails under deletion protection",
    source: "model",
  },
];

export const loadBalancing: Section = { title: "A. Application load balancers: the API", statements };
