import { VERSION_TAG } from "../../plan/releaseTags.js";
import type { LeftBehind } from "../leftBehind.js";
import type { Stage } from "../stage.js";
import { Fleets } from "./fleets.js";
import type { ShiftContext } from "./shiftRequest.js";

type Asker = Pick<ShiftContext["request"], "subject" | "component">;
type Teller = Pick<ShiftContext, "report" | "cloud"> & { readonly request: Asker };

/**
 * Names what an interrupted update seems to have left behind: Pulumi does not know what was created when its engine
 * was killed before it could write that down.
 * @param targetGroupArns those of the program, and those in the entrance
 */
export async function tellLeftBehind(
  { request, report, cloud }: Teller,
  fleets: Fleets,
  targetGroupArns: ReadonlySet<string>,
): Promise<void> {
  for (const arn of targetGroupArns) {
    const groups = fleets.of(arn);
    if (groups.length < 2) continue;
    const names = groups.map((group) => group.name).join(" and ");
    const { fleet, empty, remove } = cloud.fleetWords;
    await report.warn(
      `${request.subject}: ${names} are ${fleet}s of one target (${arn}). An interrupted update has probably ` +
        "left one behind that Pulumi does not know. Keep the one that `pulumi stack --show-ids` lists. The other one's servers have users " +
        `as well: empty it first (\`${empty("NAME")}\`), and delete it when they are gone (\`${remove("NAME")}\`)`,
    );
  }
  for (const { id, what, remove } of await unused({ request, report, cloud }, targetGroupArns)) {
    await report.note(
      `${id} is a ${what} of ${request.component} that nothing uses: unless this \`pulumi up\` deletes it, an interrupted update has left ` +
        `it behind, and it is yours to delete (\`${remove}\`)`,
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

/**
 * The same for a component whose weights nothing shifts. Its work is done when this is asked: who may not look is told so, and nothing fails.
 */
export async function lookForLeftBehind(
  request: Asker,
  { cloud, report }: Pick<Stage, "cloud" | "report">,
  targetGroupArns: ReadonlySet<string>,
): Promise<void> {
  let fleets: Fleets;
  try {
    fleets = new Fleets(await cloud.fleetsOf(request.component));
  } catch (error) {
    return report.note(couldNotLook(error));
  }
  await tellLeftBehind({ request, cloud, report }, fleets, targetGroupArns);
}

/** What a component has and nothing uses. Who may not look is told so: no shift fails for that. */
async function unused({ request, report, cloud }: Teller, known: ReadonlySet<string>): Promise<LeftBehind[]> {
  try {
    const [targets = [], parts = []] = await Promise.all([
      cloud.unusedTargets?.(request.component),
      cloud.unusedParts?.(request.component),
    ]);
    return [...targets.filter(({ id }) => !known.has(id)), ...parts];
  } catch (error) {
    await report.note(couldNotLook(error));
    return [];
  }
}

function couldNotLook(error: unknown): string {
  return `could not look for what an interrupted update may have left behind: ${(error as Error).message}`;
}
