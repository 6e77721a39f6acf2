import { deregister } from "./attachments.js";
import { messageOf } from "./faults.js";
import type { Group } from "./group.js";
import { expireHooks, outcome, startHooks } from "./hooks.js";
import type { Pass } from "./loop.js";
import { isDead, isTerminating, type Member } from "./member.js";

export interface TerminationReason {
  readonly cause: string;
  /** The refresh that takes it away. */
  readonly by?: string;
}

const RETRY_SECONDS = 30;

/**
 * Takes an instance out of service. User guide, "attach a load balancer" and "lifecycle hooks": it is deregistered, its
 * requests drain (done or delay over), then the terminating hooks run, then EC2 terminates it.
 */
export function beginTermination(group: Group, member: Member, why: TerminationReason): void {
  if (isTerminating(member)) return;
  const wasInService = member.inServiceAt !== undefined;
  if (member.activity)
    group.activities.end(member.activity, "Cancelled", "The instance was terminated before it was in service.");
  member.state = "Terminating";
  member.hooks = undefined;
  if (why.by !== undefined) member.terminatedBy = why.by;
  const drains = [...member.registered];
  member.activity = group.activities.start({
    description: `Terminating EC2 instance: ${member.id}`,
    cause: why.cause,
    status: drains.length > 0 ? "WaitingForELBConnectionDraining" : "InProgress",
    progress: drains.length > 0 ? 50 : 0,
    details: { "Subnet ID": member.subnetId, "Availability Zone": member.availabilityZone },
  });
  for (const arn of drains) deregister(group, arn, [member], () => group.touch());
  // An instance that was never in service has nothing to hand over: only the launch transition concerned it.
  if (!wasInService) member.hooks = [];
  group.touch();
}

/** Brings leaving instances on: drained → hooks → EC2 terminates. */
export function settleTerminations(group: Group, pass: Pass): void {
  for (const member of [...group.members.values()]) {
    if (!isTerminating(member)) continue;
    if (member.state === "Terminating" && mayLeave(member)) startTerminatingHooks(group, member);
    if (member.state === "Terminating:Wait") settleTerminatingHooks(member, pass);
    if ((member.state as Member["state"]) === "Terminating:Proceed") terminate(group, member, pass);
  }
}

/** Drained, or dead: a dead instance has no requests left to wait for. */
function mayLeave(member: Member): boolean {
  return member.draining.size === 0 || isDead(member);
}

function startTerminatingHooks(group: Group, member: Member): void {
  const hooks =
    member.hooks ?? startHooks(group.hooks.values(), "autoscaling:EC2_INSTANCE_TERMINATING", group.env.clock);
  member.hooks = hooks;
  member.state = hooks.length === 0 ? "Terminating:Proceed" : "Terminating:Wait";
  if (member.activity && hooks.length > 0) member.activity.status = "MidLifecycleAction";
}

function settleTerminatingHooks(member: Member, pass: Pass): void {
  const pending = member.hooks ?? [];
  const next = expireHooks(pending, pass.now);
  if (next !== undefined) pass.wakeAt(next);
  // On the way out both results end in termination; ABANDON only stops the other hooks.
  if (outcome(pending) === undefined) return;
  member.hooks = undefined;
  member.state = "Terminating:Proceed";
}

function terminate(group: Group, member: Member, pass: Pass): void {
  if (member.terminateAsked) return;
  if (member.retryTerminateAt !== undefined && pass.now < member.retryTerminateAt) {
    pass.wakeAt(member.retryTerminateAt);
    return;
  }
  member.terminateAsked = true;
  if (member.activity) {
    member.activity.status = "InProgress";
    member.activity.progress = 75;
  }
  const gone = (): void => {
    if (group.members.get(member.id) !== member) return;
    if (member.activity) group.activities.end(member.activity, "Successful");
    group.removeMember(member.id);
    group.touch();
  };
  group.env.compute.terminate(member.id).then(gone, (error: unknown) => {
    if (!group.env.compute.instance(member.id)) return gone();
    const reason = messageOf(error);
    group.env.log.error({ group: group.name, instanceId: member.id, reason }, "an instance could not be terminated");
    if (member.activity) member.activity.statusMessage = reason;
    member.terminateAsked = false;
    member.retryTerminateAt = group.env.clock.now() + group.env.clock.toRealMs(RETRY_SECONDS);
    group.touch();
  });
}

/** ForceDelete: no draining, no hooks (botocore model, DeleteAutoScalingGroup: "deletes any outstanding lifecycle actions"). */
export function terminateNow(group: Group, member: Member, cause: string): void {
  beginTermination(group, member, { cause });
  member.hooks = undefined;
  member.draining.clear();
  member.state = "Terminating:Proceed";
  group.touch();
}
