import type * as sdk from "@aws-sdk/client-auto-scaling";
import type { Operation, Out } from "../../service.js";
import { deregister } from "../attachments.js";
import { at, causes } from "../causes.js";
import { describeInstance } from "../describe.js";
import { invalid, notServed } from "../faults.js";
import type { Group } from "../group.js";
import { isTerminating, type Member } from "../member.js";
import { page } from "../paging.js";
import type { GroupRegistry } from "../registry.js";
import { beginTermination } from "../terminating.js";

export function instanceOperations(registry: GroupRegistry): Record<string, Operation> {
  return {
    DescribeAutoScalingInstances: (
      input: sdk.DescribeAutoScalingInstancesCommandInput,
    ): Out<sdk.DescribeAutoScalingInstancesCommandOutput> => {
      const ids = input.InstanceIds ?? [];
      const all = registry
        .all()
        .flatMap((group) => [...group.members.values()].map((member) => ({ group, member })))
        .filter(({ member }) => ids.length === 0 || ids.includes(member.id));
      const { items, ...next } = page(all, input, { usual: 50, most: 50 });
      return { AutoScalingInstances: items.map(({ group, member }) => describeInstance(group, member)), ...next };
    },
    SetInstanceProtection: (input: sdk.SetInstanceProtectionCommandInput) => {
      const group = registry.get(input.AutoScalingGroupName);
      if (input.ProtectedFromScaleIn === undefined) throw invalid("ProtectedFromScaleIn is required.");
      for (const member of membersOf(group, input.InstanceIds))
        member.protectedFromScaleIn = input.ProtectedFromScaleIn;
      group.touch();
      return {};
    },
    SetInstanceHealth: (input: sdk.SetInstanceHealthCommandInput) => setHealth(registry, input),
    EnterStandby: (input: sdk.EnterStandbyCommandInput) => enterStandby(registry, input),
    ExitStandby: (input: sdk.ExitStandbyCommandInput) => exitStandby(registry, input),
    TerminateInstanceInAutoScalingGroup: (input: sdk.TerminateInstanceInAutoScalingGroupCommandInput) =>
      terminate(registry, input),
  };
}

function membersOf(group: Group, ids: readonly string[] | undefined): Member[] {
  return (ids ?? []).map((id) => {
    const member = group.members.get(id);
    if (!member) throw invalid(`The instance ${id} is not part of Auto Scaling group ${group.name}.`);
    return member;
  });
}

function setHealth(registry: GroupRegistry, input: sdk.SetInstanceHealthCommandInput): Record<string, never> {
  const { group, member } = registry.memberOf(input.InstanceId);
  if (input.HealthStatus !== "Healthy" && input.HealthStatus !== "Unhealthy") {
    throw invalid(`HealthStatus '${input.HealthStatus ?? ""}' must be Healthy or Unhealthy.`);
  }
  if (isTerminating(member)) throw invalid(`Instance ${member.id} is terminating; its health cannot be set.`);
  if (input.HealthStatus === "Healthy") member.unhealthy = undefined;
  else if (input.ShouldRespectGracePeriod === false || !inGrace(group, member)) member.unhealthy = "user";
  group.touch();
  return {};
}

/** botocore model, ShouldRespectGracePeriod: "true by default"; within the grace period the call then has no effect. */
function inGrace(group: Group, member: Member): boolean {
  return (
    member.inServiceAt === undefined ||
    group.env.clock.secondsSince(member.inServiceAt) < group.settings.gracePeriodSeconds
  );
}

function startActivity(group: Group, member: Member, description: string, cause: string): sdk.Activity {
  const record = group.activities.start({
    description: `${description}: ${member.id}`,
    cause: at(group.env.clock.now(), cause),
    status: "InProgress",
    progress: 50,
    details: { "Subnet ID": member.subnetId, "Availability Zone": member.availabilityZone },
  });
  member.activity = record;
  return group.activities.describe(record, false);
}

