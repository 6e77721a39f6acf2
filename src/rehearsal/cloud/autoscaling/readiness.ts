import type { Group } from "./group.js";
import type { Member } from "./member.js";

/**
 * Whether the health checks that the group uses are passed (user guide, "how an instance refresh works": "the status of the
 * health checks that your Auto Scaling group uses"). Target groups matter only with health check type ELB, and only once
 * their attachment is InService; an instance launched while AddToLoadBalancer was suspended is in none.
 */
export function passesHealthChecks(group: Group, member: Member): boolean {
  if (member.unhealthy !== undefined || member.compute !== "running") return false;
  if (!group.usesElbHealth() || member.withoutLoadBalancer) return true;
  for (const attachment of group.attachments.values()) {
    if (attachment.state !== "InService") continue;
    if (member.targets.get(attachment.arn)?.state !== "healthy") return false;
  }
  return true;
}

/** When the member's warm-up ends, in wall clock milliseconds; undefined before it is in service. */
export function warmedAt(group: Group, member: Member): number | undefined {
  if (member.inServiceAt === undefined) return undefined;
  // botocore model, InstanceWarmup: it begins when the new instance enters InService.
  return member.inServiceAt + group.env.clock.toRealMs(member.warmupSeconds);
}

export function isWarm(group: Group, member: Member, now: number): boolean {
  const end = warmedAt(group, member);
  return end !== undefined && now >= end;
}

/** In service, healthy and ready to use. */
export function isReady(group: Group, member: Member, now: number): boolean {
  return member.state === "InService" && isWarm(group, member, now) && passesHealthChecks(group, member);
}
