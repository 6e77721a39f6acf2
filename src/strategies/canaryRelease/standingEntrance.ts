import type { GateCloud } from "../../gates/gateCloud.js";
import type { Stage } from "../../gates/stage.js";
import { type CanaryRoles, rolesOf } from "../../plan/canaryRoles.js";
import { VERSION_TAG } from "../../plan/releaseTags.js";
import { percentOf } from "../../plan/weights.js";
import { assertJumps } from "./jumps.js";
import { type CanaryWish, wantedTargets } from "./shift.js";

/** The entrance of a release as AWS has it, looked at before the component's own resource is known. */
export interface StandingEntrance {
  readonly arn: string;
  /** Its shares in percent, by target group ARN. */
  readonly present: ReadonlyMap<string, number>;
  /** What its tags tell: who had which role before this update. */
  readonly roles: CanaryRoles;
  /** The version of each target group, by the tags of its group; also of those that the program does not name any more. */
  readonly versions: ReadonlyMap<string, string>;
}

/**
 * Finds the listener or rule of the release by where it forwards to: groups change before the entrance, so in an update their hooks cannot
 * ask Pulumi for it. Nothing where there is none yet.
 */
export async function standingEntrance(wish: CanaryWish, cloud: GateCloud): Promise<StandingEntrance | undefined> {
  const versions = new Map<string, string>();
  for (const group of await cloud.fleetsOf(wish.component)) {
    for (const arn of group.targetGroupArns) versions.set(arn, group.tags[VERSION_TAG] ?? group.name);
  }
  if (versions.size === 0) return undefined;
  const arn = await find(wish, new Set(versions.keys()), cloud);
  if (arn === undefined) return undefined;
  return {
    arn,
    present: percentOf((await cloud.forwardAction(arn)) ?? { targets: [] }),
    roles: rolesOf(await cloud.entranceTags(arn)),
    versions,
  };
}

async function find(wish: CanaryWish, own: ReadonlySet<string>, cloud: GateCloud): Promise<string | undefined> {
  const place = await wish.place;
  if (place.priority === undefined) {
    for (const arn of await cloud.listenerArns(place.id)) {
      const action = await cloud.forwardAction(arn);
      if (action?.targets.some((target) => own.has(target.targetGroupArn))) return arn;
    }
    return undefined;
  }
  const rules = (await cloud.rules(place.id)).filter((rule) => rule.targetGroupArns.some((arn) => own.has(arn)));
  // An audience rule leads to one version; where the priority changes in this very update, that tells them apart.
  const several = rules.filter((rule) => rule.targetGroupArns.length > 1);
  const placed = rules.find((rule) => rule.priority === place.priority);
  return (placed ?? several[0] ?? (rules.length === 1 ? rules[0] : undefined))?.arn;
}

/** Refuses a jump before servers are started for it; the entrance's own hook looks once more. */
export async function assertJumpsEarly(wish: CanaryWish, stage: Stage): Promise<void> {
  const { rules } = wish.plan;
  if (rules.steps.length === 0 && rules.maxStep === undefined) return;
  const standing = await standingEntrance(wish, stage.cloud);
  if (!standing) return;
  const targets = await wantedTargets(wish);
  const { subject } = wish;
  const stable = targets[0]?.targetGroupArn ?? "";
  await assertJumps({ subject, rules, roles: standing.roles, targets, stable, real: standing.present });
}
