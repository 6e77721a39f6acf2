import * as autoscaling from "@pulumi/aws/autoscaling";
import * as pulumi from "@pulumi/pulumi";
import type { ScalingArgs } from "./fleetArgs.js";

export interface ScalingWish {
  readonly scaling: ScalingArgs;
  readonly groupName: pulumi.Input<string>;
  readonly targetGroupArn: pulumi.Input<string>;
  /** `app/NAME/ID` of the load balancer. */
  readonly loadBalancerSuffix: pulumi.Input<string>;
}

/** A target-tracking policy: it keeps one measure at its target and makes its own alarms. */
export function createScalingPolicy(
  name: string,
  wish: ScalingWish,
  opts: pulumi.CustomResourceOptions,
): autoscaling.Policy {
  const { requestsPerServer, cpuPercent } = wish.scaling;
  const targetTrackingConfiguration =
    requestsPerServer !== undefined
      ? {
          targetValue: requestsPerServer,
          predefinedMetricSpecification: {
            predefinedMetricType: "ALBRequestCountPerTarget",
            resourceLabel: resourceLabel(wish.loadBalancerSuffix, wish.targetGroupArn),
          },
        }
      : {
          targetValue: cpuPercent as pulumi.Input<number>,
          predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
        };
  return new autoscaling.Policy(
    name,
    { autoscalingGroupName: wish.groupName, policyType: "TargetTrackingScaling", targetTrackingConfiguration },
    opts,
  );
}

/** `app/NAME/ID/targetgroup/NAME/ID`: how the policy names the pair (EC2 Auto Scaling API, PredefinedMetricSpecification). */
function resourceLabel(
  loadBalancerSuffix: pulumi.Input<string>,
  targetGroupArn: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi.all([loadBalancerSuffix, targetGroupArn]).apply(([suffix, arn]) => {
    const target = /(targetgroup\/[^/]+\/[^/]+)$/.exec(arn)?.[1];
    if (target === undefined) throw new Error(`"${arn}" is not the ARN of a target group`);
    return `${suffix}/${target}`;
  });
}
