import { refusal } from "../../errors/faults.js";
import { runGate } from "../gate.js";
import type { RefreshView } from "./refreshCloud.js";
import type { RolloutContext } from "./rolloutRequest.js";
import { isActive } from "./statuses.js";

/** Waits until a refresh has ended, whichever way, and answers how; throws HIT304 when the deadline comes first. */
export async function waitForEnd(
  context: RolloutContext,
  refreshId: string,
  doing: string,
  deadlineSeconds: number,
): Promise<RefreshView> {
  const { request, cloud } = context;
  let last: RefreshView | undefined;
  await runGate(
    {
      name: "rollout ended",
      waitsFor: `the end of instance refresh ${refreshId}`,
      deadlineSeconds,
      async check() {
        last = (await cloud.refreshes(request.groupName)).find((refresh) => refresh.id === refreshId) ?? last;
        if (!last || !isActive(last)) return { state: "passed" };
        return { state: "waiting", progress: `${doing}: ${last.status}, ${last.percentComplete} %` };
      },
      expired: (progress) =>
        refusal(request.subject, {
          code: "HIT304",
          problem: `instance refresh ${refreshId} of ${request.groupName} did not end within ${deadlineSeconds} s (${progress}).`,
          fix: "look at the group's instance refresh in the AWS console, then run `pulumi up` again: it waits for it anew",
        }),
    },
    context,
  );
  if (last) return last;
  throw refusal(request.subject, {
    code: "HIT304",
    problem: `instance refresh ${refreshId} of ${request.groupName} is not known to AWS any more.`,
    fix: "run `pulumi up` again",
  });
}
