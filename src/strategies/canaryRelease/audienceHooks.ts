import type * as pulumi from "@pulumi/pulumi";
import { refusal } from "../../errors/faults.js";
import type { GateSurroundings } from "../../gates/gate.js";
import { gateHook } from "../../gates/hook.js";
import { entranceServing } from "../../gates/shift/serving.js";
import { type Stage, stageFor } from "../../gates/stage.js";
import { plain } from "../../inputs/plain.js";
import type { CanaryWish } from "./shift.js";
import type { VersionPlan } from "./versions.js";

/**
 * The hooks of an audience rule.
 * - It leads nobody to a version without a healthy server.
 * - Before the creation: where AWS has one already that Pulumi does not know, name it. AWS would only say that the priority is taken.
 */
export function canaryAudienceHooks(
  component: pulumi.ComponentResource,
  wish: CanaryWish,
  { path, release }: VersionPlan,
): pulumi.ResourceHookBinding {
  const { subject, component: owner, plan } = wish;
  const serving = async (around: GateSurroundings): Promise<void> => {
    const index = plan.versions.findIndex(({ release: { version } }) => version === release.version);
    const targetGroupArn = (await wish.targetGroupArns)[index] as string;
    const targets = [{ label: release.version, targetGroupArn, healthy: 1 }];
    const { capacitySeconds } = await wish.numbers;
    const stage = await stageFor(wish, targetGroupArn, around);
    await entranceServing({ subject, component: owner, targets, deadlineSeconds: capacitySeconds }, stage);
  };
  const created = gateHook(component, subject, `new audience of ${path}`, async (args, around) => {
    const { id } = await wish.place;
    await assertPlaceFree(wish, path, await plain<object>(args.newInputs ?? {}), await stageFor(wish, id, around));
    await serving(around);
  });
  const updated = gateHook(component, subject, `audience of ${path}`, (_args, around) => serving(around));
  return { beforeCreate: [created], beforeUpdate: [updated] };
}

async function assertPlaceFree(wish: CanaryWish, path: string, properties: object, { cloud }: Stage): Promise<void> {
  const rule = await wish.plan.front.inPlaceOf(properties, cloud);
  if (!rule) return;
  const groups = await cloud.fleetsOf(wish.component);
  const own = new Set([...(await wish.targetGroupArns), ...groups.flatMap((group) => group.targetGroupArns)]);
  // Somebody else's: AWS refuses it with a reason of its own.
  if (rule.targetGroupArns.length === 0 || !rule.targetGroupArns.every((arn) => own.has(arn))) return;
  throw refusal(wish.subject, {
    code: "HIT195",
    problem: `the listener has a rule of priority ${rule.priority} already, ${rule.arn}, which leads to this component; the audience of ${path} needs that place.`,
    fix: `if \`pulumi stack --show-ids\` does not list it, an interrupted update has left it behind: \`aws elbv2 delete-rule --rule-arn ${rule.arn}\`, then run \`pulumi up\` again; if it does, give the audience another priority`,
  });
}
