import { refusal } from "../../errors/faults.js";
import type { GroupView, RefreshView } from "./refreshCloud.js";
import type { RolloutContext } from "./rolloutRequest.js";
import { isActive } from "./statuses.js";
import type { TemplateBook } from "./templateBook.js";
import { waitForEnd } from "./waitForEnd.js";

/** Rollouts by others that are sat out, one after the other, before this one gives up. */
const MOST_OTHERS = 10;

/**
 * Deals with a refresh that is already running: one towards the wanted release is answered, to be joined (an earlier `up` may
 * have died in the middle); one that is being undone is awaited; any other is superseded, awaited or left alone.
 */
export async function settleOther(
  context: RolloutContext,
  book: TemplateBook,
  group: GroupView,
  deadlineSeconds: number,
): Promise<RefreshView | undefined> {
  const { request, cloud, report } = context;
  for (let ended = 0; ended < MOST_OTHERS; ended += 1) {
    const other = (await cloud.refreshes(request.groupName)).find(isActive);
    if (!other) return undefined;
    if (other.status === "Cancelling" || other.status === "RollbackInProgress") {
      await waitForEnd(context, other.id, "waiting for an earlier rollout to be undone", deadlineSeconds);
    } else if (await book.same(other.template, request.wanted)) {
      await report.note(`joining the rollout to ${request.release.version} that is already running (${other.id})`);
      return other;
    } else if (request.whenBusy === "fail") {
      throw refusal(request.subject, {
        code: "HIT303",
        problem: `another rollout of ${request.groupName} is running (${other.id}, ${other.status}, ${other.percentComplete} %).`,
        fix: 'wait for it and run `pulumi up` again, or set whenBusy to "queue" or "supersede"',
      });
    } else if (request.whenBusy === "queue") {
      await report.note(`waiting for the rollout that is running (${other.id}) before ${request.release.version}`);
      await waitForEnd(context, other.id, "queued behind another rollout", deadlineSeconds);
    } else {
      const doing = await supersede(context, book, group, other);
      await waitForEnd(context, other.id, doing, deadlineSeconds);
    }
  }
  throw refusal(request.subject, {
    code: "HIT304",
    problem: `others started a rollout of ${request.groupName} ${MOST_OTHERS} times while this one waited.`,
    fix: "see what else starts instance refreshes of this group, then run `pulumi up` again",
  });
}

/**
 * Ends another rollout; answers what is going on then. Going back to what the group is configured for is a rollback: AWS then
 * replaces only what has been replaced already.
 */
async function supersede(
  context: RolloutContext,
  book: TemplateBook,
  group: GroupView,
  other: RefreshView,
): Promise<string> {
  const { request, cloud, report } = context;
  if (await book.same(group.template, request.wanted)) {
    await report.note(`rolling back the rollout that is running (${other.id}) to ${request.release.version}`);
    if ((await cloud.rollBackRefresh(request.groupName)) !== "irreversible") return "rolling back the other rollout";
    await report.warn(`AWS cannot roll back ${other.id}; stopping it instead`);
  } else {
    await report.note(`stopping the rollout that is running (${other.id}) in favour of ${request.release.version}`);
  }
  await cloud.cancelRefresh(request.groupName);
  return "stopping the other rollout";
}
