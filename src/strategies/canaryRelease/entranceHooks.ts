import type * as pulumi from "@pulumi/pulumi";
import { gateHook } from "../../gates/hook.js";
import { readBack } from "../../gates/shift/readBack.js";
import { entranceServing } from "../../gates/shift/serving.js";
import { sharesOf } from "../../gates/shift/sharesInState.js";
import { stageFor } from "../../gates/stage.js";
import { plain } from "../../inputs/plain.js";
import { rolesOf } from "../../plan/canaryRoles.js";
import { type CanaryWish, moveWeights, wantedTargets } from "./shift.js";

/**
 * The hooks of the entrance.
 * - Before an update: move the weights, and let the provider's update through only when they stand.
 * - After it: read them back once more.
 * - After the creation: wait until every fleet serves; nobody has used it before.
 */
export function canaryEntranceHooks(component: pulumi.ComponentResource, wish: CanaryWish): pulumi.ResourceHookBinding {
  const { subject, component: owner } = wish;
  const { front } = wish.plan;
  return {
    beforeUpdate: [
      gateHook(component, subject, "weights", async (args, around) => {
        const outputs = front.entranceIn(await plain(args.oldOutputs ?? {}));
        const inputs = front.entranceIn(await plain(args.oldInputs ?? {}));
        const entranceArn = outputs.id ?? args.id;
        const stage = await stageFor(wish, entranceArn, around);
        const targets = await wantedTargets(wish);
        const roles = rolesOf(inputs.tags);
        await wish.turns.take(() => {
          const known = wish.turns.set ?? sharesOf(inputs.targets);
          return moveWeights(wish, { entranceArn, targets, roles, known, bake: true }, stage);
        });
      }),
    ],
    afterUpdate: [
      gateHook(component, subject, "weights read back", async (args, around) => {
        const entranceArn = front.entranceIn(await plain(args.newOutputs ?? {})).id ?? args.id;
        const targets = await wantedTargets(wish);
        await readBack({ subject, entranceArn, targets }, await stageFor(wish, entranceArn, around));
      }),
    ],
    afterCreate: [
      gateHook(component, subject, "serving", async (args, around) => {
        const { id } = front.entranceIn(await plain(args.newOutputs ?? {}));
        const { capacitySeconds } = await wish.numbers;
        const sizes = wish.plan.versions.map((version) => version.sizes);
        const autoscaled = wish.plan.fleet.autoscaled;
        const targets = (await wantedTargets(wish)).map(({ label, targetGroupArn }, index) => {
          // An autoscaler may have made a fleet that stood before smaller than it began.
          const servers = autoscaled ? sizes[index]?.minSize : sizes[index]?.desiredCapacity;
          return { label, targetGroupArn, healthy: Math.max(1, servers ?? 1) };
        });
        const stage = await stageFor(wish, id ?? args.id, around);
        await entranceServing({ subject, component: owner, targets, deadlineSeconds: capacitySeconds }, stage);
      }),
    ],
  };
}
