/** `aws.autoscaling.Policy`: simple, step and target tracking scaling. */
import { DeletePolicyCommand, DescribePoliciesCommand, PutScalingPolicyCommand } from "@aws-sdk/client-auto-scaling";
import { isCode, unlessMissing } from "../../awsErrors.js";
import { hasUnknown, type Values } from "../../protocol/values.js";
import type { Call, ResourceType } from "../../resource.js";
import { flag, integer, number, object, regional, set, text } from "../../schema/property.js";

export const policy: ResourceType = {
  token: "aws:autoscaling/policy:Policy",
  maxNameLength: 255,
  properties: {
    ...regional,
    name: text({ computed: true, replace: true, range: [1, 255] }),
    autoscalingGroupName: text({ required: true, replace: true }),
    policyType: text({
      default: "SimpleScaling",
      oneOf: ["SimpleScaling", "StepScaling", "TargetTrackingScaling"],
    }),
    adjustmentType: text({ oneOf: ["ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"] }),
    cooldown: integer(),
    enabled: flag({ default: true }),
    estimatedInstanceWarmup: integer(),
    metricAggregationType: text({ computed: true, oneOf: ["Minimum", "Maximum", "Average"] }),
    minAdjustmentMagnitude: integer(),
    scalingAdjustment: integer(),
    stepAdjustments: set(
      object({
        metricIntervalLowerBound: text({ same: sameNumber }),
        metricIntervalUpperBound: text({ same: sameNumber }),
        scalingAdjustment: integer({ required: true }),
      }),
    ),
    targetTrackingConfiguration: object({
      targetValue: number({ required: true }),
      disableScaleIn: flag({ default: false }),
      predefinedMetricSpecification: object({
        predefinedMetricType: text({ required: true }),
        resourceLabel: text(),
      }),
      customizedMetricSpecification: object({
        metricName: text({ required: true }),
        namespace: text({ required: true }),
        statistic: text({ required: true, oneOf: ["Average", "Minimum", "Maximum", "SampleCount", "Sum"] }),
        unit: text(),
        metricDimensions: set(object({ name: text({ required: true }), value: text({ required: true }) })),
      }),
    }),
    arn: text({ output: true }),
  },

  validate(inputs) {
    const { policyType = "SimpleScaling", targetTrackingConfiguration, stepAdjustments, scalingAdjustment } = inputs;
    if (hasUnknown(policyType)) return [];
    const needs: Record<string, [string, unknown]> = {
      SimpleScaling: ["scalingAdjustment", scalingAdjustment],
      StepScaling: ["stepAdjustments", stepAdjustments],
      TargetTrackingScaling: ["targetTrackingConfiguration", targetTrackingConfiguration],
    };
    const [property, given] = needs[policyType] ?? ["policyType", true];
    return given === undefined
      ? [{ property, reason: `\`${property}\` is required for policy type ${policyType}` }]
      : [];
  },

  async create(call, planned) {
    await put(call, planned);
    return planned.name;
  },

  async read({ aws }, id, known) {
    // `pulumi import` takes GROUP/POLICY; a policy that was created has its name as its id.
    const [groupName = "", policyName = ""] = id.includes("/") ? id.split("/") : [known.autoscalingGroupName, id];
    const answer = await unlessMissing(
      aws.autoscaling.send(new DescribePoliciesCommand({ AutoScalingGroupName: groupName, PolicyNames: [policyName] })),
      "ValidationError",
    );
    const found = answer?.ScalingPolicies?.find(({ PolicyName }) => PolicyName === policyName);
    if (!found) return undefined;
    return {
      name: found.PolicyName,
      arn: found.PolicyARN,
      autoscalingGroupName: found.AutoScalingGroupName ?? groupName,
      policyType: found.PolicyType,
      adjustmentType: found.AdjustmentType,
      cooldown: found.Cooldown,
      enabled: found.Enabled ?? true,
      estimatedInstanceWarmup: found.EstimatedInstanceWarmup,
      metricAggregationType: found.MetricAggregationType ?? "",
      minAdjustmentMagnitude: found.MinAdjustmentMagnitude,
      scalingAdjustment: found.ScalingAdjustment,
      stepAdjustments: (found.StepAdjustments ?? []).map((step) => ({
        metricIntervalLowerBound: step.MetricIntervalLowerBound?.toString(),
        metricIntervalUpperBound: step.MetricIntervalUpperBound?.toString(),
        scalingAdjustment: step.ScalingAdjustment,
      })),
      targetTrackingConfiguration: fromTracking(found.TargetTrackingConfiguration),
    };
  },

  update: (call, { planned }) => put(call, planned),

  async delete({ aws }, _id, { autoscalingGroupName, name }) {
    try {
      await aws.autoscaling.send(
        new DeletePolicyCommand({ AutoScalingGroupName: autoscalingGroupName, PolicyName: name }),
      );
    } catch (error) {
      // The policy went with its group.
      if (!isCode(error, "ValidationError")) throw error;
    }
  },
};

