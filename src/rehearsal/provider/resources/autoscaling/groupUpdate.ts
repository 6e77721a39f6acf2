/** Updates of an Auto Scaling group: only what changes is sent, so that an autoscaler's desired capacity is never reset by the way. */
import {
  AttachLoadBalancerTargetGroupsCommand,
  AttachTrafficSourcesCommand,
  CreateOrUpdateTagsCommand,
  DeleteTagsCommand,
  DescribeLoadBalancerTargetGroupsCommand,
  DetachLoadBalancerTargetGroupsCommand,
  DetachTrafficSourcesCommand,
  DisableMetricsCollectionCommand,
  EnableMetricsCollectionCommand,
  ResumeProcessesCommand,
  SuspendProcessesCommand,
  UpdateAutoScalingGroupCommand,
  type UpdateAutoScalingGroupCommandInput,
} from "@aws-sdk/client-auto-scaling";
import type { Values } from "../../protocol/values.js";
import type { Call } from "../../resource.js";
import { toGroupTags, toTemplate } from "./groupState.js";

type Input = Omit<UpdateAutoScalingGroupCommandInput, "AutoScalingGroupName">;

/** AWS clears a warm-up or a maintenance policy when it is given -1 (botocore model). */
const CLEARED = -1;

const SETTINGS: Readonly<Record<string, (value: any) => Input>> = {
  minSize: (MinSize) => ({ MinSize }),
  maxSize: (MaxSize) => ({ MaxSize }),
  desiredCapacity: (DesiredCapacity) => ({ DesiredCapacity }),
  vpcZoneIdentifiers: (subnets) => ({ VPCZoneIdentifier: subnets.join(",") }),
  availabilityZones: (AvailabilityZones) => ({ AvailabilityZones }),
  launchTemplate: (template) => ({ LaunchTemplate: toTemplate(template) }),
  healthCheckType: (HealthCheckType) => ({ HealthCheckType }),
  healthCheckGracePeriod: (HealthCheckGracePeriod) => ({ HealthCheckGracePeriod }),
  defaultCooldown: (DefaultCooldown) => ({ DefaultCooldown }),
  defaultInstanceWarmup: (warmup = CLEARED) => ({ DefaultInstanceWarmup: warmup }),
  maxInstanceLifetime: (lifetime = 0) => ({ MaxInstanceLifetime: lifetime }),
  capacityRebalance: (rebalance = false) => ({ CapacityRebalance: rebalance }),
  protectFromScaleIn: (NewInstancesProtectedFromScaleIn) => ({ NewInstancesProtectedFromScaleIn }),
  terminationPolicies: (policies = []) => ({ TerminationPolicies: policies.length > 0 ? policies : ["Default"] }),
  serviceLinkedRoleArn: (ServiceLinkedRoleARN) => ({ ServiceLinkedRoleARN }),
  instanceMaintenancePolicy: (policy) => ({
    InstanceMaintenancePolicy: {
      MinHealthyPercentage: policy?.minHealthyPercentage ?? CLEARED,
      MaxHealthyPercentage: policy?.maxHealthyPercentage ?? CLEARED,
    },
  }),
};

export async function updateGroup(
  { aws }: Call,
  name: string,
  planned: Values,
  changed: ReadonlySet<string>,
): Promise<void> {
  const parts = Object.entries(SETTINGS).filter(([property]) => changed.has(property));
  if (parts.length === 0) return;
  const input: Input = Object.assign({}, ...parts.map(([property, make]) => make(planned[property])));
  await aws.autoscaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, ...input }));
}

export async function updateTags(
  { aws }: Call,
  name: string,
  before: readonly Values[] = [],
  after: readonly Values[] = [],
): Promise<void> {
  const kept = new Set(after.map(({ key }) => key));
  const gone = before.filter(({ key }) => !kept.has(key));
  if (gone.length > 0) await aws.autoscaling.send(new DeleteTagsCommand({ Tags: toGroupTags(name, gone) }));
  const same = (left: Values, right: Values): boolean =>
    left.key === right.key && left.value === right.value && left.propagateAtLaunch === right.propagateAtLaunch;
  const fresh = after.filter((tag) => !before.some((old) => same(old, tag)));
  if (fresh.length > 0) await aws.autoscaling.send(new CreateOrUpdateTagsCommand({ Tags: toGroupTags(name, fresh) }));
}

