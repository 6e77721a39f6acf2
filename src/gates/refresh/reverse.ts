import type { RefreshPercentages } from "../../plan/percentages.js";
import { hasEnded } from "./giveUp.js";
import type { GroupView } from "./refreshCloud.js";
import type { RolloutContext } from "./rolloutRequest.js";
import type { TemplateBook } from "./templateBook.js";

/**
 * Brings a fleet back after a refresh that AWS has already ended: with a refresh of its own, to the configuration that the
 * group had before. Answers in one sentence where the fleet stands then.
 */
export async function reverse(
  context: RolloutContext,
  book: TemplateBook,
  before: GroupView,
  numbers: RefreshPercentages & { readonly deadlineSeconds: number },
): Promise<string> {
  const { request, cloud, report } = context;
  const { deadlineSeconds, ...percentages } = numbers;
  if (!before.template || (await book.same(before.template, request.wanted))) {
    return "there is no other release to go back to";
  }
  await report.warn(`refusing ${request.release.version}: replacing its servers by those of the release before`);
  const started = await cloud.startRefresh({
    group: request.groupName,
    template: before.template,
    ...percentages,
    warmupSeconds: request.warmupSeconds,
    bakeSeconds: 0,
    alarmNames: [],
    autoRollback: false,
  });
  if (started === "busy") return "another rollout has begun, so the fleet was left to that";
  const end = await hasEnded(context, started.id, "going back", deadlineSeconds);
  if (end === undefined)
    return `going back is still under way after ${deadlineSeconds} s (the next \`pulumi up\` takes it up)`;
  if (end.status === "Successful") return "the fleet is back on the release it had";
  return `going back ended as ${end.status}, so servers of both releases may serve`;
}
