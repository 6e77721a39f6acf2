import type { AutoScalingGroup, AutoScalingInstanceDetails, Instance } from "@aws-sdk/client-auto-scaling";
import type { Group } from "./group.js";
import type { Member } from "./member.js";
import { describeTag } from "./tags.js";
import { describeTemplate } from "./template.js";

export function describeMember(member: Member): Instance {
  const { launchTemplateId, launchTemplateName, version } = member.template;
  return {
    InstanceId: member.id,
    InstanceType: member.instanceType,
    AvailabilityZone: member.availabilityZone,
    LifecycleState: member.state,
    HealthStatus: member.unhealthy === undefined ? "Healthy" : "Unhealthy",
    LaunchTemplate: { LaunchTemplateId: launchTemplateId, LaunchTemplateName: launchTemplateName, Version: version },
    ProtectedFromScaleIn: member.protectedFromScaleIn,
  };
}

/** DescribeAutoScalingInstances writes the health status in capitals (its documented examples do), the group's list does not. */
export function describeInstance(group: Group, member: Member): AutoScalingInstanceDetails {
  const described = describeMember(member);
  return { ...described, AutoScalingGroupName: group.name, HealthStatus: described.HealthStatus?.toUpperCase() };
}

export function describeGroup(group: Group, includeInstances = true): AutoScalingGroup {
  const { settings, env } = group;
  const zones = settings.subnetIds.flatMap((id) => env.compute.subnet(id)?.availabilityZone ?? []);
  const attached = [...group.attachments.values()].filter((attachment) => attachment.state !== "Removing");
  const warmup = settings.defaultInstanceWarmupSeconds;
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    LaunchTemplate: describeTemplate(settings.template),
    MinSize: settings.minSize,
    MaxSize: settings.maxSize,
    DesiredCapacity: settings.desired,
    DefaultCooldown: settings.cooldownSeconds,
    AvailabilityZones: [...new Set(zones)],
    LoadBalancerNames: [],
    TargetGroupARNs: attached.map((attachment) => attachment.arn),
    HealthCheckType: settings.healthCheckTypes.join(","),
    HealthCheckGracePeriod: settings.gracePeriodSeconds,
    Instances: includeInstances ? [...group.members.values()].map(describeMember) : [],
    CreatedTime: new Date(group.createdAt),
    SuspendedProcesses: [...group.suspended].map(([ProcessName, SuspensionReason]) => ({
      ProcessName,
      SuspensionReason,
    })),
    VPCZoneIdentifier: settings.subnetIds.join(","),
    EnabledMetrics: [...group.enabledMetrics].map((Metric) => ({ Metric, Granularity: "1Minute" })),
    ...(group.deleting ? { Status: "Delete in progress" } : {}),
    Tags: group.tags.map((tag) => describeTag(tag, group.name)),
    TerminationPolicies: [...settings.terminationPolicies],
    NewInstancesProtectedFromScaleIn: settings.newInstancesProtected,
    ServiceLinkedRoleARN: settings.serviceLinkedRoleArn,
    CapacityRebalance: false,
    ...(warmup === undefined ? {} : { DefaultInstanceWarmup: warmup }),
    TrafficSources: attached.map((attachment) => ({ Identifier: attachment.arn, Type: "elbv2" })),
    ...(settings.maintenancePolicy
      ? {
          InstanceMaintenancePolicy: {
            MinHealthyPercentage: settings.maintenancePolicy.min,
            MaxHealthyPercentage: settings.maintenancePolicy.max,
          },
        }
      : {}),
    DeletionProtection: settings.deletionProtection as AutoScalingGroup["DeletionProtection"],
    AvailabilityZoneDistribution: { CapacityDistributionStrategy: "balanced-best-effort" },
    AvailabilityZoneImpairmentPolicy: { ZonalShiftEnabled: false, ImpairedZoneHealthCheckBehavior: "IgnoreUnhealthy" },
    CapacityReservationSpecification: { CapacityReservationPreference: "default" },
  };
}
