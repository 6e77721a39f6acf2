import { AwsError } from "../../awsError.js";
import type { AlarmView } from "../../ports.js";
import { at, causes } from "../causes.js";
import { invalid } from "../faults.js";
import type { Group } from "../group.js";
import { countWarming, simpleTarget, stepTarget, trackingTarget } from "./adjust.js";
import { readAlarm } from "./alarmReading.js";
import type { ScalingPolicyRecord } from "./record.js";

/** How a policy came to run: an alarm, or ExecutePolicy. */
export type Trigger =
  | { readonly kind: "alarm"; readonly alarm: AlarmView }
  | { readonly kind: "user"; readonly value?: number; readonly threshold?: number };

/** Runs a policy: desired capacity moves within minimum and maximum, or stays where it is. */
export function executePolicy(group: Group, policy: ScalingPolicyRecord, trigger: Trigger): void {
  const wanted = wantedCapacity(group, policy, trigger);
  if (wanted === undefined) return;
  const { desired, minSize, maxSize } = group.settings;
  const next = Math.min(maxSize, Math.max(minSize, wanted));
  const sentence =
    trigger.kind === "alarm"
      ? causes.alarmTriggered(trigger.alarm.name, policy.name, desired, next)
      : causes.policyExecuted(policy.name, desired, next);
  group.setDesired(next, at(group.env.clock.now(), sentence));
  group.touch();
}

function wantedCapacity(group: Group, policy: ScalingPolicyRecord, trigger: Trigger): number | undefined {
  const { desired } = group.settings;
  if (policy.type === "SimpleScaling") {
    return trigger.kind === "alarm" && inCooldown(group, policy) ? undefined : simpleTarget(policy, desired);
  }
  const warming = countWarming(group, warmupOf(group, policy));
  const { value, threshold } = measured(group, policy, trigger);
  if (policy.type === "StepScaling") return stepTarget(policy, desired, warming, value - threshold);
  if (trigger.kind === "user") throw invalid("Policies of type TargetTrackingScaling cannot be executed.");
  const role = policy.ownAlarms.find((alarm) => alarm.name === trigger.alarm.name)?.role;
  if (!role) return undefined;
  const serving = [...group.members.values()].filter((member) => member.state === "InService").length;
  return trackingTarget(role, { desired, serving, warming, value, target: policy.tracking?.TargetValue ?? value });
}

/** botocore model: EstimatedInstanceWarmup, else the default instance warmup, else the cooldown. */
function warmupOf(group: Group, policy: ScalingPolicyRecord): number {
  return policy.warmupSeconds ?? group.settings.defaultInstanceWarmupSeconds ?? group.settings.cooldownSeconds;
}

export function inCooldown(group: Group, policy?: ScalingPolicyRecord): boolean {
  const seconds = policy?.cooldownSeconds ?? group.settings.cooldownSeconds;
  return group.lastScalingAt !== undefined && group.env.clock.secondsSince(group.lastScalingAt) < seconds;
}

function measured(group: Group, policy: ScalingPolicyRecord, trigger: Trigger): { value: number; threshold: number } {
  if (trigger.kind === "user") {
    if (trigger.value === undefined || trigger.threshold === undefined) {
      throw invalid("MetricValue and BreachThreshold are required to execute a policy of type StepScaling.");
    }
    return { value: trigger.value, threshold: trigger.threshold };
  }
  const { alarm } = trigger;
  const { value, threshold = policy.tracking?.TargetValue } = readAlarm(alarm);
  if (value === undefined || threshold === undefined) {
    group.env.log.error(
      { group: group.name, policy: policy.name, alarm: alarm.name, reason: alarm.reason },
      "the alarm does not say which value breached it, so its scaling policy cannot run",
    );
    throw new AwsError("InternalFailure", `Alarm ${alarm.name} does not say which value breached it.`, 500);
  }
  return { value, threshold };
}
