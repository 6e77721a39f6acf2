import { noteReplacement, shrink } from "../capacity.js";
import { at, causes, join } from "../causes.js";
import type { Group, TemplateSpec } from "../group.js";
import { launch } from "../launching.js";
import type { Pass } from "../loop.js";
import type { Member } from "../member.js";
import { beginTermination } from "../terminating.js";
import { pickBalanced, terminationOrder } from "../termination.js";
import { effectiveBounds } from "./bounds.js";
import type { Census } from "./census.js";
import { matcher } from "./matching.js";
import { type Plan, planStep } from "./plan.js";
import type { RefreshRecord } from "./record.js";

/** What instances are launched from while this refresh runs, scale-outs included (user guide, "desired configuration"). */
export function templateOf(group: Group, refresh: RefreshRecord): TemplateSpec {
  return refresh.rollback ? group.settings.template : (refresh.desiredConfiguration ?? group.settings.template);
}

/**
 * The most instances that one look takes away, and starts. A batch of hundreds is spread over several looks, which follow at once: in
 * between the API answers. To AWS's clock it is one moment.
 */
const AT_ONCE = 20;

/** Carries out what the plan says for this moment: old instances go, new ones come. */
export function replaceSome(group: Group, refresh: RefreshRecord, census: Census, allowance: number, pass: Pass): void {
  const { desired } = group.settings;
  const bounds = effectiveBounds(desired, refresh.preferences, group.env.maxHealthyRounding);
  const old = {
    broken: census.broken.length,
    coming: census.coming.length,
    serving: census.weak.length + census.ready.length,
  };
  const kept = census.kept.length + census.blockedActive;
  const mayTerminate = !group.isSuspended("Terminate");
  const plan = upTo(
    AT_ONCE,
    planStep({ desired, ...bounds, kept, keptReady: census.keptReady + census.blockedReady, old, allowance }),
  );
  if (mayTerminate) {
    takeAway(group, refresh, census, plan, pass);
    if (allowance > 0) for (const member of census.standby) terminateFor(group, refresh, member, pass);
    if (old.broken + old.coming + old.serving === 0 && kept > desired) shrink(group, kept - desired, pass);
  }
  // Counted again: with Terminate suspended nothing has left, and the upper bound must hold all the same.
  launchFor(group, refresh, Math.min(plan.launch, bounds.maxTotal - group.active().length), pass);
}

/** Each instance that comes or goes asks for another look, which does the rest. */
function upTo(most: number, plan: Plan): Plan {
  const broken = Math.min(plan.broken, most);
  const coming = Math.min(plan.coming, most - broken);
  const serving = Math.min(plan.serving, most - broken - coming);
  return { broken, coming, serving, launch: Math.min(plan.launch, most) };
}

function takeAway(group: Group, refresh: RefreshRecord, census: Census, plan: Plan, pass: Pass): void {
  if (plan.broken + plan.coming + plan.serving === 0) return;
  const pick = picker(group, refresh);
  const weak = pick(census.weak, plan.serving);
  const going = [
    ...pick(census.broken, plan.broken),
    ...pick(census.coming, plan.coming),
    ...weak,
    ...pick(census.ready, plan.serving - weak.length),
  ];
  for (const member of going) terminateFor(group, refresh, member, pass);
}

/** Who goes first: forward, instances that do not match yet, then the termination policy; in a rollback, the newest. */
function picker(group: Group, refresh: RefreshRecord): (from: readonly Member[], count: number) => Member[] {
  if (refresh.rollback) {
    return (from, count) => [...from].sort((a, b) => b.sequence - a.sequence).slice(0, Math.max(0, count));
  }
  const policy = terminationOrder(group);
  const matches = matcher(group, templateOf(group, refresh));
  // User guide, checkpoints: "it targets old instances for replacement first, before targeting new instances".
  return (from, count) => {
    if (count <= 0) return [];
    const outdated = from.filter((member) => !matches(member));
    const picked = pickBalanced(group, outdated, count, policy);
    if (picked.length === count) return picked;
    const current = from.filter((member) => matches(member));
    return [...picked, ...pickBalanced(group, current, count - picked.length, policy)];
  };
}

function terminateFor(group: Group, refresh: RefreshRecord, member: Member, pass: Pass): void {
  const cause = join(at(pass.now, causes.refreshTerminate), at(pass.now, causes.selected(member.id)));
  beginTermination(group, member, { cause, by: refresh.id });
}

function launchFor(group: Group, refresh: RefreshRecord, count: number, pass: Pass): void {
  const spec = templateOf(group, refresh);
  const common = { launchedBy: refresh.phase, warmupSeconds: refresh.preferences.warmupSeconds };
  let rest = count;
  while (rest > 0 && group.replacementsDue > 0) {
    const why = { ...common, cause: at(pass.now, causes.replaceLaunch), replacesUnhealthy: group.placesHeld > 0 };
    if (launch(group, spec, 1, why, pass) === 0) return;
    noteReplacement(group);
    rest--;
  }
  if (rest > 0) launch(group, spec, rest, { ...common, cause: at(pass.now, causes.refreshLaunch) }, pass);
}
