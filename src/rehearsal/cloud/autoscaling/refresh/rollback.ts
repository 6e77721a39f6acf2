import { messageOf } from "../faults.js";
import type { Group, TemplateSpec } from "../group.js";
import { isTerminating } from "../member.js";
import { matcher } from "./matching.js";
import type { RefreshRecord } from "./record.js";

/**
 * Why a refresh cannot be rolled back, if it cannot (botocore model, AutoRollback): without desired configuration, with an
 * AMI named by an SSM parameter, or with the group on `$Latest` or `$Default`.
 */
export function whyIrreversible(group: Group, desiredConfiguration: TemplateSpec | undefined): string | undefined {
  if (desiredConfiguration === undefined) return "No desired configuration was specified for the instance refresh.";
  const { template } = group.settings;
  if (template.version === "$Latest" || template.version === "$Default") {
    return `The Auto Scaling group uses the launch template version ${template.version}; it must be a version number.`;
  }
  for (const spec of [template, desiredConfiguration]) {
    const { imageId } = group.env.compute.resolveTemplate({ id: spec.id, version: spec.version });
    if (imageId?.startsWith("resolve:ssm:")) {
      return `Version ${spec.version} of launch template ${spec.id} uses an AWS Systems Manager parameter instead of an AMI ID.`;
    }
  }
  return undefined;
}

/**
 * Turns a refresh around. The group never left its old configuration, so everything that does not match it is replaced;
 * what never got ready contributes nothing and simply goes first.
 */
export function startRollback(group: Group, refresh: RefreshRecord, reason: string): void {
  const now = group.env.clock.now();
  let matches: ReturnType<typeof matcher>;
  try {
    matches = matcher(group, group.settings.template);
  } catch (error) {
    refresh.status = "RollbackFailed";
    refresh.statusReason = `${reason} The rollback failed: ${messageOf(error)}`;
    refresh.endedAt = now;
    return;
  }
  refresh.rollback = {
    reason,
    startedAt: now,
    percentageComplete: refresh.percentageComplete,
    instancesToUpdate: refresh.instancesToUpdate,
  };
  refresh.status = "RollbackInProgress";
  refresh.statusReason = reason;
  refresh.phase = `${refresh.id}/rollback`;
  const changed = [...group.members.values()].filter((member) => !isTerminating(member) && !matches(member));
  refresh.replace = new Set(changed.map((member) => member.id));
  refresh.phaseTotal = changed.length;
  refresh.waitUntil = undefined;
  refresh.bakeUntil = undefined;
  refresh.lastProgressAt = now;
  refresh.fewestLeft = changed.length;
  refresh.mostReady = 0;
  group.touch();
}
