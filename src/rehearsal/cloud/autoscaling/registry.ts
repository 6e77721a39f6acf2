import type { Environment } from "./environment.js";
import { groupNotFound, invalid } from "./faults.js";
import type { Group } from "./group.js";
import { GroupLoop } from "./loop.js";
import type { Member } from "./member.js";
import { reconcile } from "./reconcile.js";

const KEPT_DELETED = 100;

/** All groups, the loop that looks after each, and which group an instance belongs to. */
export class GroupRegistry {
  private readonly groups = new Map<string, Group>();
  private readonly loops = new Map<string, GroupLoop>();
  private readonly owners = new Map<string, Group>();
  /** Deleted groups, for their activities (DescribeScalingActivities, IncludeDeletedGroups). */
  readonly deleted: Group[] = [];

  constructor(readonly env: Environment) {}

  add(group: Group): void {
    group.onMember = (id, present) => {
      if (present) this.owners.set(id, group);
      else this.owners.delete(id);
      if (group.deleting && group.members.size === 0) this.remove(group);
    };
    this.groups.set(group.name, group);
    this.loops.set(group.name, new GroupLoop(group, reconcile));
    group.touch();
  }

  remove(group: Group): void {
    if (this.groups.get(group.name) !== group) return;
    this.loops.get(group.name)?.stop();
    this.loops.delete(group.name);
    this.groups.delete(group.name);
    const alarms = [...group.policies.values()].flatMap((policy) => policy.ownAlarms.map((alarm) => alarm.name));
    if (alarms.length > 0) this.env.monitoring.deleteAlarms(alarms);
    this.deleted.unshift(group);
    this.deleted.length = Math.min(this.deleted.length, KEPT_DELETED);
  }

  has(name: string): boolean {
    return this.groups.has(name);
  }

  /** The group, or AWS's "not found". */
  get(name: string | undefined): Group {
    const group = name === undefined ? undefined : this.groups.get(name);
    if (!group) throw groupNotFound(name);
    return group;
  }

  all(): Group[] {
    return [...this.groups.values()];
  }

  ownerOf(instanceId: string): Group | undefined {
    return this.owners.get(instanceId);
  }

  /** The member and its group, or AWS's refusal for instances of no group. */
  memberOf(instanceId: string | undefined): { group: Group; member: Member } {
    const group = instanceId === undefined ? undefined : this.owners.get(instanceId);
    const member = instanceId === undefined ? undefined : group?.members.get(instanceId);
    if (!group || !member)
      throw invalid(`Instance Id not found - No managed instance found for instance ID: ${instanceId ?? ""}`);
    return { group, member };
  }

  close(): void {
    for (const loop of this.loops.values()) loop.stop();
  }
}
