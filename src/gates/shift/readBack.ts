import { forwardWeights } from "../../plan/weights.js";
import type { Stage } from "../stage.js";
import { Mover } from "./move.js";
import type { ShiftTarget } from "./shiftRequest.js";

/** What an entrance should have after an update. */
export interface ReadBackWish {
  /** What messages begin with, such as `BlueGreenPair "shop"`. */
  readonly subject: string;
  /** The listener's or the rule's ARN. */
  readonly entranceArn: string;
  /** The whole forward action that the program wants. */
  readonly targets: readonly Pick<ShiftTarget, "label" | "targetGroupArn" | "percent">[];
}

/** Reads the weights back after an update; refuses when AWS has others than the program wants. */
export async function readBack(wish: ReadBackWish, context: Stage): Promise<void> {
  const nameOf = (arn: string): string => wish.targets.find((target) => target.targetGroupArn === arn)?.label ?? arn;
  const weights = forwardWeights(wish.targets.map((target) => target.percent));
  const wanted = {
    targets: wish.targets.map(({ targetGroupArn }, index) => ({ targetGroupArn, weight: weights[index] ?? 0 })),
  };
  // The hook before the update has already waited for these weights: what differs now has been moved since.
  await new Mover({ ...context, request: wish }, wanted, nameOf).readBack(wanted, wanted);
}
