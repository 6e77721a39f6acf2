import { messageOf } from "./faults.js";
import type { Group } from "./group.js";
import type { Pass } from "./loop.js";
import type { Member } from "./member.js";

/** botocore model: Adding → Added → InService (one instance healthy); Removing → Removed. */
export interface Attachment {
  readonly arn: string;
  state: "Adding" | "Added" | "InService" | "Removing";
}

/** Registers what is in service and not registered yet with every attached target group, one call per group. */
export function settleAttachments(group: Group, pass: Pass): void {
  for (const attachment of group.attachments.values()) {
    if (attachment.state === "Removing") continue;
    const missing = [...group.members.values()].filter(
      (member) => member.state === "InService" && !member.withoutLoadBalancer && !member.registered.has(attachment.arn),
    );
    if (group.isSuspended("AddToLoadBalancer")) continue;
    if (missing.length > 0 && !register(group, attachment.arn, missing, pass)) continue;
    if (attachment.state === "Adding") attachment.state = "Added";
    if (attachment.state === "Added" && anyHealthy(group, attachment.arn)) attachment.state = "InService";
  }
}

function anyHealthy(group: Group, arn: string): boolean {
  for (const member of group.members.values()) if (member.targets.get(arn)?.state === "healthy") return true;
  return false;
}

function register(group: Group, arn: string, members: readonly Member[], pass: Pass): boolean {
  const { targets, log, clock } = group.env;
  try {
    targets.register(
      arn,
      members.map((member) => member.id),
    );
  } catch (error) {
    const reason = messageOf(error);
    // Tried again at every pass: told once for each reason.
    if (members[0]?.lastFault !== reason) {
      log.error(
        { group: group.name, targetGroup: arn, reason },
        "instances could not be registered with their target group",
      );
      const activity = group.activities.start({
        description: `Registering EC2 instances with target group ${arn}`,
        cause: "instances of the group entered service.",
        status: "InProgress",
      });
      group.activities.end(activity, "Failed", reason);
      for (const member of members) member.lastFault = reason;
    }
    pass.wakeAt(pass.now + clock.toRealMs(30));
    return false;
  }
  for (const member of members) {
    member.registered.add(arn);
    noteHealth(member, arn, targets.health(arn, member.id), pass.now);
  }
  return true;
}

/** Keeps what a target group says of a member. */
export function noteHealth(
  member: Member,
  arn: string,
  health: ReturnType<Group["env"]["targets"]["health"]>,
  now: number,
): void {
  if (health === undefined) {
    member.targets.delete(arn);
    return;
  }
  member.targets.set(arn, health);
  if (health.state === "healthy") member.firstHealthyAt ??= now;
}

/** Starts taking members out of a target group; `whenDrained` runs for each once the deregistration delay is over. */
export function deregister(group: Group, arn: string, members: readonly Member[], whenDrained: () => void): void {
  const { targets, log } = group.env;
  const ids = members.map((member) => member.id);
  for (const member of members) {
    member.registered.delete(arn);
    member.draining.add(arn);
  }
  const drained = (): void => {
    for (const member of members) {
      member.draining.delete(arn);
      member.targets.delete(arn);
    }
    whenDrained();
  };
  targets.deregister(arn, ids).then(drained, (error: unknown) => {
    log.error({ group: group.name, targetGroup: arn, reason: messageOf(error) }, "instances could not be deregistered");
    drained();
  });
}

/** Detaches a target group: its instances leave it after draining and keep running (user guide, "detach a target group"). */
export function detach(group: Group, arn: string): void {
  const attachment = group.attachments.get(arn);
  if (!attachment || attachment.state === "Removing") return;
  attachment.state = "Removing";
  const members = [...group.members.values()].filter((member) => member.registered.has(arn));
  const removed = (): void => {
    if (group.attachments.get(arn) === attachment) group.attachments.delete(arn);
    group.touch();
  };
  if (members.length === 0) removed();
  else deregister(group, arn, members, removed);
}
