import { COMPONENT_TAG, VERSION_TAG } from "../../plan/releaseTags.js";
import type { GroupView } from "../fleetCloud.js";
import type { ShiftContext } from "./shiftRequest.js";

/** The Auto Scaling groups of a component, by target group. */
export class Fleets {
  constructor(readonly groups: readonly GroupView[]) {}

  /** The groups whose servers a target group has: one, unless an interrupted update has left another behind. */
  of(targetGroupArn: string): readonly GroupView[] {
    return this.groups.filter((group) => group.targetGroupArns.includes(targetGroupArn));
  }
}

export async function readFleets({ request, cloud }: ShiftContext): Promise<Fleets> {
  return new Fleets(await cloud.groupsTagged(COMPONENT_TAG, request.component));
}

/**
 * Names the groups that an interrupted update seems to have left behind: Pulumi does not know what was created when its engine
 * was killed before it could write that down.
 * @param targetGroupArns those of the program, and those in the entrance
 */
export async function tellOrphans(
  { request, report }: ShiftContext,
  fleets: Fleets,
  targetGroupArns: ReadonlySet<string>,
): Promise<void> {
  for (const arn of targetGroupArns) {
    const groups = fleets.of(arn);
    if (groups.length < 2) continue;
    const names = groups.map((group) => group.name).join(" and ");
    await report.warn(
      `${request.subject}: ${names} are Auto Scaling groups of one target group (${arn}). An interrupted update has probably ` +
        "left one behind that Pulumi does not know. Keep the one that `pulumi stack --show-ids` lists. The other one's servers have users " +
        "as well: empty it first (`aws autoscaling update-auto-scaling-group --auto-scaling-group-name NAME --min-size 0 " +
        "--desired-capacity 0`), and delete it when they are gone (`aws autoscaling delete-auto-scaling-group --auto-scaling-group-name NAME`)",
    );
  }
  for (const group of fleets.groups) {
    if (group.targetGroupArns.some((arn) => targetGroupArns.has(arn))) continue;
    await report.note(
      `${group.name} (${group.tags[VERSION_TAG] ?? "no version"}) belongs to ${request.component} but not to this program: unless this ` +
        "`pulumi up` deletes it, an interrupted update has left it behind, and it is yours to delete",
    );
  }
}
