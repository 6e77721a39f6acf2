import { refusal } from "../../errors/faults.js";
import { sameShares } from "../../plan/weights.js";
import { assertAlarmsQuiet } from "./alarms.js";
import { attach } from "./attach.js";
import { awaitCapacity } from "./capacity.js";
import { assertContracts } from "./contracts.js";
import { readCourse, tellStrayed } from "./course.js";
import { Demand } from "./demand.js";
import { readFleets } from "./fleets.js";
import { HealthBook } from "./health.js";
import { redirectRules } from "./leavingRules.js";
import { Mover } from "./move.js";
import { putBack } from "./putBack.js";
import type { Shift } from "./shift.js";
import type { ShiftContext, ShiftRequest } from "./shiftRequest.js";
import { awaitSpread } from "./spread.js";
import { moveInStages } from "./stages.js";
import { tellLeftBehind } from "./tellLeftBehind.js";
import { awaitWarmUp } from "./warmUp.js";

/**
 * Moves the weights of an entrance in AWS to what the program wants: only onto fleets that carry their share, watched, and back again
 * when anything refuses. It begins from what AWS has, whatever that is: an interrupted shift is continued by the next one.
 */
export async function shiftWeights(context: ShiftContext): Promise<void> {
  const { request, pace, cloud } = context;
  assertSomebodyServes(request);
  const fleets = await readFleets(context);
  const course = await readCourse(context, fleets);
  const book = new HealthBook(cloud, () => pace.now());
  const shift: Shift = { ...context, course, book, demand: new Demand(request, course) };
  await tellStrayed(context, course);
  await tellLeftBehind(
    context,
    fleets,
    new Set([...course.leaving, ...course.wanted.keys(), ...(request.remaining ?? [])]),
  );
  await request.allow?.(course.present);
  const mover = new Mover(context, course.before, course.nameOf);
  if (sameShares(course.before, course.goal)) {
    await awaitCapacity(shift, course.wanted); // nobody gains, so: none of them is empty
    await context.report.note("the entrance already has these weights");
  } else {
    try {
      await prepare(shift, mover);
      await moveInStages(shift, mover);
    } catch (error) {
      throw await putBack(shift, mover, error);
    }
  }
  await retire(shift, mover.movedAt ?? pace.now());

  async function prepare(shift: Shift, mover: Mover): Promise<void> {
    if (course.gaining.length > 0) assertContracts(shift, fleets);
    await attach(shift, mover);
    if (course.gaining.length === 0) return;
    await awaitCapacity(shift, course.wanted);
    await awaitWarmUp(shift);
    await assertAlarmsQuiet(shift);
    await request.verify?.(course.gaining);
  }
}

/** What an Application Load Balancer does with such an action is documented nowhere. */
function assertSomebodyServes({ subject, targets }: ShiftRequest): void {
  if (targets.some((target) => target.percent > 0)) return;
  const names = targets.map((target) => target.label).join(", ") || "no release";
  throw refusal(subject, {
    code: "HIT353",
    problem: `the weights are all 0 (${names}), so users could be sent nowhere; none was moved.`,
    fix: "give at least one release a weight; to serve nobody, delete the component or answer with a fixed response",
  });
}

/**
 * Sees to it that what has lost its users may go: no rule leads there, and the new weights are everywhere. Nothing is waited for only where
 * nobody loses and nobody leaves. One that keeps a share may be made smaller next, in this update or in one right after it that moves no
 * weight and so would not wait; and since when one that leaves has had no weight is known nowhere (moved by hand, or by an update that was
 * interrupted and a state that was refreshed).
 */
async function retire(shift: Shift, movedAt: number): Promise<void> {
  const { course, pace } = shift;
  const redirected = await redirectRules(shift);
  if (redirected || course.loses || course.leaving.length > 0) {
    await awaitSpread(shift, redirected ? pace.now() : movedAt);
  }
}
