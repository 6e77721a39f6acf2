import type * as sdk from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../../awsError.js";
import type { Operation, Out } from "../../service.js";
import { at, causes } from "../causes.js";
import { describeGroup } from "../describe.js";
import { invalid } from "../faults.js";
import { Group } from "../group.js";
import { readHook } from "../hooks.js";
import { page } from "../paging.js";
import { inCooldown } from "../policies/execute.js";
import { end } from "../refresh/step.js";
import type { GroupRegistry } from "../registry.js";
import { settingsOf, updateSettings } from "../settings.js";
import { mergeTags, readTag } from "../tags.js";
import { terminateNow } from "../terminating.js";
import { checkName } from "../validation.js";
import { readTargetGroups } from "./attachments.js";

export function groupOperations(registry: GroupRegistry): Record<string, Operation> {
  return {
    CreateAutoScalingGroup: (input: sdk.CreateAutoScalingGroupCommandInput) => create(registry, input),
    UpdateAutoScalingGroup: (input: sdk.UpdateAutoScalingGroupCommandInput) => {
      updateSettings(registry.get(input.AutoScalingGroupName), input);
      return {};
    },
    DeleteAutoScalingGroup: (input: sdk.DeleteAutoScalingGroupCommandInput) => remove(registry, input),
    DescribeAutoScalingGroups: (input: sdk.DescribeAutoScalingGroupsCommandInput) => describe(registry, input),
    SetDesiredCapacity: (input: sdk.SetDesiredCapacityCommandInput) => setDesired(registry, input),
    DescribeAccountLimits: (): Out<sdk.DescribeAccountLimitsCommandOutput> => ({
      MaxNumberOfAutoScalingGroups: 500,
      MaxNumberOfLaunchConfigurations: 200,
      NumberOfAutoScalingGroups: registry.all().length,
      NumberOfLaunchConfigurations: 0,
    }),
  };
}

function create(registry: GroupRegistry, input: sdk.CreateAutoScalingGroupCommandInput): Record<string, never> {
  const name = checkName(input.AutoScalingGroupName);
  if (registry.has(name)) {
    throw new AwsError(
      "AlreadyExists",
      `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
    );
  }
  const { env } = registry;
  const group = new Group(env, name, settingsOf(env, input));
  for (const arn of readTargetGroups(env, input.TargetGroupARNs, input.TrafficSources)) {
    // Given at creation, an attachment is InService at once (botocore model, TrafficSourceState).
    group.attachments.set(arn, { arn, state: "InService" });
  }
  for (const given of input.LifecycleHookSpecificationList ?? []) {
    const hook = readHook(given);
    group.hooks.set(hook.name, hook);
  }
  group.tags = mergeTags([], (input.Tags ?? []).map(readTag));
  if (group.settings.desired > 0)
    group.desiredReason = at(env.clock.now(), causes.groupCreated(group.settings.desired));
  registry.add(group);
  return {};
}

function setDesired(registry: GroupRegistry, input: sdk.SetDesiredCapacityCommandInput): Record<string, never> {
  const group = registry.get(input.AutoScalingGroupName);
  const { minSize, maxSize, desired } = group.settings;
  const wanted = input.DesiredCapacity;
  if (wanted === undefined || !Number.isInteger(wanted) || wanted < 0)
    throw invalid("DesiredCapacity must be a non-negative whole number.");
  if (wanted > maxSize)
    throw invalid(`New SetDesiredCapacity value ${wanted} is above max value ${maxSize} for the AutoScalingGroup.`);
  if (wanted < minSize)
    throw invalid(`New SetDesiredCapacity value ${wanted} is below min value ${minSize} for the AutoScalingGroup.`);
  if (input.HonorCooldown && inCooldown(group)) {
    throw new AwsError(
      "ScalingActivityInProgress",
      `Scaling activity is in progress or cooldown is active for group ${group.name}.`,
    );
  }
  group.setDesired(wanted, at(registry.env.clock.now(), causes.desiredSet(desired, wanted)));
  group.touch();
  return {};
}

function remove(registry: GroupRegistry, input: sdk.DeleteAutoScalingGroupCommandInput): Record<string, never> {
  const group = registry.get(input.AutoScalingGroupName);
  const { deletionProtection } = group.settings;
  if (
    deletionProtection === "prevent-all-deletion" ||
    (deletionProtection === "prevent-force-deletion" && input.ForceDelete)
  ) {
    throw new AwsError(
      "ResourceInUse",
      `The Auto Scaling group ${group.name} has deletion protection ${deletionProtection}.`,
    );
  }
  if (input.ForceDelete) {
    forceDelete(registry, group);
    return {};
  }
  if (group.members.size > 0) {
    const leaving = [...group.members.values()].every((member) => member.state.startsWith("Terminating"));
    if (leaving) {
      throw new AwsError(
        "ScalingActivityInProgress",
        "You cannot delete an AutoScalingGroup while there are scaling activities in progress for that group.",
      );
    }
    throw new AwsError(
      "ResourceInUse",
      "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.",
    );
  }
  endRefresh(group);
  registry.remove(group);
  return {};
}

function forceDelete(registry: GroupRegistry, group: Group): void {
  group.deleting = true;
  endRefresh(group);
  for (const member of [...group.members.values()])
    terminateNow(group, member, at(registry.env.clock.now(), causes.groupDeleted));
  if (group.members.size === 0) registry.remove(group);
  group.touch();
}

function endRefresh(group: Group): void {
  const refresh = group.activeRefresh();
  if (refresh) end(group, refresh, "Cancelled", "The Auto Scaling group was deleted.");
}

function describe(
  registry: GroupRegistry,
  input: sdk.DescribeAutoScalingGroupsCommandInput,
): Out<sdk.DescribeAutoScalingGroupsCommandOutput> {
  const names = input.AutoScalingGroupNames ?? [];
  const filters = (input.Filters ?? []).map(readFilter);
  const groups = registry
    .all()
    .filter((group) => names.length === 0 || names.includes(group.name))
    .filter((group) => filters.every((matches) => matches(group)));
  const { items, ...next } = page(groups, input, { usual: 50, most: 100 });
  return { AutoScalingGroups: items.map((group) => describeGroup(group, input.IncludeInstances ?? true)), ...next };
}

function readFilter(filter: sdk.Filter): (group: Group) => boolean {
  const name = filter.Name ?? "";
  const values = filter.Values ?? [];
  if (name === "tag-key") return (group) => group.tags.some((tag) => values.includes(tag.key));
  if (name === "tag-value") return (group) => group.tags.some((tag) => values.includes(tag.value));
  if (name.startsWith("tag:")) {
    const key = name.slice(4);
    return (group) => group.tags.some((tag) => tag.key === key && values.includes(tag.value));
  }
  throw invalid(`Filter type ${name} is not correct. Allowed Filter types are: tag-key tag-value tag:<key>`);
}
