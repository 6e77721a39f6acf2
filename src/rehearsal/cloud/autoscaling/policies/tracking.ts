import { randomUUID } from "node:crypto";
import type { TargetTrackingConfiguration } from "@aws-sdk/client-auto-scaling";
import type { PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";
import { invalid, notServed } from "../faults.js";
import type { Group } from "../group.js";
import type { ScalingPolicyRecord } from "./record.js";

interface TrackedMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Statistic: NonNullable<PutMetricAlarmCommandInput["Statistic"]>;
  readonly Dimensions: { Name: string; Value: string }[];
  readonly Unit?: NonNullable<PutMetricAlarmCommandInput["Unit"]>;
}

/** The metrics of an instance's own machine; the local cloud has its CPU only, so alarms on the others stay without data. */
const EC2_METRICS: Record<string, string> = {
  ASGAverageCPUUtilization: "CPUUtilization",
  ASGAverageNetworkIn: "NetworkIn",
  ASGAverageNetworkOut: "NetworkOut",
};

export function checkTracking(group: Group, tracking: TargetTrackingConfiguration): void {
  if (tracking.TargetValue === undefined || tracking.TargetValue <= 0)
    throw invalid("TargetValue must be greater than 0.");
  const predefined = tracking.PredefinedMetricSpecification;
  if ((predefined === undefined) === (tracking.CustomizedMetricSpecification === undefined)) {
    throw invalid("Specify either a PredefinedMetricSpecification or a CustomizedMetricSpecification.");
  }
  if (tracking.CustomizedMetricSpecification?.Metrics?.length) {
    throw notServed("Metric math in a CustomizedMetricSpecification", "Name one metric.");
  }
  if (predefined?.PredefinedMetricType === "ALBRequestCountPerTarget") checkLabel(group, predefined.ResourceLabel);
  metricOf(group, tracking);
}

/** ResourceLabel is `app/NAME/ID/targetgroup/NAME/ID`, and the target group must be attached already. */
function checkLabel(group: Group, label: string | undefined): void {
  if (!label || !/^app\/[^/]+\/[^/]+\/targetgroup\/[^/]+\/[^/]+$/.test(label)) {
    throw invalid(
      `The resource label '${label ?? ""}' must have the form app/<load balancer>/<id>/targetgroup/<target group>/<id>.`,
    );
  }
  const attached = [...group.attachments.keys()].some((arn) => group.env.targets.resourceLabel(arn) === label);
  if (!attached) {
    throw invalid(
      `The load balancer does not route traffic to the target group of resource label ${label}, or the target group is not attached to the Auto Scaling group.`,
    );
  }
}

function metricOf(group: Group, tracking: TargetTrackingConfiguration): TrackedMetric {
  const custom = tracking.CustomizedMetricSpecification;
  if (custom) {
    if (!custom.MetricName || !custom.Namespace || !custom.Statistic) {
      throw invalid("A CustomizedMetricSpecification needs MetricName, Namespace and Statistic.");
    }
    return {
      Namespace: custom.Namespace,
      MetricName: custom.MetricName,
      Statistic: custom.Statistic,
      Dimensions: (custom.Dimensions ?? []).map((one) => ({ Name: one.Name ?? "", Value: one.Value ?? "" })),
    };
  }
  const type = tracking.PredefinedMetricSpecification?.PredefinedMetricType ?? "";
  const ec2Metric = EC2_METRICS[type];
  if (ec2Metric !== undefined) {
    const Dimensions = [{ Name: "AutoScalingGroupName", Value: group.name }];
    return { Namespace: "AWS/EC2", MetricName: ec2Metric, Statistic: "Average", Dimensions };
  }
  if (type !== "ALBRequestCountPerTarget") throw invalid(`Unsupported predefined metric type '${type}'.`);
  const [app, lb, lbId, ...target] = (tracking.PredefinedMetricSpecification?.ResourceLabel ?? "").split("/");
  return {
    Namespace: "AWS/ApplicationELB",
    MetricName: "RequestCountPerTarget",
    // ALB guide, CloudWatch metrics: "the only valid statistic is Sum", and it is the average per target.
    Statistic: "Sum",
    Dimensions: [
      { Name: "LoadBalancer", Value: [app, lb, lbId].join("/") },
      { Name: "TargetGroup", Value: target.join("/") },
    ],
  };
}

export function alarmNames(group: Group, tracking: TargetTrackingConfiguration): ScalingPolicyRecord["ownAlarms"] {
  const high = { name: `TargetTracking-${group.name}-AlarmHigh-${randomUUID()}`, role: "high" as const };
  const low = { name: `TargetTracking-${group.name}-AlarmLow-${randomUUID()}`, role: "low" as const };
  return tracking.DisableScaleIn ? [high] : [high, low];
}

/**
 * The alarms target tracking makes for itself: above the target for 3 minutes, or below 90 % of it for 15 (the alarms that
 * AWS creates; user guide, "target tracking": "don't edit or delete" them).
 */
export function putTrackingAlarms(group: Group, policy: ScalingPolicyRecord): void {
  const { tracking } = policy;
  if (!tracking) return;
  const { Statistic, ...metric } = metricOf(group, tracking);
  const target = tracking.TargetValue ?? 0;
  for (const alarm of policy.ownAlarms) {
    const high = alarm.role === "high";
    group.env.monitoring.putAlarm({
      AlarmName: alarm.name,
      AlarmDescription: `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${policy.arn}.`,
      ...metric,
      Statistic,
      Period: 60,
      EvaluationPeriods: high ? 3 : 15,
      Threshold: high ? target : target * 0.9,
      ComparisonOperator: high ? "GreaterThanThreshold" : "LessThanThreshold",
      AlarmActions: [policy.arn],
      ActionsEnabled: true,
    });
  }
}
