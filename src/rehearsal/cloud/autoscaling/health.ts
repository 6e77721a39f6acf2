import { at, causes, join } from "./causes.js";
import type { Group } from "./group.js";
import { noteDeath } from "./launching.js";
import type { Pass } from "./loop.js";
import { isDead, type Member } from "./member.js";
import { isReady, warmedAt } from "./readiness.js";
import { effectiveBounds } from "./refresh/bounds.js";
import { beginTermination } from "./terminating.js";

/**
 * Marks instances unhealthy. EC2's word counts at once, also within the grace period: that one "does not protect an instance
 * that is no longer running". The load balancer's word counts after the grace period, once the attachment is InService, and for
 * at most 10 % of desired capacity at a time, at least one (user guide, "health checks", "minimizes downtime").
 */
export function judgeHealth(group: Group, pass: Pass): void {
  if (group.isSuspended("HealthCheck")) return;
  let places = freePlaces(group, pass);
  for (const member of group.members.values()) {
    if (member.state !== "InService" || member.unhealthy !== undefined) continue;
    if (isDead(member)) {
      member.unhealthy = "EC2";
      noteDeath(group, member, pass);
    } else if (failsInLoadBalancer(group, member, pass)) {
      // A replacement that fails as well keeps the place it holds.
      if (!member.replacesUnhealthy && places <= 0 && !group.isSuspended("ReplaceUnhealthy")) continue;
      member.unhealthy = "ELB";
      if (!member.replacesUnhealthy) places--;
    }
  }
}

function failsInLoadBalancer(group: Group, member: Member, pass: Pass): boolean {
  if (!group.usesElbHealth() || member.inServiceAt === undefined) return false;
  let failing = false;
  for (const attachment of group.attachments.values()) {
    if (attachment.state === "InService" && member.targets.get(attachment.arn)?.state === "unhealthy") failing = true;
  }
  if (!failing) return false;
  const graceEnds = member.inServiceAt + group.env.clock.toRealMs(group.settings.gracePeriodSeconds);
  if (pass.now >= graceEnds) return true;
  pass.wakeAt(graceEnds);
  return false;
}

/** Places for health replacement: 10 % of desired, at least one; a place is held until its replacement is ready. */
function freePlaces(group: Group, pass: Pass): number {
  const all = Math.max(1, Math.floor(group.settings.desired / 10));
  let held = group.placesHeld;
  for (const member of group.members.values()) {
    if (member.state === "InService" && member.unhealthy === "ELB" && !member.replacesUnhealthy) held++;
    else if (member.replacesUnhealthy && !member.state.startsWith("Terminating")) {
      if (isReady(group, member, pass.now)) member.replacesUnhealthy = false;
      else {
        held++;
        const warm = warmedAt(group, member);
        if (warm !== undefined && warm > pass.now) pass.wakeAt(warm);
      }
    }
  }
  return all - held;
}

/** How many instances above desired capacity health replacement wants now: more than none only under a maintenance policy. */
export function replacementSurplus(group: Group): number {
  const waiting = waitingForReplacement(group);
  const policy = group.settings.maintenancePolicy;
  if (waiting.length === 0 || !policy || group.isSuspended("ReplaceUnhealthy")) return 0;
  const { maxTotal } = boundsOf(group, policy);
  return Math.max(0, Math.min(waiting.length, maxTotal - group.settings.desired));
}

function boundsOf(group: Group, policy: { min: number; max: number }): ReturnType<typeof effectiveBounds> {
  return effectiveBounds(group.settings.desired, { ...policy, maxGiven: true }, group.env.maxHealthyRounding);
}

function waitingForReplacement(group: Group): Member[] {
  return [...group.members.values()].filter((member) => member.state === "InService" && member.unhealthy !== undefined);
}

/**
 * Takes unhealthy instances out. Terminate first, unless the group's maintenance policy says otherwise; an instance that is
 * dead or that the user marked goes at once either way.
 */
export function replaceUnhealthy(group: Group, pass: Pass): void {
  if (group.isSuspended("ReplaceUnhealthy") || group.isSuspended("Terminate")) return;
  const waiting = waitingForReplacement(group);
  const policy = group.activeRefresh() ? undefined : group.settings.maintenancePolicy;
  let allowed = policy ? mayTerminate(group, policy, pass) : Number.POSITIVE_INFINITY;
  for (const member of waiting) {
    const cause = member.unhealthy;
    if (cause === undefined) continue;
    if (cause === "ELB" && allowed < 1) continue;
    if (cause === "ELB") allowed--;
    if (cause === "ELB" || member.replacesUnhealthy) group.placesHeld++;
    group.replacementsDue++;
    beginTermination(group, member, {
      cause: join(at(pass.now, causes.unhealthy[cause]), at(pass.now, causes.selected(member.id))),
    });
  }
}

/** Under a maintenance policy: instances in service, without replacements that are not ready yet, above the minimum. */
function mayTerminate(group: Group, policy: { min: number; max: number }, pass: Pass): number {
  let serving = 0;
  for (const member of group.members.values()) {
    if (member.state !== "InService") continue;
    if (isReady(group, member, pass.now) || (member.unhealthy !== undefined && !isDead(member))) serving++;
  }
  return serving - boundsOf(group, policy).minHealthy;
}
