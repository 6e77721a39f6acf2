import type { ShiftTarget } from "../../gates/shift/shiftRequest.js";
import type { Stage } from "../../gates/stage.js";
import { SAME_PERCENT } from "../../plan/canarySteps.js";
import { toTenths } from "../../plan/weights.js";
import { type CanaryWish, moveWeights, wantedTargets } from "./shift.js";
import { standingEntrance } from "./standingEntrance.js";
import type { VersionPlan } from "./versions.js";

/**
 * Groups change before the entrance, so that new capacity is there before its weight. One that shrinks would be too small for the
 * users that it still has: it hands over what is too much to the stable version first, which the program has made large
 * enough already. Everybody else keeps what they have; the entrance's own hook does the rest.
 */
export async function takeWeightFirst(wish: CanaryWish, version: VersionPlan, stage: Stage): Promise<void> {
  await wish.turns.take(async () => {
    const entrance = await standingEntrance(wish, stage.cloud);
    if (!entrance) return; // nobody is sent there by weight
    const { arn: entranceArn, present, roles, versions } = entrance;
    const wanted = await wantedTargets(wish);
    const stable = wanted[0] as ShiftTarget;
    const own = wanted.find((target) => target.version === version.release.version) as ShiftTarget;
    if ((present.get(own.targetGroupArn) ?? 0) <= own.percent + SAME_PERCENT) return;
    const others = [...present]
      .filter(([arn]) => arn !== stable.targetGroupArn)
      .map(([arn, percent]): ShiftTarget => {
        const label = versions.get(arn) ?? arn;
        const known = wanted.find((target) => target.targetGroupArn === arn);
        const kept = arn === own.targetGroupArn ? own.percent : toTenths(percent);
        return { ...(known ?? { label, version: label, targetGroupArn: arn }), percent: kept };
      });
    const left = 100 - others.reduce((sum, { percent }) => sum + percent, 0);
    const targets = [{ ...stable, percent: toTenths(Math.max(0, left)) }, ...others];
    const known = wish.turns.set;
    await moveWeights(wish, { entranceArn, targets, roles, bake: false, ...(known ? { known } : {}) }, stage);
    wish.turns.set = new Map(targets.map((target) => [target.targetGroupArn, target.percent]));
  });
}
