import type * as pulumi from "@pulumi/pulumi";
import { refusal } from "../../errors/faults.js";
import type { WorkloadChange } from "../../fleet/platform.js";
import { gateHook } from "../../gates/hook.js";
import { entranceServing } from "../../gates/shift/serving.js";
import { type Stage, stageFor } from "../../gates/stage.js";
import { BATCH_BY_BATCH, type BatchRule } from "../../plan/batches.js";
import type { Environment } from "./blueGreenPairArgs.js";
import { labelOf, type PairWish } from "./pairWish.js";
import { describeUse, hasUsers, publicUse } from "./publicWeight.js";

/** Nobody is on an idle environment, so all of it is replaced at once. */
const ALL_AT_ONCE: BatchRule = { surge: false, whole: true };

/**
 * The hooks of an environment's workload.
 * - Before an update: a new release replaces every server when nobody is on them, and is refused when somebody is. Only then the
 *   update itself goes through, which by then changes no server.
 * - After the creation of an idle one: wait until it serves. The live one is attached by the entrance, which waits for it.
 */
export function pairGroupHooks(
  component: pulumi.ComponentResource,
  wish: PairWish,
  environment: Environment,
): pulumi.ResourceHookBinding {
  const { subject, component: owner, plan } = wish;
  const { platform } = wish.reach;
  const before = gateHook(component, subject, `${environment} rollout`, async (args, around) => {
    const change = await platform.change(args);
    const stage = await stageFor(wish, change.guardedId, around);
    await assertNothingTaken(wish, environment, change, stage);
    await replace(wish, environment, change, stage);
  });
  if (environment === plan.live || plan.cold) return { beforeUpdate: [before] };
  const after = gateHook(component, subject, `${environment} serving`, async (args, around) => {
    const { guardedId } = await platform.created(args);
    const stage = await stageFor(wish, guardedId, around);
    const targetGroupArn = (await wish.targetGroupArns)[environment];
    const targets = [{ label: labelOf(plan, environment), targetGroupArn, healthy: plan.fleet.desiredCapacity }];
    const { capacitySeconds } = await wish.numbers;
    await entranceServing({ subject, component: owner, targets, deadlineSeconds: capacitySeconds }, stage);
  });
  return { beforeUpdate: [before], afterCreate: [after] };
}

async function replace(wish: PairWish, environment: Environment, change: WorkloadChange, stage: Stage): Promise<void> {
  const { plan, subject } = wish;
  const { platform } = wish.reach;
  if (!change.replaces) return;
  const difference = await platform.difference(subject, change, stage);
  if (difference === "none") return;
  const use = await publicUse(wish, change.target.after ?? "", stage.cloud);
  const { version, data } = plan.releases[environment];
  if (hasUsers(use) && difference !== "same release") {
    throw refusal(subject, {
      code: "HIT361",
      problem: `${environment} ${describeUse(use)}, and ${version} would replace its servers under them.`,
      fix: `set ${environment} back to the release that it has, put ${version} on the other environment, and switch; if a switch was interrupted (\`live\` is the other one), run \`pulumi up --refresh\` first`,
    });
  }
  const { warmupSeconds, alarmNames, replacementTimeoutSeconds } = await wish.numbers;
  await platform.rollOut(
    {
      subject,
      release: { version, ...(data ? { data } : {}) },
      batch: hasUsers(use) ? BATCH_BY_BATCH : ALL_AT_ONCE,
      // A newer version for an environment without users stands for what its owner wants now.
      whenBusy: "supersede",
      warmupSeconds,
      bakeSeconds: 0,
      // Alarms watch users; an environment without any must be free to change while they ring.
      alarmNames: hasUsers(use) ? alarmNames : [],
      replacementTimeoutSeconds,
    },
    change,
    stage,
  );
}

/** Capacity leaves last: refuses to take servers, or their target group, from users whom AWS still sends there. */
async function assertNothingTaken(
  wish: PairWish,
  environment: Environment,
  { target: { before, after }, servers: { emptied } }: WorkloadChange,
  stage: Stage,
): Promise<void> {
  const moved = before !== undefined && before !== after;
  if (before === undefined || !(moved || emptied)) return;
  const use = await publicUse(wish, before, stage.cloud);
  if (!hasUsers(use)) return;
  const users = `${labelOf(wish.plan, environment)} ${describeUse(use)}`;
  if (moved) {
    throw refusal(wish.subject, {
      code: "HIT321",
      problem: `${users}, and would leave the target group that they are sent to.`,
      fix: "take the change of vpcId or port back; to change them, set up a second pair beside this one and move users over",
    });
  }
  throw refusal(wish.subject, {
    code: "HIT366",
    problem: `${users}, and would lose its servers.`,
    fix: "somebody else moved the weights: run `pulumi up --refresh`, which moves them to what the program wants first",
  });
}
