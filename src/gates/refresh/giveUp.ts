import { HitlessError } from "../../errors/hitlessError.js";
import type { RefreshView } from "./refreshCloud.js";
import type { RolloutContext } from "./rolloutRequest.js";
import { saying } from "./statuses.js";
import { waitForEnd } from "./waitForEnd.js";

/** Undoes a rollout and waits until that is done; answers in one sentence where the fleet stands then. */
export async function giveUp(context: RolloutContext, refreshId: string, deadlineSeconds: number): Promise<string> {
  const { request, cloud, report } = context;
  await report.warn(`refusing ${request.release.version}: rolling the fleet back`);
  const answer = await cloud.rollBackRefresh(request.groupName);
  if (answer === "irreversible") {
    await cloud.cancelRefresh(request.groupName);
    await waitForEnd(context, refreshId, "stopping the rollout", deadlineSeconds);
    return "AWS could not roll back (its launch template takes the image from an SSM parameter, or has no fixed version), so the rollout was stopped and both releases serve";
  }
  const end = await hasEnded(context, refreshId, "rolling back", deadlineSeconds);
  return end
    ? outcome(end)
    : `AWS is still rolling back after ${deadlineSeconds} s (the next \`pulumi up\` waits for it)`;
}

/**
 * Waits for the end of a refresh; nothing when the deadline comes first: the reasons of a refusal weigh more than the time that
 * undoing takes.
 */
export async function hasEnded(
  context: RolloutContext,
  refreshId: string,
  doing: string,
  deadlineSeconds: number,
): Promise<RefreshView | undefined> {
  try {
    return await waitForEnd(context, refreshId, doing, deadlineSeconds);
  } catch (error) {
    if (error instanceof HitlessError && error.codes.includes("HIT304")) return undefined;
    throw error;
  }
}

/** Where a fleet stands after a refresh that was undone. */
export function outcome(refresh: RefreshView): string {
  const words = saying(refresh);
  switch (refresh.status) {
    case "RollbackSuccessful":
      return "the fleet is back on the release it had";
    case "Successful":
      return "AWS had finished the rollout before it could be undone: the fleet runs the new release";
    default:
      return `AWS did not bring the fleet back (${refresh.status}${words === "" ? "" : `: ${words}`}), so servers of both releases may serve`;
  }
}
