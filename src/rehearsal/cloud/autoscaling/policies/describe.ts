import type { Alarm, ScalingPolicy } from "@aws-sdk/client-auto-scaling";
import type { Group } from "../group.js";
import type { ScalingPolicyRecord } from "./record.js";

export function policyAlarms(group: Group, policy: ScalingPolicyRecord): Alarm[] {
  return policy.ownAlarms.map(({ name }) => {
    const arn = group.env.monitoring.alarm(name)?.arn;
    return { AlarmName: name, ...(arn === undefined ? {} : { AlarmARN: arn }) };
  });
}

export function describePolicy(group: Group, policy: ScalingPolicyRecord): ScalingPolicy {
  const optional: Partial<ScalingPolicy> = {
    AdjustmentType: policy.adjustmentType,
    ScalingAdjustment: policy.scalingAdjustment,
    MinAdjustmentMagnitude: policy.minMagnitude,
    Cooldown: policy.cooldownSeconds,
    EstimatedInstanceWarmup: policy.warmupSeconds,
    MetricAggregationType: policy.aggregation,
    TargetTrackingConfiguration: policy.tracking,
  };
  return {
    AutoScalingGroupName: group.name,
    PolicyName: policy.name,
    PolicyARN: policy.arn,
    PolicyType: policy.type,
    Enabled: policy.enabled,
    StepAdjustments: policy.steps.map((step) => ({
      ...(step.lower === undefined ? {} : { MetricIntervalLowerBound: step.lower }),
      ...(step.upper === undefined ? {} : { MetricIntervalUpperBound: step.upper }),
      ScalingAdjustment: step.adjustment,
    })),
    Alarms: policyAlarms(group, policy),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}
