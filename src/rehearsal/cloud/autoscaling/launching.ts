import type { ResolvedTemplate } from "../ports.js";
import { settleAttachments } from "./attachments.js";
import { at, causes, join } from "./causes.js";
import { messageOf } from "./faults.js";
import type { Group, TemplateSpec } from "./group.js";
import { expireHooks, outcome, startHooks } from "./hooks.js";
import type { Pass } from "./loop.js";
import { isDead, isLaunching, type Member } from "./member.js";
import { Placement } from "./placement.js";
import { isReady } from "./readiness.js";
import { launchTags } from "./tags.js";
import { beginTermination } from "./terminating.js";

/** Why instances are launched, and what marks them. */
export interface LaunchReason {
  readonly cause: string;
  readonly launchedBy?: string;
  readonly warmupSeconds: number;
  readonly replacesUnhealthy?: boolean;
}

/** Waits between failed launches, in AWS seconds. AWS retries too, at intervals it does not document. */
const FIRST_RETRY = 5;
const LONGEST_RETRY = 300;
/** An instance that ends this soon and was never healthy counts as a failed launch, so that a crash on boot does not spin. */
const EARLY_DEATH_SECONDS = 60;

/** True while failed launches are being waited out. */
export function launchesPaused(group: Group, pass: Pass): boolean {
  if (group.isSuspended("Launch")) return true;
  if (!group.backoff || pass.now >= group.backoff.retryAt) return false;
  pass.wakeAt(group.backoff.retryAt);
  return true;
}

/** Launches up to `count` instances from `spec`; answers how many were started. A failure is an activity and ends the round. */
export function launch(group: Group, spec: TemplateSpec, count: number, why: LaunchReason, pass: Pass): number {
  if (count <= 0 || launchesPaused(group, pass)) return 0;
  const placement = new Placement(group);
  let template: ResolvedTemplate;
  try {
    checkTargetGroups(group);
    template = group.env.compute.resolveTemplate({ id: spec.id, version: spec.version });
  } catch (error) {
    launchFailed(group, messageOf(error), why, pass);
    return 0;
  }
  for (let started = 0; started < count; started++) {
    const subnetId = placement.next();
    try {
      if (subnetId === undefined) {
        throw new Error(
          `There are no free addresses in the group's subnets (${group.settings.subnetIds.join(", ")}), or their zones are lost.`,
        );
      }
      launchOne(group, template, subnetId, why);
    } catch (error) {
      launchFailed(group, messageOf(error), why, pass, subnetId);
      return started;
    }
  }
  return count;
}

function checkTargetGroups(group: Group): void {
  for (const attachment of group.attachments.values()) {
    if (attachment.state !== "Removing" && !group.env.targets.exists(attachment.arn)) {
      throw new Error(
        `Provided Target Groups may not be valid. Please ensure they exist and try again. (${attachment.arn})`,
      );
    }
  }
}

function launchOne(group: Group, template: ResolvedTemplate, subnetId: string, why: LaunchReason): void {
  const { compute } = group.env;
  const launched = compute.launch({
    launchTemplateId: template.launchTemplateId,
    version: template.version,
    subnetId,
    tags: {
      ...launchTags(group),
      "aws:ec2launchtemplate:id": template.launchTemplateId,
      "aws:ec2launchtemplate:version": template.version,
    },
  });
  const view = compute.instance(launched.instanceId) ?? launched;
  const member: Member = {
    id: view.instanceId,
    subnetId,
    availabilityZone: view.availabilityZone,
    template,
    instanceType: view.instanceType,
    launchedAt: view.launchTime,
    sequence: group.nextSequence(),
    state: "Pending",
    compute: view.state,
    protectedFromScaleIn: group.settings.newInstancesProtected,
    registered: new Set(),
    targets: new Map(),
    draining: new Set(),
    withoutLoadBalancer: group.isSuspended("AddToLoadBalancer"),
    ...(why.launchedBy === undefined ? {} : { launchedBy: why.launchedBy }),
    warmupSeconds: why.warmupSeconds,
    replacesUnhealthy: why.replacesUnhealthy ?? false,
    activity: group.activities.start({
      description: `Launching a new EC2 instance: ${view.instanceId}`,
      cause: why.cause,
      status: "PreInService",
      progress: 30,
      details: { "Subnet ID": subnetId, "Availability Zone": view.availabilityZone },
    }),
  };
  group.addMember(member);
  group.touch();
}

