import { forwardWeights, percentOf, sameShares, sharesOnTheWay } from "../../plan/weights.js";
import type { ForwardAction } from "../fleetCloud.js";
import { bake } from "./bake.js";
import { awaitCapacity } from "./capacity.js";
import type { Mover } from "./move.js";
import { describeShares } from "./shares.js";
import type { Shift } from "./shift.js";

/** Moves the weights stage by stage; each is set in one call, read back and watched. The last is exactly what the program wants. */
export async function moveInStages(shift: Shift, mover: Mover): Promise<void> {
  const { course, request, report } = shift;
  const before = mover.last; // with what was attached
  for (const way of course.gaining.length > 0 ? request.stages : []) {
    if (way >= 100) break;
    const action = onTheWay(shift, before, way);
    if (sameShares(action, mover.last)) continue; // less than a tenth of a percent
    const shares = percentOf(action);
    await awaitCapacity(shift, shares);
    const dead = await deadLoser(shift, shares);
    if (dead !== undefined) {
      await report.warn(`${course.nameOf(dead)} has no healthy server any more: its users go to the others at once`);
      break;
    }
    await go(shift, mover, action);
  }
  await awaitCapacity(shift, course.wanted);
  await go(shift, mover, course.goal);
}

async function go(shift: Shift, mover: Mover, action: ForwardAction): Promise<void> {
  const shares = percentOf(action);
  await mover.move(action);
  await shift.report.note(`weights: ${describeShares(shares, shift.course.nameOf)}`);
  await bake(shift, shares);
}

/** The action at some way between the present shares and the wanted ones. Nobody leaves before the last stage. */
function onTheWay({ course, request }: Shift, before: ForwardAction, way: number): ForwardAction {
  const arns = before.targets.map((target) => target.targetGroupArn);
  const present = percentOf(before);
  const percents = sharesOnTheWay(
    arns.map((arn) => present.get(arn) ?? 0),
    arns.map((arn) => course.wanted.get(arn) ?? 0),
    way,
  );
  const weights = forwardWeights(percents);
  return {
    targets: arns.map((targetGroupArn, index) => ({ targetGroupArn, weight: weights[index] ?? 0 })),
    ...(request.stickinessSeconds !== undefined ? { stickinessSeconds: request.stickinessSeconds } : {}),
  };
}

/** A target group that would keep a share on the way, and ends without one, but has no healthy server left. */
async function deadLoser({ course, book }: Shift, shares: ReadonlyMap<string, number>): Promise<string | undefined> {
  const losing = [...shares].flatMap(([arn, share]) => (share > 0 && (course.wanted.get(arn) ?? 0) === 0 ? [arn] : []));
  await book.look(losing);
  return losing.find((arn) => book.healthy(arn) === 0);
}
