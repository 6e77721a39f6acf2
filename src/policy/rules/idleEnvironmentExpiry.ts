import { objectName } from "../../plan/kubernetesNames.js";
import { IDLE_SINCE_TAG } from "../../plan/releaseTags.js";
import type { Fleet } from "../model/fleets.js";
import { type IdleRecord, parentOf } from "../model/idleRecords.js";
import { DUPLICATES } from "../model/roles.js";
import { isKnown, type Maybe, UNKNOWN } from "../model/values.js";
import { type Rule, unseen, type Verdict, violation } from "../rule.js";

/** When a duplicate may go: a date that was written once, at the switch, so that a later `up` shows no diff. */
export const IDLE_UNTIL_TAG = "hitless:idle-until";

/** A duplicate goes when nobody would roll back to it any more. */
export const idleEnvironmentExpiry: Rule<{ maxIdleHours: number }> = {
  name: "idle-environment-expiry",
  title: "A duplicate must not outlive its rollback window.",
  severity: "low",
  level: "advisory",
  remediation: [
    'Set idle: "cold" or remove the duplicate.',
    `Or write a later ${IDLE_UNTIL_TAG} (a date such as 2026-12-01T12:00:00Z) as a tag of its Auto Scaling group.`,
  ],
  options: {
    maxIdleHours: {
      type: "number",
      minimum: 0,
      maximum: 8760,
      description: `Hours that a duplicate may stay after ${IDLE_SINCE_TAG}, where no ${IDLE_UNTIL_TAG} says otherwise.`,
    },
  },
  defaults: { maxIdleHours: 24 },
  stack: ({ fleets, idle }, { maxIdleHours }, { now }) =>
    fleets.flatMap((fleet): Verdict[] => {
      const { role, servers, tags, name, resource } = fleet;
      if (!DUPLICATES.includes(role) || servers === 0) return [];
      const until = tags[IDLE_UNTIL_TAG];
      const since = tags[IDLE_SINCE_TAG] ?? remembered(fleet, idle);
      if (until === undefined && since === undefined) return [];
      if (until === UNKNOWN || since === UNKNOWN) return [unseen(resource, `since when ${name} is a duplicate`)];
      const end = until !== undefined ? Date.parse(until) : Date.parse(since as string) + maxIdleHours * 3_600_000;
      if (Number.isNaN(end)) {
        const tag = until !== undefined ? `${IDLE_UNTIL_TAG}="${until}"` : `${IDLE_SINCE_TAG}="${since}"`;
        return [violation(resource, `${name} has the tag ${tag}, expected a date such as 2026-12-01T12:00:00Z.`)];
      }
      if (now.getTime() <= end) return [];
      const hours = Math.floor((now.getTime() - end) / 3_600_000);
      return [
        violation(resource, `${name} (${role}) should have gone at ${new Date(end).toISOString()}, ${hours} h ago.`),
      ];
    }),
};

/** What a component of ours remembers, while the fleet still runs the release that had users: another one there is to be switched to. */
function remembered({ resource, name, version }: Fleet, records: readonly IdleRecord[]): Maybe<string> {
  const parent = parentOf(resource.urn);
  const record = records.find(
    ({ fleet, parent: its }) => its === parent && isKnown(fleet) && isNamedAfter(name, fleet),
  );
  if (record === undefined) return undefined;
  if (version === UNKNOWN || record.version === UNKNOWN) return UNKNOWN;
  return version === record.version ? record.since : undefined;
}

/** Kubernetes takes no capitals in the names of its objects. */
function isNamedAfter(name: string, fleet: string): boolean {
  return name === fleet || name === objectName(fleet);
}
