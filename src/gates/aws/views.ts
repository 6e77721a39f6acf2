import type {
  Activity,
  AutoScalingGroup,
  Instance,
  InstanceRefresh,
  LaunchTemplateSpecification,
} from "@aws-sdk/client-auto-scaling";
import type { TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import type {
  ActivityView,
  GroupView,
  MemberView,
  RefreshStatus,
  RefreshView,
  TargetView,
  TemplateRef,
} from "../fleetCloud.js";

// AWS's answers as gates see them. The SDK declares every field optional; those that AWS always sends are taken as given.

export function toGroup(group: AutoScalingGroup): GroupView {
  return {
    name: group.AutoScalingGroupName ?? "",
    arn: group.AutoScalingGroupARN ?? "",
    desiredCapacity: group.DesiredCapacity ?? 0,
    ...withTemplate(group.LaunchTemplate),
    suspendedProcesses: (group.SuspendedProcesses ?? []).flatMap((process) => process.ProcessName ?? []),
    tags: Object.fromEntries((group.Tags ?? []).map((tag) => [tag.Key ?? "", tag.Value ?? ""])),
    members: (group.Instances ?? []).map(toMember),
  };
}

function toMember(instance: Instance): MemberView {
  return {
    instanceId: instance.InstanceId ?? "",
    lifecycle: instance.LifecycleState ?? "",
    healthy: instance.HealthStatus?.toLowerCase() !== "unhealthy",
    ...withTemplate(instance.LaunchTemplate),
  };
}

export function toRefresh(refresh: InstanceRefresh): RefreshView {
  return {
    id: refresh.InstanceRefreshId ?? "",
    status: (refresh.Status ?? "Pending") as RefreshStatus,
    percentComplete: refresh.PercentageComplete ?? 0,
    ...(refresh.StatusReason ? { reason: refresh.StatusReason } : {}),
    ...(refresh.RollbackDetails?.RollbackReason ? { rollbackReason: refresh.RollbackDetails.RollbackReason } : {}),
    ...(refresh.StartTime ? { startedAt: refresh.StartTime } : {}),
    ...withTemplate(refresh.DesiredConfiguration?.LaunchTemplate),
  };
}

export function toActivity(activity: Activity): ActivityView {
  return {
    description: activity.Description ?? "",
    cause: activity.Cause ?? "",
    status: activity.StatusCode ?? "",
    ...(activity.StatusMessage ? { message: activity.StatusMessage } : {}),
  };
}

export function toTarget(target: TargetHealthDescription): TargetView {
  return {
    instanceId: target.Target?.Id ?? "",
    state: target.TargetHealth?.State ?? "",
    ...(target.TargetHealth?.Reason ? { reason: target.TargetHealth.Reason } : {}),
    ...(target.TargetHealth?.Description ? { description: target.TargetHealth.Description } : {}),
  };
}

function withTemplate(spec: LaunchTemplateSpecification | undefined): { template?: TemplateRef } {
  if (!spec?.LaunchTemplateId || !spec.Version) return {};
  return { template: { id: spec.LaunchTemplateId, version: spec.Version } };
}
