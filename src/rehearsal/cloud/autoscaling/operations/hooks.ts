import type * as sdk from "@aws-sdk/client-auto-scaling";
import type { Operation, Out } from "../../service.js";
import { invalid } from "../faults.js";
import type { Group } from "../group.js";
import { describeHook, type PendingHook, readHook } from "../hooks.js";
import type { GroupRegistry } from "../registry.js";

const MOST_HOOKS = 50;

interface ActionReference {
  readonly LifecycleHookName?: string | undefined;
  readonly LifecycleActionToken?: string | undefined;
  readonly InstanceId?: string | undefined;
}

export function hookOperations(registry: GroupRegistry): Record<string, Operation> {
  return {
    PutLifecycleHook: (input: sdk.PutLifecycleHookCommandInput) => {
      const group = registry.get(input.AutoScalingGroupName);
      const hook = readHook(input, group.hooks.get(input.LifecycleHookName ?? ""));
      if (!group.hooks.has(hook.name) && group.hooks.size >= MOST_HOOKS)
        throw invalid(`An Auto Scaling group takes at most ${MOST_HOOKS} lifecycle hooks.`);
      group.hooks.set(hook.name, hook);
      return {};
    },
    DescribeLifecycleHooks: (
      input: sdk.DescribeLifecycleHooksCommandInput,
    ): Out<sdk.DescribeLifecycleHooksCommandOutput> => {
      const group = registry.get(input.AutoScalingGroupName);
      const names = input.LifecycleHookNames ?? [];
      const hooks = [...group.hooks.values()].filter((hook) => names.length === 0 || names.includes(hook.name));
      return { LifecycleHooks: hooks.map((hook) => describeHook(hook, group.name)) };
    },
    DeleteLifecycleHook: (input: sdk.DeleteLifecycleHookCommandInput) => {
      const group = registry.get(input.AutoScalingGroupName);
      if (!group.hooks.delete(input.LifecycleHookName ?? ""))
        throw invalid(`No Lifecycle Hook found with name ${input.LifecycleHookName ?? ""}`);
      // botocore model, DeleteLifecycleHook: outstanding actions are completed, launching with ABANDON, terminating with CONTINUE.
      for (const pending of pendingHooks(group, input.LifecycleHookName)) {
        pending.action.result =
          pending.action.hook.transition === "autoscaling:EC2_INSTANCE_LAUNCHING" ? "ABANDON" : "CONTINUE";
      }
      group.touch();
      return {};
    },
    CompleteLifecycleAction: (input: sdk.CompleteLifecycleActionCommandInput) => {
      const group = registry.get(input.AutoScalingGroupName);
      const result = input.LifecycleActionResult;
      if (result !== "CONTINUE" && result !== "ABANDON")
        throw invalid(`LifecycleActionResult '${result ?? ""}' must be CONTINUE or ABANDON.`);
      findAction(group, input).result = result;
      group.touch();
      return {};
    },
    RecordLifecycleActionHeartbeat: (input: sdk.RecordLifecycleActionHeartbeatCommandInput) => {
      const group = registry.get(input.AutoScalingGroupName);
      const action = findAction(group, input);
      action.deadline = group.env.clock.now() + group.env.clock.toRealMs(action.hook.heartbeatSeconds);
      group.touch();
      return {};
    },
    DescribeLifecycleHookTypes: (): Out<sdk.DescribeLifecycleHookTypesCommandOutput> => ({
      LifecycleHookTypes: ["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"],
    }),
  };
}

function pendingHooks(group: Group, name: string | undefined): { instanceId: string; action: PendingHook }[] {
  return [...group.members.values()].flatMap((member) =>
    (member.hooks ?? [])
      .filter((action) => action.hook.name === name && action.result === undefined)
      .map((action) => ({ instanceId: member.id, action })),
  );
}

function findAction(group: Group, reference: ActionReference): PendingHook {
  const { LifecycleActionToken: token, InstanceId: instanceId } = reference;
  if (token === undefined && instanceId === undefined)
    throw invalid("Either LifecycleActionToken or InstanceId is required.");
  const found = pendingHooks(group, reference.LifecycleHookName).find(
    (pending) =>
      (token === undefined || pending.action.token === token) &&
      (instanceId === undefined || pending.instanceId === instanceId),
  );
  if (!found) {
    throw invalid(
      token === undefined
        ? `No active Lifecycle Action found with instance ID ${instanceId}`
        : `No active Lifecycle Action found with token ${token}`,
    );
  }
  return found.action;
}
