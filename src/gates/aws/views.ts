import type {
  Activity,
  AutoScalingGroup,
  Instance,
  InstanceRefresh,
  LaunchTemplateSpecification,
} from "@aws-sdk/client-auto-scaling";
import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { Action, Rule, TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AlarmView } from "../alarmCloud.js";
import type { ForwardAction, RuleView, TargetView } from "../balancerCloud.js";
import type {
  ActivityView,
  GroupView,
  MemberView,
  RefreshStatus,
  RefreshView,
  TemplateRef,
} from "../refresh/refreshCloud.js";

// AWS's answers as gates see them. The SDK declares every field optional; those that AWS always sends are taken as given.

export function toGroup(group: AutoScalingGroup): GroupView {
  return {
    name: group.AutoScalingGroupName ?? "",
    arn: group.AutoScalingGroupARN ?? "",
    desiredCapacity: group.DesiredCapacity ?? 0,
    minSize: group.MinSize ?? 0,
    maxSize: group.MaxSize ?? 0,
    targetGroupArns: group.TargetGroupARNs ?? [],
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
    ...(activity.StartTime ? { startedAt: activity.StartTime } : {}),
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

/** A forward action; one without weights sends everything to its only target group. */
export function toForward(action: Action): ForwardAction {
  const groups = action.ForwardConfig?.TargetGroups ?? [];
  const listed = groups.length > 0 || !action.TargetGroupArn ? groups : [{ TargetGroupArn: action.TargetGroupArn }];
  const stickiness = action.ForwardConfig?.TargetGroupStickinessConfig;
  return {
    targets: listed.map((group) => ({ targetGroupArn: group.TargetGroupArn ?? "", weight: group.Weight ?? 1 })),
    ...(stickiness?.Enabled && stickiness.DurationSeconds !== undefined
      ? { stickinessSeconds: stickiness.DurationSeconds }
      : {}),
  };
}

/** A forward action as AWS takes it, with everything said aloud. */
export function fromForward({ targets, stickinessSeconds }: ForwardAction): Action {
  return {
    Type: "forward",
    ForwardConfig: {
      TargetGroups: targets.map(({ targetGroupArn, weight }) => ({ TargetGroupArn: targetGroupArn, Weight: weight })),
      TargetGroupStickinessConfig:
        stickinessSeconds === undefined ? { Enabled: false } : { Enabled: true, DurationSeconds: stickinessSeconds },
    },
  };
}

export function toRule(rule: Rule): RuleView {
  const forwards = (rule.Actions ?? []).filter((action) => action.Type === "forward");
  const headers: Record<string, readonly string[]> = {};
  for (const { HttpHeaderConfig: config } of rule.Conditions ?? []) {
    const name = config?.HttpHeaderName?.toLowerCase();
    if (name !== undefined) headers[name] = [...(headers[name] ?? []), ...(config?.Values ?? [])];
  }
  return {
    arn: rule.RuleArn ?? "",
    priority: rule.Priority ?? "",
    targetGroupArns: [
      ...new Set(forwards.flatMap((action) => toForward(action).targets.map((target) => target.targetGroupArn))),
    ],
    headers,
  };
}

export function toAlarm(alarm: MetricAlarm | CompositeAlarm): AlarmView {
  return {
    name: alarm.AlarmName ?? "",
    state: alarm.StateValue ?? "INSUFFICIENT_DATA",
    ...(alarm.StateReason ? { reason: alarm.StateReason } : {}),
  };
}

function withTemplate(spec: LaunchTemplateSpecification | undefined): { template?: TemplateRef } {
  if (!spec?.LaunchTemplateId || !spec.Version) return {};
  return { template: { id: spec.LaunchTemplateId, version: spec.Version } };
}
