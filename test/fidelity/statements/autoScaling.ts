import type { Section, Statement } from "./model.js";

/** Groups, hooks, policies and attachments. */
const groups: readonly Statement[] = [
  { id: "B-01", says: "the desired capacity is the minimum by default", source: "model, CreateAutoScalingGroup" },
  { id: "B-02", says: "the desired capacity lies between minimum and maximum", source: "model" },
  {
    id: "B-03",
    says: "HealthCheckType is a list of EC2, EBS, ELB and VPC_LATTICE (the local cloud serves EC2 and ELB, and refuses the others by name)",
    source: "model",
  },
  { id: "B-04", says: "the health check grace period is 0 by default in the API", source: "model" },
  { id: "B-05", says: "the grace period does not protect an instance that is not running", source: "ASG guide" },
  {
    id: "B-06",
    says: "the default instance warmup is unset by default, 0 to 3600 seconds, and -1 clears it",
    source: "model",
  },
  {
    id: "B-07",
    says: "the default cooldown is 300 seconds and concerns simple scaling policies only",
    source: "model",
  },
  {
    id: "B-08",
    says: "MaxInstanceLifetime is 0 or at least 86400 seconds",
    source: "model",
    notServed: "a rehearsal does not last a day; refused by name",
  },
  {
    id: "B-09",
    says: "at most 10 % of the desired capacity is replaced for bad health at a time, and one where that is less than one",
    source: "ASG guide",
  },
  {
    id: "B-10",
    says: "an unhealthy instance is terminated before its replacement is launched, unless a maintenance policy says otherwise",
    source: "ASG guide",
  },
  {
    id: "B-11",
    says: "the load balancer's word counts only once the attachment is InService",
    source: "ASG guide",
  },
  {
    id: "B-12",
    says: "lifecycle hooks are for autoscaling:EC2_INSTANCE_LAUNCHING and autoscaling:EC2_INSTANCE_TERMINATING",
    source: "model",
  },
  {
    id: "B-13",
    says: "a hook's heartbeat is 3600 seconds by default; heartbeats end after 48 hours or a hundred of them",
    source: "model",
  },
  { id: "B-14", says: "a hook ends with CONTINUE or ABANDON", source: "model" },
  { id: "B-15", says: "an instance is registered with its target groups after its launch hooks", source: "ASG guide" },
  {
    id: "B-16",
    says: "an instance leaves in this order: deregistered, drained, terminating hooks, terminated",
    source: "ASG guide",
  },
  {
    id: "B-17",
    says: "an instance's termination is WaitingForELBConnectionDraining while it drains",
    source: "model, ScalingActivityStatusCode",
  },
  {
    id: "B-60",
    says: "activity statuses include WaitingForInstanceWarmup",
    source: "model, ScalingActivityStatusCode",
    notServed: "a launch activity ends when its instance is in service; what warms up is told by the refresh",
  },
  {
    id: "B-18",
    says: "a warm pool keeps stopped, running or hibernated instances",
    source: "model",
    notServed: "no component uses it; describing it answers none, putting it is refused",
  },
  {
    id: "B-19",
    says: "target tracking on ALBRequestCountPerTarget names app/lb/id/targetgroup/tg/id",
    source: "model, ResourceLabel",
  },
  { id: "B-20", says: "that target group must be attached to the group already", source: "ASG guide" },
  {
    id: "B-21",
    says: "PutScalingPolicy makes the alarms of target tracking, and the group's deletion removes them",
    source: "ASG guide",
  },
  {
    id: "B-61",
    says: "target tracking adds instances when its metric is above the target for three minutes, and takes them away when it is below 90 % of it for fifteen",
    source: "field: the alarms that AWS makes",
  },
  {
    id: "B-22",
    says: "termination policies are Default, AllocationStrategy, ClosestToNextInstanceHour, NewestInstance, OldestInstance, OldestLaunchConfiguration, OldestLaunchTemplate or a Lambda function",
    source: "model",
  },
  { id: "B-23", says: "the balance of Availability Zones comes before the termination policy", source: "ASG guide" },
  {
    id: "B-24",
    says: "the processes are Launch, Terminate, AddToLoadBalancer, AlarmNotification, AZRebalance, HealthCheck, InstanceRefresh, ReplaceUnhealthy and ScheduledActions",
    source: "model",
  },
  {
    id: "B-25",
    says: "instances launched while AddToLoadBalancer is suspended are never registered later",
    source: "ASG guide",
  },
  { id: "B-26", says: "a refresh stalls while Launch or Terminate is suspended", source: "ASG guide" },
  {
    id: "B-27",
    says: "an attachment call takes ten target groups, a group fifty",
    source: "model, AttachLoadBalancerTargetGroups",
  },
  {
    id: "B-28",
    says: "an attachment goes from Adding to Added to InService with one healthy instance",
    source: "model",
  },
  { id: "B-29", says: "an attachment given when the group is created is InService at once", source: "model" },
  {
    id: "B-30",
    says: "a detached group goes from Removing to Removed, and the instances keep running",
    source: "model",
  },
  {
    id: "B-31",
    says: "attaching may be refused with InstanceRefreshInProgress",
    source: "model (AWS does not say when: here while a desired configuration is being rolled out)",
  },
  {
    id: "B-32",
    says: "a maintenance policy has a minimum of 0 to 100 and a maximum of 100 to 200, both or neither, at most 100 apart; -1 clears them",
    source: "model",
  },
];