/** Attaches before it detaches: the instances stay in one balancer at least. */
export async function updateAttachments(
  call: Call,
  name: string,
  state: Values,
  planned: Values,
  changed: ReadonlySet<string>,
): Promise<void> {
  const { autoscaling } = call.aws;
  const AutoScalingGroupName = name;
  if (changed.has("targetGroupArns")) {
    const { added, removed } = difference(state.targetGroupArns, planned.targetGroupArns);
    // Ten per call (botocore model).
    for (const TargetGroupARNs of inTens(added)) {
      await autoscaling.send(new AttachLoadBalancerTargetGroupsCommand({ AutoScalingGroupName, TargetGroupARNs }));
    }
    if (added.length > 0) await untilAttached(call, name, added);
    for (const TargetGroupARNs of inTens(removed)) {
      await autoscaling.send(new DetachLoadBalancerTargetGroupsCommand({ AutoScalingGroupName, TargetGroupARNs }));
    }
  }
  if (changed.has("trafficSources")) {
    const identifiers = (sources: Values[] = []): string[] => sources.map(({ identifier }) => identifier);
    const { added, removed } = difference(identifiers(state.trafficSources), identifiers(planned.trafficSources));
    const sources = (list: string[]) => list.map((Identifier) => ({ Identifier, Type: "elbv2" }));
    for (const part of inTens(added)) {
      await autoscaling.send(new AttachTrafficSourcesCommand({ AutoScalingGroupName, TrafficSources: sources(part) }));
    }
    if (added.length > 0) await untilAttached(call, name, added);
    for (const part of inTens(removed)) {
      await autoscaling.send(new DetachTrafficSourcesCommand({ AutoScalingGroupName, TrafficSources: sources(part) }));
    }
  }
}

/** Attached once no group is `Adding` any more: every instance is registered then (healthy or not). */
export async function untilAttached(call: Call, name: string, targetGroupArns: readonly string[]): Promise<void> {
  await call.waiter.until({
    what: `the target groups of ${name} to be attached`,
    deadlineSeconds: call.deadlineSeconds(600),
    everySeconds: 2,
    observe: async () => {
      const { LoadBalancerTargetGroups = [] } = await call.aws.autoscaling.send(
        new DescribeLoadBalancerTargetGroupsCommand({ AutoScalingGroupName: name }),
      );
      const states = new Map(
        LoadBalancerTargetGroups.map(({ LoadBalancerTargetGroupARN, State }) => [LoadBalancerTargetGroupARN, State]),
      );
      const adding = targetGroupArns.filter((arn) => (states.get(arn) ?? "Adding") === "Adding");
      return {
        progress: `${adding.length} target groups are being attached`,
        ...(adding.length ? {} : { done: true }),
      };
    },
  });
}

export async function updateProcesses(
  { aws }: Call,
  AutoScalingGroupName: string,
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
): Promise<void> {
  const { added, removed } = difference(before, after);
  if (removed.length > 0) {
    await aws.autoscaling.send(new ResumeProcessesCommand({ AutoScalingGroupName, ScalingProcesses: removed }));
  }
  if (added.length > 0) {
    await aws.autoscaling.send(new SuspendProcessesCommand({ AutoScalingGroupName, ScalingProcesses: added }));
  }
}

export async function updateMetrics(
  { aws }: Call,
  AutoScalingGroupName: string,
  before: readonly string[] | undefined,
  planned: Values,
): Promise<void> {
  const { added, removed } = difference(before, planned.enabledMetrics);
  if (removed.length > 0) {
    await aws.autoscaling.send(new DisableMetricsCollectionCommand({ AutoScalingGroupName, Metrics: removed }));
  }
  if (added.length > 0) {
    const Granularity = planned.metricsGranularity;
    await aws.autoscaling.send(
      new EnableMetricsCollectionCommand({ AutoScalingGroupName, Metrics: added, Granularity }),
    );
  }
}

function difference(
  before: readonly string[] = [],
  after: readonly string[] = [],
): { added: string[]; removed: string[] } {
  return {
    added: after.filter((item) => !before.includes(item)),
    removed: before.filter((item) => !after.includes(item)),
  };
}

function inTens<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / 10) }, (_none, index) =>
    items.slice(index * 10, index * 10 + 10),
  );
}
