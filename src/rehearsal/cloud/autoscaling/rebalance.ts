import { at, causes, join } from "./causes.js";
import type { Group } from "./group.js";
import type { Pass } from "./loop.js";
import type { Member } from "./member.js";
import { isReady } from "./readiness.js";
import { beginTermination } from "./terminating.js";

/**
 * AZRebalance, for Availability Zones that were taken out of the group: their instances are replaced in the zones that are
 * left, launching before terminating (user guide, "rebalancing activities": "may temporarily exceed … by 10 percent … or one").
 */
function misplaced(group: Group): Member[] {
  if (group.isSuspended("AZRebalance") || group.activeRefresh()) return [];
  const { compute } = group.env;
  const zones = new Set(group.settings.subnetIds.map((id) => compute.subnet(id)?.availabilityZone));
  return [...group.members.values()].filter(
    (member) => member.state === "InService" && !zones.has(member.availabilityZone),
  );
}

/** How many instances above desired capacity rebalancing wants now. */
export function rebalanceSurplus(group: Group): number {
  return Math.min(misplaced(group).length, Math.max(1, Math.floor(group.settings.desired / 10)));
}

/** Takes misplaced instances away once what was launched for them is ready. */
export function rebalance(group: Group, pass: Pass): void {
  const surplus = rebalanceSurplus(group);
  const active = group.active();
  if (surplus === 0 || group.isSuspended("Terminate") || active.length < group.settings.desired + surplus) return;
  if (!active.every((member) => isReady(group, member, pass.now))) return;
  for (const member of misplaced(group).slice(0, surplus)) {
    const cause = join(at(pass.now, causes.rebalanced), at(pass.now, causes.selected(member.id)));
    beginTermination(group, member, { cause });
  }
}
