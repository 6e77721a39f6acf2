import { randomUUID } from "node:crypto";
import type { LifecycleHook } from "@aws-sdk/client-auto-scaling";
import type { Clock } from "../clock.js";
import { invalid, notServed } from "./faults.js";

export type HookTransition = "autoscaling:EC2_INSTANCE_LAUNCHING" | "autoscaling:EC2_INSTANCE_TERMINATING";
export type HookResult = "CONTINUE" | "ABANDON";

export interface Hook {
  readonly name: string;
  readonly transition: HookTransition;
  readonly heartbeatSeconds: number;
  readonly defaultResult: HookResult;
  readonly metadata?: string;
}

/** A lifecycle action that an instance is waiting on. Several hooks of one transition wait side by side. */
export interface PendingHook {
  readonly hook: Hook;
  readonly token: string;
  deadline: number;
  readonly lastDeadline: number;
  result?: HookResult;
  /** True when the result came from the clock, not from a caller. */
  timedOut?: boolean;
}

interface HookInput {
  readonly LifecycleHookName?: string | undefined;
  readonly LifecycleTransition?: string | undefined;
  readonly HeartbeatTimeout?: number | undefined;
  readonly DefaultResult?: string | undefined;
  readonly NotificationTargetARN?: string | undefined;
  readonly RoleARN?: string | undefined;
  readonly NotificationMetadata?: string | undefined;
}

/** Reads a hook from the API's input; what is not given keeps the old hook's value (PutLifecycleHook updates in place). */
export function readHook(input: HookInput, old?: Hook): Hook {
  const name = input.LifecycleHookName;
  if (!name || !/^[A-Za-z0-9\-_/]{1,255}$/.test(name)) {
    throw invalid(
      `1 validation error detected: Value '${name ?? ""}' at 'lifecycleHookName' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9\\-_\\/]+`,
    );
  }
  if (input.NotificationTargetARN) {
    throw notServed(
      `NotificationTargetARN of lifecycle hook '${name}'`,
      "Leave it out and complete the action with CompleteLifecycleAction.",
    );
  }
  const transition = input.LifecycleTransition ?? old?.transition;
  if (transition !== "autoscaling:EC2_INSTANCE_LAUNCHING" && transition !== "autoscaling:EC2_INSTANCE_TERMINATING") {
    throw invalid(
      `Lifecycle transition '${transition ?? ""}' must be autoscaling:EC2_INSTANCE_LAUNCHING or autoscaling:EC2_INSTANCE_TERMINATING.`,
    );
  }
  const heartbeat = input.HeartbeatTimeout ?? old?.heartbeatSeconds ?? 3600;
  // botocore model: "The range is from 30 to 7200 seconds. The default value is 3600 seconds".
  if (!Number.isInteger(heartbeat) || heartbeat < 30 || heartbeat > 7200) {
    throw invalid(`Heartbeat timeout ${heartbeat} must be between 30 and 7200 seconds.`);
  }
  const result = input.DefaultResult ?? old?.defaultResult ?? "ABANDON";
  if (result !== "CONTINUE" && result !== "ABANDON")
    throw invalid(`Default result '${result}' must be CONTINUE or ABANDON.`);
  const metadata = input.NotificationMetadata ?? old?.metadata;
  return {
    name,
    transition,
    heartbeatSeconds: heartbeat,
    defaultResult: result,
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** botocore model: the action can be kept waiting for 48 hours or 100 times the heartbeat, whichever is smaller. */
export function globalTimeoutSeconds(hook: Hook): number {
  return Math.min(48 * 3600, 100 * hook.heartbeatSeconds);
}

/** Starts the lifecycle actions of one transition for one instance. */
export function startHooks(hooks: Iterable<Hook>, transition: HookTransition, clock: Clock): PendingHook[] {
  const now = clock.now();
  return [...hooks]
    .filter((hook) => hook.transition === transition)
    .map((hook) => ({
      hook,
      token: randomUUID(),
      deadline: now + clock.toRealMs(hook.heartbeatSeconds),
      lastDeadline: now + clock.toRealMs(globalTimeoutSeconds(hook)),
    }));
}

/** Applies default results to actions whose time is up; answers the next moment to look again, if any. */
export function expireHooks(pending: readonly PendingHook[], now: number): number | undefined {
  let next: number | undefined;
  for (const action of pending) {
    if (action.result !== undefined) continue;
    const due = Math.min(action.deadline, action.lastDeadline);
    if (now >= due) {
      action.result = action.hook.defaultResult;
      action.timedOut = true;
    } else next = Math.min(next ?? due, due);
  }
  return next;
}

/** ABANDON of one hook ends them all; CONTINUE lets the others finish (user guide, "completing lifecycle hooks"). */
export function outcome(pending: readonly PendingHook[]): PendingHook | "continue" | undefined {
  const abandoned = pending.find((action) => action.result === "ABANDON");
  if (abandoned) return abandoned;
  return pending.every((action) => action.result === "CONTINUE") ? "continue" : undefined;
}

export function describeHook(hook: Hook, groupName: string): LifecycleHook {
  return {
    LifecycleHookName: hook.name,
    AutoScalingGroupName: groupName,
    LifecycleTransition: hook.transition,
    HeartbeatTimeout: hook.heartbeatSeconds,
    GlobalTimeout: globalTimeoutSeconds(hook),
    DefaultResult: hook.defaultResult,
    ...(hook.metadata === undefined ? {} : { NotificationMetadata: hook.metadata }),
  };
}
