import { randomUUID } from "node:crypto";
import { invalid, notServed } from "../faults.js";
import type { Group } from "../group.js";
import type { AdjustmentType, PolicyInput, PolicyType, ScalingPolicyRecord, Step } from "./record.js";
import { alarmNames, checkTracking } from "./tracking.js";

const ADJUSTMENTS: readonly AdjustmentType[] = ["ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"];

/** Reads PutScalingPolicy. A policy of that name is replaced and keeps its ARN, which its users know it by. */
export function readPolicy(group: Group, input: PolicyInput): ScalingPolicyRecord {
  const name = input.PolicyName;
  if (!name) throw invalid("PolicyName is required.");
  const type = input.PolicyType ?? "SimpleScaling";
  if (type === "PredictiveScaling" || input.PredictiveScalingConfiguration) {
    throw notServed(`Predictive scaling (policy '${name}')`, "Use target tracking or step scaling.");
  }
  if (type !== "SimpleScaling" && type !== "StepScaling" && type !== "TargetTrackingScaling") {
    throw invalid(
      `Policy type '${type}' must be SimpleScaling, StepScaling, TargetTrackingScaling or PredictiveScaling.`,
    );
  }
  const { env } = group;
  const old = group.policies.get(name);
  const base = {
    name,
    arn:
      old?.arn ??
      `arn:aws:autoscaling:${env.region}:${env.accountId}:scalingPolicy:${randomUUID()}:autoScalingGroupName/${group.name}:policyName/${name}`,
    type: type as PolicyType,
    enabled: input.Enabled ?? true,
    steps: [],
    ownAlarms: [],
  };
  if (type === "TargetTrackingScaling") return { ...base, ...readTracking(group, input) };
  if (input.TargetTrackingConfiguration)
    throw invalid(`TargetTrackingConfiguration is not supported by policy type ${type}.`);
  return type === "StepScaling" ? { ...base, ...readStepPolicy(input) } : { ...base, ...readSimplePolicy(input) };
}

function readTracking(
  group: Group,
  input: PolicyInput,
): Partial<ScalingPolicyRecord> & Pick<ScalingPolicyRecord, "ownAlarms"> {
  const tracking = input.TargetTrackingConfiguration;
  if (!tracking) throw invalid("TargetTrackingConfiguration is required for policy type TargetTrackingScaling.");
  if (
    input.AdjustmentType ||
    input.ScalingAdjustment !== undefined ||
    input.StepAdjustments?.length ||
    input.Cooldown !== undefined
  ) {
    throw invalid(
      "AdjustmentType, ScalingAdjustment, StepAdjustments and Cooldown are not supported by policy type TargetTrackingScaling.",
    );
  }
  checkTracking(group, tracking);
  return {
    tracking,
    ...(input.EstimatedInstanceWarmup === undefined ? {} : { warmupSeconds: input.EstimatedInstanceWarmup }),
    ownAlarms: alarmNames(group, tracking),
  };
}

function readAdjustment(input: PolicyInput): Pick<ScalingPolicyRecord, "adjustmentType" | "minMagnitude"> {
  const adjustmentType = ADJUSTMENTS.find((one) => one === input.AdjustmentType);
  if (!adjustmentType)
    throw invalid(`AdjustmentType '${input.AdjustmentType ?? ""}' must be one of ${ADJUSTMENTS.join(", ")}.`);
  const minMagnitude = input.MinAdjustmentMagnitude ?? input.MinAdjustmentStep;
  if (minMagnitude !== undefined && adjustmentType !== "PercentChangeInCapacity") {
    throw invalid("MinAdjustmentMagnitude is only supported with the adjustment type PercentChangeInCapacity.");
  }
  return { adjustmentType, ...(minMagnitude === undefined ? {} : { minMagnitude }) };
}

function readSimplePolicy(input: PolicyInput): Partial<ScalingPolicyRecord> {
  if (input.StepAdjustments?.length) throw invalid("StepAdjustments are only supported by policy type StepScaling.");
  if (input.ScalingAdjustment === undefined)
    throw invalid("ScalingAdjustment is required for policy type SimpleScaling.");
  return {
    ...readAdjustment(input),
    scalingAdjustment: input.ScalingAdjustment,
    ...(input.Cooldown === undefined ? {} : { cooldownSeconds: input.Cooldown }),
  };
}

function readStepPolicy(input: PolicyInput): Partial<ScalingPolicyRecord> & Pick<ScalingPolicyRecord, "steps"> {
  if (input.ScalingAdjustment !== undefined)
    throw invalid("ScalingAdjustment is only supported by policy type SimpleScaling.");
  if (input.Cooldown !== undefined) throw invalid("Cooldown is only supported by policy type SimpleScaling.");
  if (!input.StepAdjustments?.length) throw invalid("StepAdjustments are required for policy type StepScaling.");
  const steps = input.StepAdjustments.map(
    (step): Step => ({
      ...(step.MetricIntervalLowerBound === undefined ? {} : { lower: step.MetricIntervalLowerBound }),
      ...(step.MetricIntervalUpperBound === undefined ? {} : { upper: step.MetricIntervalUpperBound }),
      adjustment: step.ScalingAdjustment ?? 0,
    }),
  );
  checkSteps(steps);
  return {
    ...readAdjustment(input),
    steps,
    aggregation: input.MetricAggregationType ?? "Average",
    ...(input.EstimatedInstanceWarmup === undefined ? {} : { warmupSeconds: input.EstimatedInstanceWarmup }),
  };
}

/** User guide, "step scaling": no overlap and no gap; at most one step is open below, one above. */
function checkSteps(steps: readonly Step[]): void {
  const sorted = [...steps].sort(
    (a, b) => (a.lower ?? Number.NEGATIVE_INFINITY) - (b.lower ?? Number.NEGATIVE_INFINITY),
  );
  sorted.forEach((step, index) => {
    const next = sorted[index + 1];
    if ((step.lower ?? Number.NEGATIVE_INFINITY) >= (step.upper ?? Number.POSITIVE_INFINITY)) {
      throw invalid("A step adjustment's lower bound must be less than its upper bound.");
    }
    if (next && step.upper !== next.lower)
      throw invalid("StepAdjustment intervals can't overlap or have a gap between them.");
  });
}