/** Instance refreshes. */
const refreshes: readonly Statement[] = [
  {
    id: "B-33",
    says: "MinHealthyPercentage is 0 to 100, MaxHealthyPercentage 100 to 200 and needs the minimum, at most 100 apart; by default 90 and 100, or the maintenance policy's",
    source: "model, RefreshPreferences",
  },
  { id: "B-34", says: "the minimum is a share of the desired capacity, rounded up", source: "model of older clients" },
  { id: "B-35", says: "the maximum is rounded down, but never below one more than nothing", source: "unverified" },
  {
    id: "B-36",
    says: "a maximum of 100 that is given launches first where both bounds cannot hold; one that is left out terminates and launches together",
    source: "model, RefreshPreferences",
  },
  { id: "B-37", says: "a minimum of 100 launches first", source: "ASG guide today, instance refresh" },
  {
    id: "B-38",
    says: "the warm-up is InstanceWarmup, else DefaultInstanceWarmup, else the grace period",
    source: "model",
  },
  { id: "B-39", says: "checkpoints are unique, ascending, 1 to 100", source: "model" },
  { id: "B-40", says: "a last checkpoint below 100 ends the refresh there", source: "ASG guide" },
  { id: "B-41", says: "the checkpoint delay is 0 to 172800 seconds, 3600 by default", source: "model" },
  { id: "B-42", says: "one replacement may pass several checkpoints", source: "ASG guide" },
  {
    id: "B-43",
    says: "a scale-out can lead back below a checkpoint",
    source: "ASG guide",
    notServed:
      "new instances launch with the desired configuration, so none of them is left to replace; a passed checkpoint stays passed",
  },
  { id: "B-44", says: "the bake time is 0 to 172800 seconds", source: "model" },
  { id: "B-45", says: "at most ten alarms fail a refresh, and roll it back where that was asked for", source: "model" },
  {
    id: "B-46",
    says: "instances protected from scale-in are replaced (Refresh), passed over (Ignore) or waited for (Wait, the default)",
    source: "model",
  },
  {
    id: "B-47",
    says: "instances in standby are terminated, passed over or waited for (Wait, the default); waiting fails after an hour",
    source: "model",
  },
  { id: "B-48", says: "instances that match already are replaced unless SkipMatching says otherwise", source: "model" },
  {
    id: "B-49",
    says: "the strategy ReplaceRootVolume replaces volumes only",
    source: "model",
    notServed: "the provider knows Rolling only; refused by name",
  },
  { id: "B-50", says: "the termination policy picks what is replaced first", source: "ASG guide" },
  {
    id: "B-51",
    says: "a refresh is Pending, InProgress, Baking, Successful, Failed, Cancelling, Cancelled, RollbackInProgress, RollbackFailed or RollbackSuccessful",
    source: "model",
  },
  {
    id: "B-52",
    says: "PercentageComplete counts healthy and warm instances and falls to 0 in a rollback; InstancesToUpdate is what remains",
    source: "model",
  },
  { id: "B-53", says: "a second refresh is refused with InstanceRefreshInProgress", source: "model" },
  {
    id: "B-54",
    says: "cancelling reverts nothing, and without an active refresh is ActiveInstanceRefreshNotFound",
    source: "model",
  },
  { id: "B-55", says: "cancelling waits for instances in transition by default", source: "model" },
  {
    id: "B-56",
    says: "a rollback is IrreversibleInstanceRefresh without a desired configuration, from $Latest and $Default, or with an AMI named by an SSM parameter; after the end there is none",
    source: "model",
  },
  { id: "B-57", says: "an hour without progress fails the refresh", source: "ASG guide" },
  {
    id: "B-58",
    says: "a refresh lasts 14 days at most",
    source: "ASG guide",
  },
  {
    id: "B-59",
    says: "with a desired configuration the group is updated only on success, while scale-outs use it at once",
    source: "model",
  },
];

export const autoScalingGroups: Section = { title: "B. Auto Scaling groups", statements: groups };
export const instanceRefreshes: Section = { title: "B. Instance refreshes", statements: refreshes };
