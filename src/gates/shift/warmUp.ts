import { refusal } from "../../errors/faults.js";
import { runGate } from "../gate.js";
import { readFleets } from "./fleets.js";
import type { Shift } from "./shift.js";
import type { ShiftTarget } from "./shiftRequest.js";

/**
 * Waits until enough servers of the targets that gain have been healthy for the warm-up time. The load balancer's own slow start is
 * skipped for a target group whose servers are all new. What the platform knows of the time before this shift counts: servers that
 * served a moment ago need no more.
 */
export async function awaitWarmUp(shift: Shift): Promise<void> {
  const { request, course, demand, book, pace } = shift;
  const { warmupSeconds, capacitySeconds } = request;
  if (warmupSeconds <= 0 || course.gaining.length === 0) return;
  const askedAt = pace.now();
  const healthyBefore = new Map<string, () => number>();
  for (const target of course.gaining) {
    for (const [instanceId, seconds] of await pastOf(shift, target)) healthyBefore.set(instanceId, seconds);
  }
  const isWarm = (instanceId: string, since: number): boolean =>
    pace.now() - since >= warmupSeconds ||
    // Only while nothing has been seen to break it since it was asked for.
    (since <= askedAt && (healthyBefore.get(instanceId)?.() ?? 0) >= warmupSeconds);
  const warm = ({ targetGroupArn }: ShiftTarget): number =>
    book.healthySince(targetGroupArn).filter(({ instanceId, since }) => isWarm(instanceId, since)).length;
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

/** For how many seconds the servers of a target must have been healthy by now, if nothing has broken it. */
async function pastOf(shift: Shift, target: ShiftTarget): Promise<[string, () => number][]> {
  const { pace, cloud, request } = shift;
  const secondsSince = pace.secondsSince?.bind(pace);
  if (!secondsSince) return [];
  const past: [string, () => number][] = [];
  for (const fleet of (await readFleets(shift)).of(target.targetGroupArn)) {
    const { since, moments } = await cloud.seniority(fleet);
    // A launch says only that it has had the time to become healthy, once that is over.
    const before = since === "ready" ? 0 : request.capacitySeconds;
    for (const [instanceId, moment] of moments) past.push([instanceId, () => secondsSince(moment) - before]);
  }
  return past;
}
