/** What AWS tells of an Auto Scaling group, as the program writes it, and back. */
import {
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  type LaunchTemplateSpecification,
} from "@aws-sdk/client-auto-scaling";
import type { Values } from "../../protocol/values.js";
import type { Call } from "../../resource.js";

export async function describeGroup({ aws }: Call, name: string): Promise<AutoScalingGroup | undefined> {
  const { AutoScalingGroups } = await aws.autoscaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  return AutoScalingGroups?.find(({ AutoScalingGroupName }) => AutoScalingGroupName === name);
}

/** The group, or an error if it is gone in the middle of something. */
export async function mustDescribeGroup(call: Call, name: string): Promise<AutoScalingGroup> {
  const group = await describeGroup(call, name);
  if (!group) throw new Error(`Auto Scaling group ${name} is gone`);
  return group;
}

export function fromGroup(group: AutoScalingGroup): Values {
  const { LaunchTemplate: template, InstanceMaintenancePolicy: maintenance } = group;
  // AWS's own default is shown as "not given", as in the real provider.
  const policies = group.TerminationPolicies ?? [];
  const onlyDefault = policies.length === 1 && policies[0] === "Default";
  const bounded = maintenance && (maintenance.MinHealthyPercentage ?? -1) >= 0;
  return {
    name: group.AutoScalingGroupName,
    arn: group.AutoScalingGroupARN,
    minSize: group.MinSize,
    maxSize: group.MaxSize,
    desiredCapacity: group.DesiredCapacity,
    vpcZoneIdentifiers: (group.VPCZoneIdentifier ?? "").split(",").filter(Boolean),
    availabilityZones: group.AvailabilityZones ?? [],
    ...(template ? { launchTemplate: fromTemplate(template) } : {}),
    targetGroupArns: group.TargetGroupARNs ?? [],
    trafficSources: (group.TrafficSources ?? []).map(({ Identifier, Type }) => ({
      identifier: Identifier,
      type: Type,
    })),
    healthCheckType: group.HealthCheckType,
    healthCheckGracePeriod: group.HealthCheckGracePeriod ?? 0,
    defaultCooldown: group.DefaultCooldown,
    defaultInstanceWarmup: group.DefaultInstanceWarmup ?? 0,
    maxInstanceLifetime: group.MaxInstanceLifetime ?? 0,
    capacityRebalance: group.CapacityRebalance ?? false,
    protectFromScaleIn: group.NewInstancesProtectedFromScaleIn ?? false,
    terminationPolicies: onlyDefault ? [] : policies,
    suspendedProcesses: (group.SuspendedProcesses ?? []).flatMap(({ ProcessName }) => ProcessName ?? []),
    enabledMetrics: (group.EnabledMetrics ?? []).flatMap(({ Metric }) => Metric ?? []),
    serviceLinkedRoleArn: group.ServiceLinkedRoleARN ?? "",
    ...(bounded
      ? {
          instanceMaintenancePolicy: {
            minHealthyPercentage: maintenance.MinHealthyPercentage,
            maxHealthyPercentage: maintenance.MaxHealthyPercentage,
          },
        }
      : {}),
    tags: (group.Tags ?? [])
      .filter(({ Key }) => !Key?.startsWith("aws:"))
      .map(({ Key, Value, PropagateAtLaunch }) => ({
        key: Key,
        value: Value ?? "",
        propagateAtLaunch: PropagateAtLaunch ?? false,
      })),
    predictedCapacity: group.PredictedCapacity ?? 0,
    warmPoolSize: group.WarmPoolSize ?? 0,
  };
}

function fromTemplate({ LaunchTemplateId, LaunchTemplateName, Version }: LaunchTemplateSpecification): Values {
  return { id: LaunchTemplateId, name: LaunchTemplateName, version: Version ?? "$Default" };
}

/** AWS refuses id and name together; the id is the surer of the two. */
export function toTemplate({ id, name, version }: Values): LaunchTemplateSpecification {
  return { ...(id ? { LaunchTemplateId: id } : { LaunchTemplateName: name }), Version: version };
}

export function toGroupTags(name: string, tags: readonly Values[]) {
  return tags.map(({ key, value, propagateAtLaunch }) => ({
    ResourceId: name,
    ResourceType: "auto-scaling-group",
    Key: key,
    Value: value,
    PropagateAtLaunch: propagateAtLaunch,
  }));
}
