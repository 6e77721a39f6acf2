import type * as pulumi from "@pulumi/pulumi";
import { refusal } from "../../errors/faults.js";
import type { WorkloadChange } from "../../fleet/platform.js";
import type { GateSurroundings } from "../../gates/gate.js";
import { gateHook } from "../../gates/hook.js";
import { type Stage, stageFor } from "../../gates/stage.js";
import { BATCH_BY_BATCH } from "../../plan/batches.js";
import type { CanaryWish } from "./shift.js";
import { takeWeightFirst } from "./shrink.js";
import { assertJumpsEarly } from "./standingEntrance.js";
import type { VersionPlan } from "./versions.js";

/**
 * The hooks of a version's workload. Before it is created or changed, a skipped step is refused, so that no servers start for it.
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
        const { id } = await wish.place;
        await assertJumpsEarly(wish, await stageFor(wish, id, around));
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
  const change = await wish.reach.platform.change(args);
  const { target, servers } = change;
  const stage = await stageFor(wish, change.guardedId, surroundings);
  if (target.before !== undefined && target.before !== target.after) throw anotherTargetGroup(wish.subject, version);
  await assertJumpsEarly(wish, stage);
  const shrinks = (servers.next ?? servers.now) < servers.now;
  if (shrinks && version.role !== "stable") await takeWeightFirst(wish, version, stage);
  await replaceServers(wish, version, change, stage);
}

async function replaceServers(
  wish: CanaryWish,
  { release: { version, data } }: VersionPlan,
  change: WorkloadChange,
  stage: Stage,
): Promise<void> {
  if (!change.replaces) return;
  const { warmupSeconds, alarmNames, replacementTimeoutSeconds } = await wish.numbers;
  const { subject } = wish;
  const order = { subject, release: { version, ...(data ? { data } : {}) }, batch: BATCH_BY_BATCH, bakeSeconds: 0 };
  await wish.reach.platform.rollOut(
    { ...order, whenBusy: "supersede", warmupSeconds, alarmNames, replacementTimeoutSeconds },
    change,
    stage,
  );
}

function anotherTargetGroup(subject: string, { path, release }: VersionPlan) {
  return refusal(subject, {
    code: "HIT321",
    problem: `the target group of ${path} (${release.version}) would be replaced, and its servers would leave the one that users are sent to.`,
    fix: "take the change of vpcId or port back; to change them, set up a second CanaryRelease beside this one and move users over",
  });
}