function enterStandby(
  registry: GroupRegistry,
  input: sdk.EnterStandbyCommandInput,
): Out<sdk.EnterStandbyCommandOutput> {
  const group = registry.get(input.AutoScalingGroupName);
  const members = membersOf(group, input.InstanceIds);
  const wrong = members.find((member) => member.state !== "InService");
  if (wrong) throw invalid(`The instance ${wrong.id} is not in InService.`);
  const { desired, minSize } = group.settings;
  const decrement = input.ShouldDecrementDesiredCapacity ?? false;
  if (decrement && desired - members.length < minSize) {
    throw invalid(
      `AutoScalingGroup ${group.name} has min-size=${minSize}, max-size=${group.settings.maxSize}, and desired-size=${desired}. To place into standby ${members.length} instance, please update the AutoScalingGroup sizes appropriately.`,
    );
  }
  const cause = `instances were moved to standby in response to a user request${decrement ? `, shrinking the capacity from ${desired} to ${desired - members.length}` : ""}.`;
  const activities = members.map((member) => {
    member.state = "EnteringStandby";
    const activity = startActivity(group, member, "Moving EC2 instance to Standby", cause);
    const arns = [...member.registered];
    for (const arn of arns) deregister(group, arn, [member], () => standBy(group, member));
    standBy(group, member);
    return activity;
  });
  if (decrement) group.settings.desired -= members.length;
  group.touch();
  return { Activities: activities };
}

/** In standby once it has drained. */
function standBy(group: Group, member: Member): void {
  if (member.state === "EnteringStandby" && member.draining.size === 0) {
    member.state = "Standby";
    if (member.activity) group.activities.end(member.activity, "Successful");
    member.activity = undefined;
  }
  group.touch();
}

function exitStandby(registry: GroupRegistry, input: sdk.ExitStandbyCommandInput): Out<sdk.ExitStandbyCommandOutput> {
  const group = registry.get(input.AutoScalingGroupName);
  const members = membersOf(group, input.InstanceIds);
  const wrong = members.find((member) => member.state !== "Standby");
  if (wrong) throw invalid(`The instance ${wrong.id} is not in Standby.`);
  const { desired, maxSize } = group.settings;
  if (desired + members.length > maxSize) {
    throw invalid(
      `AutoScalingGroup ${group.name} has min-size=${group.settings.minSize}, max-size=${maxSize}, and desired-size=${desired}. To move ${members.length} instance out of standby, please update the AutoScalingGroup sizes appropriately.`,
    );
  }
  const cause = `instances were moved out of standby in response to a user request, increasing the capacity from ${desired} to ${desired + members.length}.`;
  const activities = members.map((member) => {
    member.state = "Pending:Proceed";
    return startActivity(group, member, "Moving EC2 instance out of Standby", cause);
  });
  group.settings.desired += members.length;
  group.touch();
  return { Activities: activities };
}

function terminate(
  registry: GroupRegistry,
  input: sdk.TerminateInstanceInAutoScalingGroupCommandInput,
): Out<sdk.TerminateInstanceInAutoScalingGroupCommandOutput> {
  if ((input.InstanceIds?.length ?? 0) > 0)
    throw notServed("TerminateInstanceInAutoScalingGroup.InstanceIds", "Use InstanceId.");
  const { group, member } = registry.memberOf(input.InstanceId);
  if (input.AutoScalingGroupName !== undefined && input.AutoScalingGroupName !== group.name) {
    throw invalid(`The instance ${member.id} is not part of Auto Scaling group ${input.AutoScalingGroupName}.`);
  }
  if (isTerminating(member)) throw invalid(`The instance ${member.id} is terminating already.`);
  const { desired, minSize } = group.settings;
  const now = group.env.clock.now();
  if (input.ShouldDecrementDesiredCapacity) {
    if (desired <= minSize) {
      throw invalid(
        `Currently, desiredSize equals minSize (${minSize}). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.`,
      );
    }
    group.settings.desired--;
  } else group.replacementsDue++;
  const shrinks = input.ShouldDecrementDesiredCapacity
    ? ` , shrinking the capacity from ${desired} to ${desired - 1}`
    : "";
  beginTermination(group, member, { cause: at(now, causes.userTerminate.replace(/\.$/, `${shrinks}.`)) });
  group.touch();
  return member.activity ? { Activity: group.activities.describe(member.activity, false) } : {};
}
