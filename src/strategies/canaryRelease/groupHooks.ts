import type * as pulumi from "@pulumi/pulumi";
import { refusal } from "../../errors/faults.js";
import type { GateSurroundings } from "../../gates/gate.js";
import { gateHook } from "../../gates/hook.js";
import { rollOut } from "../../gates/refresh/rollOut.js";
import { type Stage, stageFor } from "../../gates/stage.js";
import { type GroupChange, groupChange } from "../shared/groupChange.js";
import type { CanaryWish } from "./shift.js";
import { takeWeightFirst } from "./shrink.js";
import { assertJumpsEarly } from "./standingEntrance.js";
import type { VersionPlan } from "./versions.js";

/**
 * The hooks of a version's group. Before it is created or changed, a skipped step is refused, so that no servers start for it.
 * Before an update:
 * - Another target group (port or VPC changed) is refused while the present one has users.
 * - A fleet that is to shrink gives its weight away first.
 * - What its servers start with has changed under the same version: they are replaced batch by batch.
 */
export function canaryGroupHooks(
  component: pulumi.ComponentResource,
  wish: CanaryWish,
  version: VersionPlan,
): pulumi.ResourceHookBinding {
  const { subject } = wish;
  return {
    beforeCreate: [
      gateHook(component, subject, `new fleet ${version.name}`, async (_args, around) => {
        const front = await wish.front;
        await assertJumpsEarly(wish, await stageFor(wish, front.arn, around));
      }),
    ],
    beforeUpdate: [
      gateHook(component, subject, `fleet ${version.name}`, (args, around) =>
        beforeUpdate(wish, version, args, around),
      ),
    ],
  };
}

async function beforeUpdate(
  wish: CanaryWish,
  version: VersionPlan,
  args: pulumi.ResourceHookArgs,
  surroundings: GateSurroundings,
): Promise<void> {
  const change = await groupChange(args);
  const { next, inputs, outputs } = change;
  const stage = await stageFor(wish, change.arn, surroundings);
  const [before, after] = [inputs.targetGroupArns?.[0], next.targetGroupArns?.[0]];
  if (before !== undefined && before !== after) throw anotherTargetGroup(wish.subject, version);
  await assertJumpsEarly(wish, stage);
  const real = outputs.desiredCapacity ?? inputs.desiredCapacity ?? 0;
  if ((next.desiredCapacity ?? real) < real && version.role !== "stable") await takeWeightFirst(wish, version, stage);
  await replaceServers(wish, version, change, stage);
}

async function replaceServers(
  wish: CanaryWish,
  { release }: VersionPlan,
  { name, arn, next, wanted }: GroupChange,
  stage: Stage,
): Promise<void> {
  if (!wanted) return;
  const numbers = await wish.numbers;
  await rollOut({
    ...stage,
    request: {
      subject: wish.subject,
      groupName: name,
      groupArn: arn,
      targetGroupArn: next.targetGroupArns?.[0] ?? "",
      wanted,
      release: { version: release.version, ...(release.data ? { data: release.data } : {}) },
      batch: { surge: true },
      whenBusy: "supersede",
      warmupSeconds: numbers.warmupSeconds,
      bakeSeconds: 0,
      alarmNames: numbers.alarmNames,
      replacementTimeoutSeconds: numbers.replacementTimeoutSeconds,
    },
  });
}

function anotherTargetGroup(subject: string, { path, release }: VersionPlan) {
  return refusal(subject, {
    code: "HIT321",
    problem: `the target group of ${path} (${release.version}) would be replaced, and its servers would leave the one that users are sent to.`,
    fix: "take the change of vpcId or port back; to change them, set up a second CanaryRelease beside this one and move users over",
  });
}
