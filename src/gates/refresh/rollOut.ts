import { refusal } from "../../errors/faults.js";
import { batchOf, defaultToleratedFailures, roundsOf } from "../../plan/batches.js";
import { rolloutTimeout } from "../../plan/deadlines.js";
import { refreshPercentages, WHOLE_FLEET } from "../../plan/percentages.js";
import { runGate } from "../gate.js";
import { assertContracts, assertProcessesRun, requireGroup } from "./prechecks.js";
import type { GroupView } from "./refreshCloud.js";
import { reverse } from "./reverse.js";
import { RolloutGate } from "./rolloutGate.js";
import type { RolloutContext, RolloutRequest } from "./rolloutRequest.js";
import { settleOther } from "./settleOther.js";
import { isActive } from "./statuses.js";
import { staying, TemplateBook } from "./templateBook.js";

/** Refreshes that others may start between our look and our start before we stop trying. */
const START_ATTEMPTS = 5;

/**
 * Brings every server of a group to the wanted template and returns when they all serve. Whatever state an earlier update has
 * left behind is taken up: a refresh that runs, that is being undone, or that is already complete.
 */
export async function rollOut(context: RolloutContext): Promise<void> {
  const { request, cloud, report } = context;
  const book = new TemplateBook(cloud);
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    const before = await requireGroup(context);
    await precheck(context, book, before);
    const running = await settleOther(context, book, before, plan(context, before).deadlineSeconds);
    const group = running ? before : await requireGroup(context);
    const { deadlineSeconds, toleratedFailures, ...percentages } = plan(context, group);
    let refreshId = running?.id;
    if (refreshId === undefined) {
      if ((await book.outdated(group, request.wanted)).length === 0) {
        await report.note(`every server already runs ${request.release.version}`);
        return;
      }
      const goingBack = await book.same(group.template, request.wanted);
      if (!goingBack) await keepRollbackSmall(context, book, group);
      const started = await cloud.startRefresh({
        group: request.groupName,
        // An equal version that servers already run lets AWS skip those (it compares version numbers).
        template: goingBack && group.template ? group.template : request.wanted,
        ...percentages,
        warmupSeconds: request.warmupSeconds,
        bakeSeconds: request.bakeSeconds,
        alarmNames: request.alarmNames,
        autoRollback: !goingBack,
      });
      if (started === "busy") continue;
      refreshId = started.id;
    }
    const goBack = () => reverse(context, book, before, { ...percentages, deadlineSeconds });
    await runGate(new RolloutGate(context, book, refreshId, deadlineSeconds, toleratedFailures, goBack), context);
    return;
  }
  throw refusal(request.subject, {
    code: "HIT303",
    problem: `others started a rollout of ${request.groupName} ${START_ATTEMPTS} times before this one could.`,
    fix: "see what else starts instance refreshes of this group (another stack, the console), then run `pulumi up` again",
  });
}

/** What must hold before anything that runs is touched. */
async function precheck(context: RolloutContext, book: TemplateBook, group: GroupView): Promise<void> {
  const { request, cloud } = context;
  assertProcessesRun(context, group);
  // Replaced all at once, servers of two releases do not run side by side.
  if (request.batch.whole) return;
  const active = (await cloud.refreshes(request.groupName)).find(isActive);
  // Joining, or going back to what the group is configured for, mixes nothing that is not mixed already.
  if (await book.same(active?.template, request.wanted)) return;
  if (await book.same(group.template, request.wanted)) return;
  await assertContracts(context, book, group, active);
}

/**
 * A template that changed and changed back leaves the group with another version number than its servers, for the same
 * content. AWS compares numbers: rolling back to the group's would replace servers that nobody has touched. So the group gets
 * the number that most of its servers have.
 */
async function keepRollbackSmall(context: RolloutContext, book: TemplateBook, group: GroupView): Promise<void> {
  const counts = new Map<string, number>();
  for (const { template } of staying(group)) {
    if (!template || !(await book.same(template, group.template))) continue;
    counts.set(template.version, (counts.get(template.version) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  if (!most || !group.template || most[0] === group.template.version) return;
  await context.cloud.setTemplate(group.name, { id: group.template.id, version: most[0] });
}

/** The numbers of a rollout, from the size that the group has now: an autoscaler may have changed it since. */
function plan(context: RolloutContext, group: GroupView) {
  const { request } = context;
  const size = Math.max(1, group.desiredCapacity);
  if (request.batch.whole) return { ...WHOLE_FLEET, ...limits(request, size, 1) };
  if (!request.batch.surge && size === 1 && group.desiredCapacity === 1) {
    throw refusal(request.subject, {
      code: "HIT114",
      problem: "surge is false and the fleet has one server now: replacing it would leave none.",
      fix: "set surge to true, or let the fleet have at least two servers",
    });
  }
  const surge = request.batch.surge || size === 1;
  const batch = batchOf(size, { ...request.batch, surge });
  return { ...refreshPercentages(size, batch, surge), ...limits(request, size, roundsOf(size, batch)) };
}

function limits(request: RolloutRequest, size: number, rounds: number) {
  return {
    deadlineSeconds:
      request.timeoutSeconds ?? rolloutTimeout(rounds, request.replacementTimeoutSeconds, request.bakeSeconds),
    toleratedFailures: request.toleratedFailures ?? defaultToleratedFailures(size),
  };
}
