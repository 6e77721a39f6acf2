import type * as sdk from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../../awsError.js";
import type { Operation, Out } from "../../service.js";
import { detach } from "../attachments.js";
import type { Environment } from "../environment.js";
import { invalid, notServed } from "../faults.js";
import type { Group } from "../group.js";
import { page } from "../paging.js";
import type { GroupRegistry } from "../registry.js";

const PAGE = { usual: 100, most: 100 } as const;
const MOST_TARGET_GROUPS = 50;

/** Target groups and traffic sources are two names of one thing; both may be given, each group once. */
export function readTargetGroups(
  env: Environment,
  arns: readonly string[] | undefined,
  sources: readonly sdk.TrafficSourceIdentifier[] | undefined,
): string[] {
  const all = [...(arns ?? []), ...(sources ?? []).map(readSource)];
  const unique = [...new Set(all)];
  if (unique.some((arn) => !env.targets.exists(arn))) {
    throw invalid("Provided Target Groups may not be valid. Please ensure they exist and try again.");
  }
  if (unique.length > MOST_TARGET_GROUPS)
    throw new AwsError("LimitExceeded", `An Auto Scaling group takes at most ${MOST_TARGET_GROUPS} target groups.`);
  return unique;
}

function readSource(source: sdk.TrafficSourceIdentifier): string {
  const type = source.Type ?? "elbv2";
  if (type !== "elbv2") throw notServed(`Traffic source type ${type}`, "Use elbv2.");
  if (!source.Identifier) throw invalid("A traffic source needs an Identifier.");
  return source.Identifier;
}

export function attachmentOperations(registry: GroupRegistry): Record<string, Operation> {
  return {
    AttachLoadBalancerTargetGroups: (input: sdk.AttachLoadBalancerTargetGroupsCommandInput) => {
      if ((input.TargetGroupARNs?.length ?? 0) > 10) throw invalid("At most 10 target groups can be attached at once.");
      return attach(registry.get(input.AutoScalingGroupName), input.TargetGroupARNs, undefined);
    },
    AttachTrafficSources: (input: sdk.AttachTrafficSourcesCommandInput) => {
      if (input.SkipZonalShiftValidation === true) throw notServed("SkipZonalShiftValidation", "Leave it out.");
      return attach(registry.get(input.AutoScalingGroupName), undefined, input.TrafficSources);
    },
    DetachLoadBalancerTargetGroups: (input: sdk.DetachLoadBalancerTargetGroupsCommandInput) =>
      detachAll(registry.get(input.AutoScalingGroupName), input.TargetGroupARNs ?? []),
    DetachTrafficSources: (input: sdk.DetachTrafficSourcesCommandInput) =>
      detachAll(registry.get(input.AutoScalingGroupName), (input.TrafficSources ?? []).map(readSource)),
    DescribeLoadBalancerTargetGroups: (
      input: sdk.DescribeLoadBalancerTargetGroupsCommandInput,
    ): Out<sdk.DescribeLoadBalancerTargetGroupsCommandOutput> => {
      const { items, ...next } = page([...registry.get(input.AutoScalingGroupName).attachments.values()], input, PAGE);
      return {
        LoadBalancerTargetGroups: items.map(({ arn, state }) => ({ LoadBalancerTargetGroupARN: arn, State: state })),
        ...next,
      };
    },
    DescribeTrafficSources: (
      input: sdk.DescribeTrafficSourcesCommandInput,
    ): Out<sdk.DescribeTrafficSourcesCommandOutput> => {
      const group = registry.get(input.AutoScalingGroupName);
      const wanted = input.TrafficSourceType ?? "elbv2";
      const all = wanted === "elbv2" ? [...group.attachments.values()] : [];
      const { items, ...next } = page(all, input, PAGE);
      return {
        TrafficSources: items.map(({ arn, state }) => ({
          Identifier: arn,
          TrafficSource: arn,
          Type: "elbv2",
          State: state,
        })),
        ...next,
      };
    },
    DescribeLoadBalancers: (
      input: sdk.DescribeLoadBalancersCommandInput,
    ): Out<sdk.DescribeLoadBalancersCommandOutput> => {
      registry.get(input.AutoScalingGroupName);
      return { LoadBalancers: [] };
    },
  };
}

function attach(
  group: Group,
  arns: readonly string[] | undefined,
  sources: readonly sdk.TrafficSourceIdentifier[] | undefined,
): Record<string, never> {
  const wanted = readTargetGroups(group.env, arns, sources);
  const added = wanted.filter((arn) => !group.attachments.has(arn));
  // botocore model: AttachTrafficSources and AttachLoadBalancerTargetGroups declare InstanceRefreshInProgressFault.
  if (added.length > 0 && group.activeRefresh()?.desiredConfiguration) {
    throw new AwsError(
      "InstanceRefreshInProgress",
      "An active instance refresh with a desired configuration exists. Target groups cannot be attached while it is active.",
    );
  }
  if (group.attachments.size + added.length > MOST_TARGET_GROUPS) {
    throw new AwsError("LimitExceeded", `An Auto Scaling group takes at most ${MOST_TARGET_GROUPS} target groups.`);
  }
  if (wanted.some((arn) => group.attachments.get(arn)?.state === "Removing")) {
    throw invalid(
      "A target group that is still being detached cannot be attached. Wait until it is gone and try again.",
    );
  }
  for (const arn of added) group.attachments.set(arn, { arn, state: "Adding" });
  group.touch();
  return {};
}

function detachAll(group: Group, arns: readonly string[]): Record<string, never> {
  const missing = arns.filter((arn) => !group.attachments.has(arn));
  if (missing.length > 0) {
    throw invalid(`Trying to remove Target Groups that are not part of the group: ${missing.join(", ")}`);
  }
  for (const arn of arns) detach(group, arn);
  group.touch();
  return {};
}
