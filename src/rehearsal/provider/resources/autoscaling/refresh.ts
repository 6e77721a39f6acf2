/**
 * The provider's own `instanceRefresh` block, as the real one behaves: the group is changed first, then the refresh is started and
 * not awaited. A rollout that waits and rolls back belongs to `RollingFleet`.
 */
import {
  CancelInstanceRefreshCommand,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
} from "@aws-sdk/client-auto-scaling";
import { isCode } from "../../awsErrors.js";
import type { Values } from "../../protocol/values.js";
import type { Call } from "../../resource.js";
import { toTemplate } from "./groupState.js";

/** A refresh follows a change of the launch template or of one of the named triggers (`tag` stands for `tags`). */
export function wantsRefresh(planned: Values, changed: ReadonlySet<string>): boolean {
  if (!planned.instanceRefresh) return false;
  const triggers: string[] = planned.instanceRefresh.triggers ?? [];
  const named = triggers.map((trigger) =>
    trigger === "tag" ? "tags" : trigger.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase()),
  );
  return ["launchTemplate", ...named].some((name) => changed.has(name));
}

export async function startRefresh(call: Call, name: string, planned: Values): Promise<void> {
  const { strategy, preferences } = planned.instanceRefresh;
  const request = new StartInstanceRefreshCommand({
    AutoScalingGroupName: name,
    Strategy: strategy,
    Preferences: preferences ? toPreferences(preferences) : undefined,
    // The real provider sends it with auto rollback only; the group holds the new template already, so that it changes nothing.
    DesiredConfiguration: preferences?.autoRollback
      ? { LaunchTemplate: toTemplate(planned.launchTemplate) }
      : undefined,
  });
  try {
    await call.aws.autoscaling.send(request);
  } catch (error) {
    if (!isCode(error, "InstanceRefreshInProgress", "InstanceRefreshInProgressFault")) throw error;
    await cancelRunning(call, name);
    await call.aws.autoscaling.send(request);
  }
}

function toPreferences(preferences: Values) {
  const seconds = (given: string | undefined): number | undefined => (given ? Number(given) : undefined);
  return {
    AutoRollback: preferences.autoRollback,
    CheckpointDelay: preferences.checkpointPercentages ? seconds(preferences.checkpointDelay) : undefined,
    CheckpointPercentages: preferences.checkpointPercentages,
    InstanceWarmup: seconds(preferences.instanceWarmup),
    MaxHealthyPercentage: preferences.maxHealthyPercentage,
    MinHealthyPercentage: preferences.minHealthyPercentage,
    ScaleInProtectedInstances: preferences.scaleInProtectedInstances,
    SkipMatching: preferences.skipMatching,
    StandbyInstances: preferences.standbyInstances,
    AlarmSpecification: preferences.alarmSpecification?.alarms
      ? { Alarms: preferences.alarmSpecification.alarms }
      : undefined,
  };
}

const ENDED = ["Cancelled", "Failed", "Successful", "RollbackFailed", "RollbackSuccessful"];

async function cancelRunning(call: Call, name: string): Promise<void> {
  const { autoscaling } = call.aws;
  try {
    await autoscaling.send(new CancelInstanceRefreshCommand({ AutoScalingGroupName: name }));
  } catch (error) {
    if (!isCode(error, "ActiveInstanceRefreshNotFound", "ActiveInstanceRefreshNotFoundFault")) throw error;
  }
  await call.waiter.until({
    what: `the running instance refresh of ${name} to be cancelled`,
    deadlineSeconds: 900,
    everySeconds: 5,
    observe: async () => {
      const { InstanceRefreshes } = await autoscaling.send(
        new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: name, MaxRecords: 1 }),
      );
      const status = InstanceRefreshes?.[0]?.Status;
      const ended = status === undefined || ENDED.includes(status);
      return { progress: `instance refresh is ${status ?? "gone"}`, ...(ended ? { done: true } : {}) };
    },
  });
}
