import { HitlessError } from "../../errors/hitlessError.js";
import { percentOf, sameShares } from "../../plan/weights.js";
import type { Mover } from "./move.js";
import { describeShares, more } from "./shares.js";
import type { Shift } from "./shift.js";

/**
 * Puts the weights back as they were before a shift that was refused, and answers with the refusal, which then tells where they stand.
 * Nothing is done when the engine is gone: the next update may already be at work.
 */
export async function putBack(shift: Shift, mover: Mover, cause: unknown): Promise<unknown> {
  if (!mover.moved || isEngineLoss(cause)) return cause;
  let where: string;
  try {
    where = await restore(shift, mover);
  } catch (error) {
    if (isEngineLoss(error)) return error;
    where = `The weights could not be put back (${(error as Error).message}): run \`pulumi up\` again.`;
  }
  if (cause instanceof HitlessError) {
    return new HitlessError(
      cause.faults.map((fault) => ({ ...fault, problem: `${fault.problem} ${where}` })),
      { cause },
    );
  }
  await shift.report.warn(`${shift.request.subject}: ${where}`);
  return cause;
}

/** Answers in a sentence where the weights stand then. */
async function restore(shift: Shift, mover: Mover): Promise<string> {
  const { course, request, cloud, book } = shift;
  const found = await cloud.forwardAction(request.entranceArn);
  if (found && sameShares(found, course.before)) return "The weights are as they were.";
  if (!found || !mover.knows(found)) return "The weights were left as somebody else has set them.";
  const now = percentOf(found);
  const regaining = [...course.present].flatMap(([arn, share]) => (more(share, now.get(arn) ?? 0) ? [arn] : []));
  await book.look(regaining);
  const dead = regaining.find((arn) => book.healthy(arn) === 0);
  if (dead !== undefined) {
    return `${course.nameOf(dead)}, which had these users before, has no healthy server any more, so the weights stay at ${describeShares(now, course.nameOf)}.`;
  }
  await shift.assertWatched();
  await cloud.setForwardAction(request.entranceArn, course.before);
  await mover.readBack(course.before, found);
  return `The weights are back as they were (${describeShares(course.present, course.nameOf)}).`;
}

function isEngineLoss(error: unknown): boolean {
  return error instanceof HitlessError && error.codes.includes("HIT330");
}