async function put({ aws }: Call, planned: Values): Promise<void> {
  const { targetTrackingConfiguration: tracking, stepAdjustments } = planned;
  const bound = (given: string | undefined): number | undefined => (given ? Number(given) : undefined);
  const predefined = tracking?.predefinedMetricSpecification;
  const customized = tracking?.customizedMetricSpecification;
  const byTracking = planned.policyType === "TargetTrackingScaling";
  await aws.autoscaling.send(
    new PutScalingPolicyCommand({
      AutoScalingGroupName: planned.autoscalingGroupName,
      PolicyName: planned.name,
      PolicyType: planned.policyType,
      AdjustmentType: planned.adjustmentType,
      Cooldown: planned.cooldown,
      Enabled: planned.enabled,
      EstimatedInstanceWarmup: planned.estimatedInstanceWarmup,
      MetricAggregationType: byTracking ? undefined : planned.metricAggregationType || undefined,
      MinAdjustmentMagnitude: planned.minAdjustmentMagnitude,
      ScalingAdjustment: planned.scalingAdjustment,
      StepAdjustments: stepAdjustments?.map((step: Values) => ({
        MetricIntervalLowerBound: bound(step.metricIntervalLowerBound),
        MetricIntervalUpperBound: bound(step.metricIntervalUpperBound),
        ScalingAdjustment: step.scalingAdjustment,
      })),
      TargetTrackingConfiguration: tracking && {
        TargetValue: tracking.targetValue,
        DisableScaleIn: tracking.disableScaleIn,
        PredefinedMetricSpecification: predefined && {
          PredefinedMetricType: predefined.predefinedMetricType,
          ResourceLabel: predefined.resourceLabel,
        },
        CustomizedMetricSpecification: customized && {
          MetricName: customized.metricName,
          Namespace: customized.namespace,
          Statistic: customized.statistic,
          Unit: customized.unit,
          Dimensions: customized.metricDimensions?.map(({ name, value }: Values) => ({ Name: name, Value: value })),
        },
      },
    }),
  );
}

function fromTracking(tracking: Values | undefined): Values | undefined {
  if (!tracking) return undefined;
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: customized } = tracking;
  return {
    targetValue: tracking.TargetValue,
    disableScaleIn: tracking.DisableScaleIn ?? false,
    predefinedMetricSpecification: predefined && {
      predefinedMetricType: predefined.PredefinedMetricType,
      resourceLabel: predefined.ResourceLabel,
    },
    customizedMetricSpecification: customized && {
      metricName: customized.MetricName,
      namespace: customized.Namespace,
      statistic: customized.Statistic,
      unit: customized.Unit,
      metricDimensions: customized.Dimensions?.map(({ Name, Value }: Values) => ({ name: Name, value: Value })),
    },
  };
}

function sameNumber(left: unknown, right: unknown): boolean {
  return Number(left) === Number(right);
}
