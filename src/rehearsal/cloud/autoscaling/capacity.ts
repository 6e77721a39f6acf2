import { at, causes, join } from "./causes.js";
import type { Group } from "./group.js";
import { replacementSurplus } from "./health.js";
import { causeOfGrowth, launch } from "./launching.js";
import type { Pass } from "./loop.js";
import { isTerminating, type Member } from "./member.js";
import { isReady } from "./readiness.js";
import { rebalance, rebalanceSurplus } from "./rebalance.js";
import { beginTermination } from "./terminating.js";
import { pickBalanced, terminationOrder } from "./termination.js";

/** Keeps the number of active instances at desired capacity, while no refresh is at work. */
export function balanceCapacity(group: Group, pass: Pass): void {
  rebalance(group, pass);
  const replacing = replacementSurplus(group);
  const active = group.active().length;
  const wanted = group.settings.desired + replacing + rebalanceSurplus(group);
  if (active < wanted) grow(group, wanted - active, replacing > 0, pass);
  else if (active > wanted) shrink(group, active - wanted, pass);
  if (group.active().length === group.settings.desired) settled(group);
}

function settled(group: Group): void {
  group.desiredReason = undefined;
  group.replacementsDue = 0;
  group.placesHeld = 0;
}

function grow(group: Group, count: number, launchesFirst: boolean, pass: Pass): void {
  const active = group.active().length;
  const replacing = launchesFirst ? count : Math.min(count, group.replacementsDue);
  const warmupSeconds = group.settings.defaultInstanceWarmupSeconds ?? 0;
  const spec = group.settings.template;
  const cause = at(pass.now, causes.replaceLaunch);
  let launched = 0;
  for (let i = 0; i < replacing; i++) {
    const holds = launchesFirst || group.placesHeld > 0;
    if (launch(group, spec, 1, { cause, warmupSeconds, replacesUnhealthy: holds }, pass) === 0) return;
    launched++;
    noteReplacement(group);
  }
  const rest = count - launched;
  if (rest > 0)
    launch(group, spec, rest, { cause: causeOfGrowth(group, pass.now, active, active + rest), warmupSeconds }, pass);
}

/** One more of the unhealthy instances has its replacement on the way. */
export function noteReplacement(group: Group): void {
  if (group.replacementsDue > 0) group.replacementsDue--;
  if (group.placesHeld > 0) group.placesHeld--;
}

/** Takes away `count` instances more than wanted; protected ones stay, and AWS then says that it could not. */
export function shrink(group: Group, count: number, pass: Pass): void {
  if (group.isSuspended("Terminate")) return;
  const active = group.active();
  const order = terminationOrder(group);
  const candidates = active.filter((member) => !member.protectedFromScaleIn);
  const tiers = [
    candidates.filter((member) => member.unhealthy !== undefined),
    // What an ended refresh launched and never got ready serves nobody: it goes before anything that does.
    candidates.filter((member) => member.unhealthy === undefined && isLeftover(group, member, pass)),
    candidates.filter((member) => member.unhealthy === undefined && !isLeftover(group, member, pass)),
  ];
  const picked: Member[] = [];
  for (const tier of tiers) picked.push(...pickBalanced(group, tier, count - picked.length, order));
  const [from, to] = [active.length, active.length - picked.length];
  for (const member of picked) {
    beginTermination(group, member, {
      cause: join(group.desiredReason, at(pass.now, causes.shrink(from, to)), at(pass.now, causes.selected(member.id))),
    });
  }
  if (picked.length < count) reportProtected(group);
}

function isLeftover(group: Group, member: Member, pass: Pass): boolean {
  return member.launchedBy !== undefined && !isTerminating(member) && !isReady(group, member, pass.now);
}

function reportProtected(group: Group): void {
  const cause =
    group.desiredReason ?? at(group.env.clock.now(), "the group has more instances than its desired capacity.");
  const reason = "Could not scale to desired capacity because all remaining instances are protected from scale-in.";
  const last = group.activities.newestFirst()[0];
  if (last?.statusMessage === reason && last.cause === cause) return;
  const activity = group.activities.start({ description: "Terminating EC2 instances", cause, status: "InProgress" });
  group.activities.end(activity, "Failed", reason);
}
