import type * as pulumi from "@pulumi/pulumi";
import { gateHook } from "../../gates/hook.js";
import { readBack } from "../../gates/shift/readBack.js";
import { entranceServing } from "../../gates/shift/serving.js";
import { type EntranceProperties, sharesInState } from "../../gates/shift/sharesInState.js";
import { stageFor } from "../../gates/stage.js";
import { plain } from "../../inputs/plain.js";
import { labelOf, type PairWish, wantedTargets } from "./pairWish.js";
import { moveWeights } from "./switch.js";

interface Properties extends EntranceProperties {
  readonly arn?: string;
}

/**
 * The hooks of a pair's entrance.
 * - Before an update: move the weights, and let the provider's update through only when they stand.
 * - After it: read them back once more.
 * - After the creation: wait until the live environment serves; nobody has used it before.
 */
export function pairEntranceHooks(component: pulumi.ComponentResource, wish: PairWish): pulumi.ResourceHookBinding {
  const { subject, plan } = wish;
  return {
    beforeUpdate: [
      gateHook(component, subject, "weights", async (args, around) => {
        const outputs = await plain<Properties>(args.oldOutputs ?? {});
        const inputs = await plain<Properties>(args.oldInputs ?? {});
        const entranceArn = outputs.arn ?? args.id;
        const stage = await stageFor(wish, entranceArn, around);
        await moveWeights(wish, { entranceArn, known: sharesInState(inputs) }, stage);
      }),
    ],
    afterUpdate: [
      gateHook(component, subject, "weights read back", async (args, around) => {
        const { arn } = await plain<Properties>(args.newOutputs ?? {});
        const entranceArn = arn ?? args.id;
        const stage = await stageFor(wish, entranceArn, around);
        await readBack({ subject, entranceArn, targets: await wantedTargets(wish) }, stage);
      }),
    ],
    afterCreate: [
      gateHook(component, subject, "first servers", async (args, around) => {
        const { arn } = await plain<Properties>(args.newOutputs ?? {});
        const stage = await stageFor(wish, arn ?? args.id, around);
        const { capacitySeconds } = await wish.numbers;
        const targetGroupArn = (await wish.targetGroupArns)[plan.live];
        const { desiredCapacity, minSize, scaling } = plan.fleet;
        const healthy = plan.cold && scaling ? minSize : desiredCapacity; // what its group begins with
        const targets = [{ label: labelOf(plan, plan.live), targetGroupArn, healthy }];
        await entranceServing({ subject, targets, deadlineSeconds: capacitySeconds }, stage);
      }),
    ],
  };
}
