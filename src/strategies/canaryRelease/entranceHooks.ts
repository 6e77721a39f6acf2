import type * as pulumi from "@pulumi/pulumi";
import { gateHook } from "../../gates/hook.js";
import { readBack } from "../../gates/shift/readBack.js";
import { entranceServing } from "../../gates/shift/serving.js";
import { type EntranceProperties, sharesInState } from "../../gates/shift/sharesInState.js";
import { stageFor } from "../../gates/stage.js";
import { plain } from "../../inputs/plain.js";
import { rolesOf } from "../../plan/canaryRoles.js";
import { type CanaryWish, moveWeights, wantedTargets } from "./shift.js";

interface Properties extends EntranceProperties {
  readonly arn?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * The hooks of the entrance.
 * - Before an update: move the weights, and let the provider's update through only when they stand.
 * - After it: read them back once more.
 * - After the creation: wait until every fleet serves; nobody has used it before.
 */
export function canaryEntranceHooks(component: pulumi.ComponentResource, wish: CanaryWish): pulumi.ResourceHookBinding {
  const { subject } = wish;
  return {
    beforeUpdate: [
      gateHook(component, subject, "weights", async (args, around) => {
        const [outputs, inputs] = await Promise.all([
          plain<Properties>(args.oldOutputs ?? {}),
          plain<Properties>(args.oldInputs ?? {}),
        ]);
        const entranceArn = outputs.arn ?? args.id;
        const stage = await stageFor(wish, entranceArn, around);
        const targets = await wantedTargets(wish);
        const roles = rolesOf(inputs.tags ?? {});
        await wish.turns.take(() => {
          const known = wish.turns.set ?? sharesInState(inputs);
          return moveWeights(wish, { entranceArn, targets, roles, known, bake: true }, stage);
        });
      }),
    ],
    afterUpdate: [
      gateHook(component, subject, "weights read back", async (args, around) => {
        const { arn } = await plain<Properties>(args.newOutputs ?? {});
        const entranceArn = arn ?? args.id;
        const targets = await wantedTargets(wish);
        await readBack({ subject, entranceArn, targets }, await stageFor(wish, entranceArn, around));
      }),
    ],
    afterCreate: [
      gateHook(component, subject, "serving", async (args, around) => {
        const { arn } = await plain<Properties>(args.newOutputs ?? {});
        const { capacitySeconds } = await wish.numbers;
        const sizes = wish.plan.versions.map((version) => version.sizes);
        const autoscaled = wish.plan.fleet.scaling !== undefined;
        const targets = (await wantedTargets(wish)).map(({ label, targetGroupArn }, index) => {
          // An autoscaler may have made a fleet that stood before smaller than it began.
          const servers = autoscaled ? sizes[index]?.minSize : sizes[index]?.desiredCapacity;
          return { label, targetGroupArn, healthy: Math.max(1, servers ?? 1) };
        });
        const stage = await stageFor(wish, arn ?? args.id, around);
        await entranceServing({ subject, targets, deadlineSeconds: capacitySeconds }, stage);
      }),
    ],
  };
}
