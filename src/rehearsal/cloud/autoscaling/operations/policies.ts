import type * as sdk from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../../awsError.js";
import type { Operation, Out } from "../../service.js";
import { invalid } from "../faults.js";
import type { Group } from "../group.js";
import { page } from "../paging.js";
import { describePolicy, policyAlarms } from "../policies/describe.js";
import { executePolicy, inCooldown } from "../policies/execute.js";
import { readPolicy } from "../policies/read.js";
import type { ScalingPolicyRecord } from "../policies/record.js";
import { putTrackingAlarms } from "../policies/tracking.js";
import type { GroupRegistry } from "../registry.js";

export function policyOperations(registry: GroupRegistry): Record<string, Operation> {
  return {
    PutScalingPolicy: (input: sdk.PutScalingPolicyCommandInput): Out<sdk.PutScalingPolicyCommandOutput> => {
      const group = registry.get(input.AutoScalingGroupName);
      const policy = readPolicy(group, input);
      dropAlarms(group, group.policies.get(policy.name));
      group.policies.set(policy.name, policy);
      putTrackingAlarms(group, policy);
      return { PolicyARN: policy.arn, Alarms: policyAlarms(group, policy) };
    },
    DescribePolicies: (input: sdk.DescribePoliciesCommandInput): Out<sdk.DescribePoliciesCommandOutput> => {
      const groups =
        input.AutoScalingGroupName === undefined ? registry.all() : [registry.get(input.AutoScalingGroupName)];
      const { PolicyNames: names = [], PolicyTypes: types = [] } = input;
      const found = groups
        .flatMap((group) => [...group.policies.values()].map((policy) => ({ group, policy })))
        .filter(({ policy }) => names.length === 0 || names.includes(policy.name) || names.includes(policy.arn))
        .filter(({ policy }) => types.length === 0 || types.includes(policy.type));
      const { items, ...next } = page(found, input, { usual: 50, most: 100 });
      return { ScalingPolicies: items.map(({ group, policy }) => describePolicy(group, policy)), ...next };
    },
    DeletePolicy: (input: sdk.DeletePolicyCommandInput) => {
      const { group, policy } = findPolicy(registry, input);
      dropAlarms(group, policy);
      group.policies.delete(policy.name);
      return {};
    },
    ExecutePolicy: (input: sdk.ExecutePolicyCommandInput) => {
      const { group, policy } = findPolicy(registry, input);
      if (input.HonorCooldown && inCooldown(group, policy)) {
        throw new AwsError("ScalingActivityInProgress", `Cooldown is active for Auto Scaling group ${group.name}.`);
      }
      executePolicy(group, policy, {
        kind: "user",
        ...(input.MetricValue === undefined ? {} : { value: input.MetricValue }),
        ...(input.BreachThreshold === undefined ? {} : { threshold: input.BreachThreshold }),
      });
      return {};
    },
    DescribeAdjustmentTypes: (): Out<sdk.DescribeAdjustmentTypesCommandOutput> => ({
      AdjustmentTypes: ["ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"].map((AdjustmentType) => ({
        AdjustmentType,
      })),
    }),
  };
}

function dropAlarms(group: Group, policy: ScalingPolicyRecord | undefined): void {
  if (policy && policy.ownAlarms.length > 0)
    group.env.monitoring.deleteAlarms(policy.ownAlarms.map((alarm) => alarm.name));
}

/** A policy by name within its group, or by ARN alone. */
function findPolicy(
  registry: GroupRegistry,
  input: { readonly AutoScalingGroupName?: string | undefined; readonly PolicyName?: string | undefined },
): { group: Group; policy: ScalingPolicyRecord } {
  const name = input.PolicyName;
  if (!name) throw invalid("PolicyName is required.");
  if (input.AutoScalingGroupName === undefined && !name.startsWith("arn:")) {
    throw invalid("AutoScalingGroupName is required where PolicyName is not an ARN.");
  }
  const groups = input.AutoScalingGroupName === undefined ? registry.all() : [registry.get(input.AutoScalingGroupName)];
  for (const group of groups) {
    for (const policy of group.policies.values())
      if (policy.name === name || policy.arn === name) return { group, policy };
  }
  throw invalid(`No such policy: ${name}`);
}
