import { refusal } from "../../errors/faults.js";
import { runGate } from "../gate.js";
import { readFleets } from "./fleets.js";
import type { Shift } from "./shift.js";
import type { ShiftTarget } from "./shiftRequest.js";

/**
 * Waits until enough servers of the targets that gain have been healthy for the warm-up time. The load balancer's own slow start is
 * skipped for a target group whose servers are all new. Servers that were launched long ago need no more time.
 */
export async function awaitWarmUp(shift: Shift): Promise<void> {
  const { request, course, demand, book } = shift;
  const { warmupSeconds, capacitySeconds } = request;
  if (warmupSeconds <= 0 || course.gaining.length === 0) return;
  const seasoned = new Set<string>();
  for (const target of course.gaining) {
    for (const instanceId of await launchedLongAgo(shift, target, warmupSeconds + capacitySeconds))
      seasoned.add(instanceId);
  }
  const warm = ({ targetGroupArn }: ShiftTarget): number =>
    book
      .healthyFor(targetGroupArn)
      .filter(({ instanceId, seconds }) => seasoned.has(instanceId) || seconds >= warmupSeconds).length;
  const deadlineSeconds = warmupSeconds + capacitySeconds;
  await runGate(
    {
      name: "warm-up",
      waitsFor: `servers that have been healthy for ${warmupSeconds} s`,
      deadlineSeconds,
      async check() {
        await book.look(course.gaining.map((target) => target.targetGroupArn));
        const cold = course.gaining.filter((target) => warm(target) < demand.need(target.percent));
        if (cold.length === 0) return { state: "passed" };
        const progress = cold.map(
          (target) => `${target.label}: ${warm(target)} of ${demand.need(target.percent)} servers warm`,
        );
        return { state: "waiting", progress: progress.join(", ") };
      },
      expired: (progress) =>
        refusal(request.subject, {
          code: "HIT352",
          problem: `${progress} after ${deadlineSeconds} s.`,
          fix: "see why servers do not stay healthy, or lower warmupSeconds, then run `pulumi up` again",
        }),
    },
    shift,
  );
}

/** The servers of a target that have been there so long that they must have been healthy for a while. */
async function launchedLongAgo(shift: Shift, target: ShiftTarget, ageSeconds: number): Promise<string[]> {
  const { cloud, pace } = shift;
  const secondsSince = pace.secondsSince?.bind(pace);
  if (!secondsSince) return [];
  const old: string[] = [];
  for (const fleet of (await readFleets(shift)).of(target.targetGroupArn)) {
    for (const [serverId, moment] of await cloud.startedAt(fleet)) {
      if (secondsSince(moment) >= ageSeconds) old.push(serverId);
    }
  }
  return old;
}
