import type * as pulumi from "@pulumi/pulumi";
import { gateHook } from "../../gates/hook.js";
import { readBack } from "../../gates/shift/readBack.js";
import { entranceServing } from "../../gates/shift/serving.js";
import { sharesOf } from "../../gates/shift/sharesInState.js";
import { stageFor } from "../../gates/stage.js";
import { plain } from "../../inputs/plain.js";
import { labelOf, type PairWish, wantedTargets } from "./pairWish.js";
import { moveWeights } from "./switch.js";

/**
 * The hooks of a pair's entrance.
 * - Before an update: move the weights, and let the provider's update through only when they stand.
 * - After it: read them back once more.
 * - After the creation: wait until the live environment serves; nobody has used it before.
 */
export function pairEntranceHooks(component: pulumi.ComponentResource, wish: PairWish): pulumi.ResourceHookBinding {
  const { subject, component: owner, plan } = wish;
  const { front } = plan;
  return {
    beforeUpdate: [
      gateHook(component, subject, "weights", async (args, around) => {
        const outputs = front.entranceIn(await plain(args.oldOutputs ?? {}));
        const inputs = front.entranceIn(await plain(args.oldInputs ?? {}));
        const entranceArn = outputs.id ?? args.id;
        const stage = await stageFor(wish, entranceArn, around);
        await moveWeights(wish, { entranceArn, known: sharesOf(inputs.targets) }, stage);
      }),
    ],
    afterUpdate: [
      gateHook(component, subject, "weights read back", async (args, around) => {
        const entranceArn = front.entranceIn(await plain(args.newOutputs ?? {})).id ?? args.id;
        const stage = await stageFor(wish, entranceArn, around);
        await readBack({ subject, entranceArn, targets: await wantedTargets(wish) }, stage);
      }),
    ],
    afterCreate: [
      gateHook(component, subject, "first servers", async (args, around) => {
        const { id } = front.entranceIn(await plain(args.newOutputs ?? {}));
        const stage = await stageFor(wish, id ?? args.id, around);
        const { capacitySeconds } = await wish.numbers;
        const targetGroupArn = (await wish.targetGroupArns)[plan.live];
        const { desiredCapacity, minSize, autoscaled } = plan.fleet;
        const healthy = plan.cold && autoscaled ? minSize : desiredCapacity; // what its group begins with
        const targets = [{ label: labelOf(plan, plan.live), targetGroupArn, healthy }];
        await entranceServing({ subject, component: owner, targets, deadlineSeconds: capacitySeconds }, stage);
      }),
    ],
  };
}
