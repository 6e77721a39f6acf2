import type { Group } from "./group.js";
import { isActive, type Member } from "./member.js";

type Compare = (a: Member, b: Member) => number;

/** Termination policies that this cloud carries out; the two that concern features it does not serve have no preference. */
export const TERMINATION_POLICIES = [
  "AllocationStrategy",
  "ClosestToNextInstanceHour",
  "Default",
  "NewestInstance",
  "OldestInstance",
  "OldestLaunchConfiguration",
  "OldestLaunchTemplate",
] as const;

const byAge: Compare = (a, b) => a.launchedAt - b.launchedAt || a.sequence - b.sequence;

/** The group's termination policies as one order: those to go come first. */
export function terminationOrder(group: Group): Compare {
  const compares = group.settings.terminationPolicies.flatMap((policy) => comparesOf(group, policy));
  return (a, b) => {
    for (const compare of compares) {
      const order = compare(a, b);
      if (order !== 0) return order;
    }
    // AWS then picks at random; a rehearsal that can be repeated picks the oldest.
    return byAge(a, b);
  };
}

function comparesOf(group: Group, policy: string): Compare[] {
  switch (policy) {
    case "OldestInstance":
      return [byAge];
    case "NewestInstance":
      return [(a, b) => byAge(b, a)];
    case "OldestLaunchTemplate":
      return [byTemplate(group)];
    case "ClosestToNextInstanceHour":
      return [byBillingHour(group)];
    case "Default":
      // User guide, "default termination policy": oldest launch template, then closest to the next billing hour.
      return [byTemplate(group), byBillingHour(group)];
    default:
      return [];
  }
}

/** "Instances that use a non-current launch template first, then the oldest version" (user guide, OldestLaunchTemplate). */
function byTemplate(group: Group): Compare {
  const rank = (member: Member): number =>
    member.template.launchTemplateId === group.settings.template.id ? Number(member.template.version) : -1;
  return (a, b) => rank(a) - rank(b);
}

function byBillingHour(group: Group): Compare {
  const left = new Map<Member, number>();
  const secondsLeft = (member: Member): number => {
    let seconds = left.get(member);
    if (seconds === undefined) {
      seconds = 3600 - (Math.max(0, group.env.clock.secondsSince(member.launchedAt)) % 3600);
      left.set(member, seconds);
    }
    return seconds;
  };
  return (a, b) => secondsLeft(a) - secondsLeft(b);
}

/**
 * Picks `count` members to go. Balance between Availability Zones comes before any policy: each pick is taken from the zone
 * that has the most active instances and still has a candidate.
 */
export function pickBalanced(group: Group, candidates: readonly Member[], count: number, compare: Compare): Member[] {
  if (count <= 0) return [];
  const zones = new Map<string, Member[]>();
  for (const member of candidates) {
    const zone = zones.get(member.availabilityZone);
    if (zone) zone.push(member);
    else zones.set(member.availabilityZone, [member]);
  }
  const queues = new Map([...zones].map(([zone, members]) => [zone, first(members, count, compare).reverse()])); // popped from the end
  const sizes = new Map<string, number>();
  for (const member of group.members.values()) {
    if (isActive(member)) sizes.set(member.availabilityZone, (sizes.get(member.availabilityZone) ?? 0) + 1);
  }
  const picked: Member[] = [];
  while (picked.length < count) {
    let best: string | undefined;
    for (const [zone, queue] of queues) {
      if (queue.length === 0) continue;
      if (best === undefined || fuller(zone, best, sizes, queues, compare)) best = zone;
    }
    const member = best === undefined ? undefined : queues.get(best)?.pop();
    if (best === undefined || member === undefined) break;
    sizes.set(best, (sizes.get(best) ?? 0) - 1);
    picked.push(member);
  }
  return picked;
}

/** The first `count` in an order, without putting all of them in order: twenty of a thousand go at a time. */
function first(members: readonly Member[], count: number, compare: Compare): Member[] {
  if (count >= members.length / 2) return [...members].sort(compare).slice(0, count);
  const found: Member[] = [];
  for (const member of members) {
    const last = found[count - 1];
    if (last !== undefined && compare(last, member) <= 0) continue;
    let at = found.length;
    while (at > 0 && compare(found[at - 1] as Member, member) > 0) at--;
    found.splice(at, 0, member);
    if (found.length > count) found.pop();
  }
  return found;
}

function fuller(
  zone: string,
  best: string,
  sizes: ReadonlyMap<string, number>,
  queues: ReadonlyMap<string, Member[]>,
  compare: Compare,
): boolean {
  const difference = (sizes.get(zone) ?? 0) - (sizes.get(best) ?? 0);
  if (difference !== 0) return difference > 0;
  const [a, b] = [queues.get(zone)?.at(-1), queues.get(best)?.at(-1)];
  return a !== undefined && b !== undefined && compare(a, b) < 0;
}
