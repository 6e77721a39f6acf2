import { refusal } from "../../errors/faults.js";
import { VERSION_TAG } from "../../plan/releaseTags.js";
import { forwardWeights, percentOf } from "../../plan/weights.js";
import type { ForwardAction } from "../balancerCloud.js";
import type { Fleets } from "./fleets.js";
import { describeShares, equalShares, more } from "./shares.js";
import type { ShiftContext, ShiftTarget } from "./shiftRequest.js";

/** Where a shift begins and where it goes. */
export interface Course {
  /** The forward action as AWS had it when the shift began. */
  readonly before: ForwardAction;
  /** Its shares in percent. */
  readonly present: ReadonlyMap<string, number>;
  /** The forward action that the program wants. */
  readonly goal: ForwardAction;
  readonly wanted: ReadonlyMap<string, number>;
  /** The targets that get a larger share than they have. */
  readonly gaining: readonly ShiftTarget[];
  /** Target groups that lose their place in the action, now or in an update that was interrupted. */
  readonly leaving: readonly string[];
  /** Whether any target group ends with less than it had, here or in Pulumi's state. */
  readonly loses: boolean;
  /** AWS has other shares than Pulumi's state: moved by somebody else, or by an update that was interrupted. */
  readonly strayed: boolean;
  /** What messages call a target group. */
  nameOf(targetGroupArn: string): string;
}

/** Reads what AWS has now, and sets it against what the program wants. */
export async function readCourse({ request, cloud }: ShiftContext, fleets: Fleets): Promise<Course> {
  const before = await cloud.forwardAction(request.entranceArn);
  if (!before) {
    throw refusal(request.subject, {
      code: "HIT340",
      problem: `${cloud.balancerWords.name} has no forward action at ${request.entranceArn}.`,
      fix: "run `pulumi up --refresh` if it was deleted or changed by hand; otherwise see to the provider's region and account",
    });
  }
  const present = percentOf(before);
  const wanted = new Map(request.targets.map((target) => [target.targetGroupArn, target.percent]));
  const weights = forwardWeights(request.targets.map((target) => target.percent));
  const known = request.known ?? present;
  const was = new Set([...present.keys(), ...known.keys()]);
  return {
    before,
    present,
    goal: {
      targets: request.targets.map(({ targetGroupArn }, index) => ({ targetGroupArn, weight: weights[index] ?? 0 })),
      ...(request.stickinessSeconds !== undefined ? { stickinessSeconds: request.stickinessSeconds } : {}),
    },
    wanted,
    gaining: request.targets.filter((target) => more(target.percent, present.get(target.targetGroupArn) ?? 0)),
    leaving: [...was].filter((arn) => !wanted.has(arn)),
    loses: [...was].some((arn) => more(Math.max(present.get(arn) ?? 0, known.get(arn) ?? 0), wanted.get(arn) ?? 0)),
    strayed: !equalShares(known, present),
    nameOf: (arn) =>
      request.targets.find((target) => target.targetGroupArn === arn)?.label ??
      fleets.of(arn)[0]?.tags[VERSION_TAG] ??
      nameInArn(arn),
  };
}

/** Says so when AWS has other weights than Pulumi's state. */
export async function tellStrayed({ request, report, cloud }: ShiftContext, course: Course): Promise<void> {
  if (!course.strayed || !request.known) return;
  await report.warn(
    `${request.subject}: ${cloud.balancerWords.name} sends ${describeShares(course.present, course.nameOf)}, but Pulumi's state has ` +
      `${describeShares(request.known, course.nameOf)}: somebody else moved the weights, or an update was interrupted. ` +
      `Going on from what ${cloud.balancerWords.name} has`,
  );
}

/** The target group's own name: `targetgroup/NAME/ID` ends its ARN. */
function nameInArn(arn: string): string {
  return arn.split("/").at(-2) ?? arn;
}