function launchFailed(group: Group, reason: string, why: LaunchReason, pass: Pass, subnetId?: string): void {
  const zone = subnetId === undefined ? undefined : group.env.compute.subnet(subnetId)?.availabilityZone;
  const activity = group.activities.start({
    description: "Launching a new EC2 instance",
    cause: why.cause,
    status: "InProgress",
    ...(subnetId === undefined || zone === undefined
      ? {}
      : { details: { "Subnet ID": subnetId, "Availability Zone": zone } }),
  });
  group.activities.end(activity, "Failed", `${reason} Launching EC2 instance failed.`);
  backOff(group, reason, pass);
}

function backOff(group: Group, reason: string, pass: Pass): void {
  const failures = (group.backoff?.failures ?? 0) + 1;
  const seconds = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (failures - 1));
  group.backoff = {
    failures,
    retryAt: pass.now + group.env.clock.toRealMs(seconds),
    lastReason: reason,
    after: group.launched,
  };
  group.env.log.warn({ group: group.name, reason, retrySeconds: seconds }, "launching an instance failed");
  pass.wakeAt(group.backoff.retryAt);
}

/** Brings launching instances on: launch hooks, registration with the target groups, InService. */
export function settleLaunches(group: Group, pass: Pass): void {
  let entered = false;
  for (const member of [...group.members.values()]) {
    if (!isLaunching(member)) continue;
    if (isDead(member)) {
      launchDied(group, member, pass);
      continue;
    }
    if (member.state === "Pending" && member.compute === "running") waitForLaunchHooks(group, member);
    if (member.state === "Pending:Wait") settleLaunchHooks(group, member, pass);
    if ((member.state as Member["state"]) === "Pending:Proceed") {
      enterService(group, member, pass.now);
      entered = true;
    }
  }
  // User guide, "lifecycle hooks": registration with the load balancer comes after the launch hooks.
  if (entered) settleAttachments(group, pass);
}

function waitForLaunchHooks(group: Group, member: Member): void {
  const hooks = startHooks(group.hooks.values(), "autoscaling:EC2_INSTANCE_LAUNCHING", group.env.clock);
  if (hooks.length === 0) {
    member.state = "Pending:Proceed";
    return;
  }
  member.hooks = hooks;
  member.state = "Pending:Wait";
  if (member.activity) {
    member.activity.status = "MidLifecycleAction";
    member.activity.progress = 50;
  }
}

function settleLaunchHooks(group: Group, member: Member, pass: Pass): void {
  const pending = member.hooks ?? [];
  const next = expireHooks(pending, pass.now);
  if (next !== undefined) pass.wakeAt(next);
  const result = outcome(pending);
  if (result === undefined) return;
  member.hooks = undefined;
  if (result === "continue") {
    member.state = "Pending:Proceed";
    return;
  }
  const how = result.timedOut ? "Heartbeat Timeout" : "Lifecycle Action Completed with ABANDON Result";
  const reason = `Instance failed to complete user's Lifecycle Action: Lifecycle Action with token ${result.token} was abandoned: ${how}`;
  if (member.activity) group.activities.end(member.activity, "Cancelled", reason);
  backOff(group, reason, pass);
  beginTermination(group, member, { cause: at(pass.now, causes.abandoned) });
}

function enterService(group: Group, member: Member, now: number): void {
  member.state = "InService";
  member.inServiceAt = now;
  if (member.activity) group.activities.end(member.activity, "Successful");
  member.activity = undefined;
}

/** EC2 ended the instance before it was in service: AWS cancels the activity and says why. */
function launchDied(group: Group, member: Member, pass: Pass): void {
  const failure = group.env.compute.instance(member.id)?.failure ?? "the instance was terminated";
  const reason = `Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: ${failure}`;
  if (member.activity) group.activities.end(member.activity, "Cancelled", reason);
  group.removeMember(member.id);
  backOff(group, reason, pass);
}

/** Called when an instance in service is found dead: one that ended on boot slows the next launches down. */
export function noteDeath(group: Group, member: Member, pass: Pass): void {
  const seconds = group.env.clock.secondsSince(member.launchedAt);
  if (member.firstHealthyAt !== undefined || seconds > EARLY_DEATH_SECONDS) return;
  const failure = group.env.compute.instance(member.id)?.failure;
  backOff(group, failure ?? `instance ${member.id} ended soon after its launch`, pass);
}

/** Launching works again once an instance launched after the failure is ready: the next failure starts counting anew. */
export function forgetFailures(group: Group, pass: Pass): void {
  const { backoff } = group;
  if (!backoff) return;
  for (const member of group.members.values()) {
    if (member.sequence > backoff.after && isReady(group, member, pass.now)) {
      group.backoff = undefined;
      return;
    }
  }
}

export function causeOfGrowth(group: Group, now: number, from: number, to: number): string {
  return join(group.desiredReason, at(now, causes.grow(from, to)));
}
