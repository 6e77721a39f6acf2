import type * as pulumi from "@pulumi/pulumi";
import { refusal } from "../../errors/faults.js";
import { gateHook } from "../../gates/hook.js";
import { rollOut } from "../../gates/refresh/rollOut.js";
import { staying, TemplateBook } from "../../gates/refresh/templateBook.js";
import { entranceServing } from "../../gates/shift/serving.js";
import { type Stage, stageFor } from "../../gates/stage.js";
import { plain } from "../../inputs/plain.js";
import { BATCH_BY_BATCH, type BatchRule } from "../../plan/batches.js";
import { type GroupChange, type GroupProperties, groupChange } from "../shared/groupChange.js";
import type { Environment } from "./blueGreenPairArgs.js";
import { labelOf, type PairWish } from "./pairWish.js";
import { publicWeight } from "./publicWeight.js";
import { sameRelease } from "./sameRelease.js";

/** Nobody is on an idle environment, so all of it is replaced at once. */
const ALL_AT_ONCE: BatchRule = { surge: false, whole: true };

/**
 * The hooks of an environment's group.
 * - Before an update: a new release replaces every server when nobody is on them, and is refused when somebody is. Only then the
 *   update itself goes through, which by then changes no server.
 * - After the creation of an idle one: wait until it serves. The live one is attached by the entrance, which waits for it.
 */
export function pairGroupHooks(
  component: pulumi.ComponentResource,
  wish: PairWish,
  environment: Environment,
): pulumi.ResourceHookBinding {
  const { subject, plan } = wish;
  const before = gateHook(component, subject, `${environment} rollout`, async (args, around) => {
    const change = await groupChange(args);
    const stage = await stageFor(wish, change.arn, around);
    await assertNothingTaken(wish, environment, change, stage);
    await replace(wish, environment, change, stage);
  });
  if (environment === plan.live || plan.cold) return { beforeUpdate: [before] };
  const after = gateHook(component, subject, `${environment} serving`, async (args, around) => {
    const group = await plain<GroupProperties>(args.newOutputs ?? {});
    const stage = await stageFor(wish, group.arn ?? "", around);
    const targetGroupArn = (await wish.targetGroupArns)[environment];
    const targets = [{ label: labelOf(plan, environment), targetGroupArn, healthy: plan.fleet.desiredCapacity }];
    const { capacitySeconds } = await wish.numbers;
    await entranceServing({ subject, targets, deadlineSeconds: capacitySeconds }, stage);
  });
  return { beforeUpdate: [before], afterCreate: [after] };
}

async function replace(wish: PairWish, environment: Environment, change: GroupChange, stage: Stage): Promise<void> {
  const { plan, subject } = wish;
  const { name, arn, next, wanted } = change;
  if (!wanted) return;
  const book = new TemplateBook(stage.cloud);
  const group = await stage.cloud.group(name);
  // An empty environment starts its servers from what the update sets; one that runs it already has nothing to replace.
  if (group && staying(group).length === 0) return;
  if (group && (await book.same(group.template, wanted)) && (await book.outdated(group, wanted)).length === 0) return;
  const weight = await publicWeight(wish, next.targetGroupArns?.[0] ?? "", stage.cloud);
  const { version, data } = plan.releases[environment];
  if (weight > 0 && !(await sameRelease(stage.cloud, group?.template, wanted))) {
    throw refusal(subject, {
      code: "HIT361",
      problem: `${environment} has ${Math.round(weight * 10) / 10} % of the users, and ${version} would replace its servers under them.`,
      fix: `set ${environment} back to the release that it has, put ${version} on the other environment, and switch; if a switch was interrupted (\`live\` is the other one), run \`pulumi up --refresh\` first`,
    });
  }
  const { warmupSeconds, alarmNames, replacementTimeoutSeconds } = await wish.numbers;
  await rollOut({
    ...stage,
    request: {
      subject,
      groupName: name,
      groupArn: arn,
      targetGroupArn: next.targetGroupArns?.[0] ?? "",
      wanted,
      release: { version, ...(data ? { data } : {}) },
      batch: weight > 0 ? BATCH_BY_BATCH : ALL_AT_ONCE,
      // A newer version for an environment without users stands for what its owner wants now.
      whenBusy: "supersede",
      warmupSeconds,
      bakeSeconds: 0,
      // Alarms watch users; an environment without any must be free to change while they ring.
      alarmNames: weight > 0 ? alarmNames : [],
      replacementTimeoutSeconds,
    },
  });
}

/** Capacity leaves last: refuses to take servers, or their target group, from users whom AWS still sends there. */
async function assertNothingTaken(
  wish: PairWish,
  environment: Environment,
  { next, inputs }: GroupChange,
  stage: Stage,
): Promise<void> {
  const before = inputs.targetGroupArns?.[0];
  const moved = before !== undefined && before !== next.targetGroupArns?.[0];
  const emptied = next.maxSize === 0 && inputs.maxSize !== 0;
  if (before === undefined || !(moved || emptied)) return;
  const weight = await publicWeight(wish, before, stage.cloud);
  if (weight === 0) return;
  const users = `${labelOf(wish.plan, environment)} has ${Math.round(weight * 10) / 10} % of the users`;
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
