import { forwardWeights, percentOf, sameShares, sharesOnTheWay } from "../../plan/weights.js";
import type { ForwardAction } from "../balancerCloud.js";
import { bake } from "./bake.js";
import { awaitCapacity } from "./capacity.js";
import type { Mover } from "./move.js";
import { describeShares } from "./shares.js";
import type { Shift } from "./shift.js";

/** Moves the weights stage by stage; each is set in one call, read back and watched. The last is exactly what the program wants. */
export async function moveInStages(shift: Shift, mover: Mover): Promise<void> {
  const { course, request, report } = shift;
  const before = withAll(mover.last, course.goal);
  const bakeSeconds = course.gaining.length > 0 ? request.bakeSeconds : 0;
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
    await go(shift, mover, action, bakeSeconds);
  }
  await awaitCapacity(shift, course.wanted);
  if (await letLeave(shift, mover)) await awaitCapacity(shift, course.wanted);
  await go(shift, mover, course.goal, bakeSeconds);
}

async function go(shift: Shift, mover: Mover, action: ForwardAction, seconds: number): Promise<void> {
  const shares = percentOf(action);
  await mover.move(action);
  await shift.report.note(`weights: ${describeShares(shares, shift.course.nameOf)}`);
  await bake(shift, shares, seconds);
}

/**
 * The weights that the program wants, while target groups that leave keep their place for a time: cookies go on leading users there.
 * Answers whether there was any that users could be on.
 */
async function letLeave(shift: Shift, mover: Mover): Promise<boolean> {
  const { course, request, report } = shift;
  const seconds = request.leaveAfterSeconds ?? 0;
  const sticky = course.before.stickinessSeconds !== undefined;
  const leaving = mover.last.targets.filter(
    ({ targetGroupArn: arn }) => !course.wanted.has(arn) && (sticky || (course.present.get(arn) ?? 0) > 0),
  );
  if (seconds <= 0 || leaving.length === 0) return false;
  const names = leaving.map(({ targetGroupArn }) => course.nameOf(targetGroupArn)).join(", ");
  await report.note(`users whom a cookie keeps on ${names} stay there for ${seconds} s, then they go with the others`);
  const targets = [...course.goal.targets, ...leaving.map(({ targetGroupArn }) => ({ targetGroupArn, weight: 0 }))];
  await go(shift, mover, { ...course.goal, targets }, seconds);
  return true;
}

/** An action with every target group of another one, without weight where it had no place. */
function withAll(action: ForwardAction, other: ForwardAction): ForwardAction {
  const has = new Set(action.targets.map((target) => target.targetGroupArn));
  const added = other.targets.filter((target) => !has.has(target.targetGroupArn));
  return { ...action, targets: [...action.targets, ...added.map((target) => ({ ...target, weight: 0 }))] };
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
