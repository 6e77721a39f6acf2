import { type Finding, refusal } from "../../errors/faults.js";
import { type Gate, type GateState, runGate } from "../gate.js";
import { describeUnready } from "../refresh/findings.js";
import { lookAtAlarms, missingAlarm, saying } from "./alarms.js";
import { isHealthy } from "./health.js";
import { describeShares } from "./shares.js";
import type { Shift } from "./shift.js";
import type { ShiftTarget } from "./shiftRequest.js";

/** What AWS's answers may take over the bake's own time. */
const OVERHEAD_SECONDS = 60;

/**
 * Watches a stage for its time: alarms, and the servers of the targets that gain.
 * @param shares what each target group has in this stage, in percent
 */
export async function bake(shift: Shift, shares: ReadonlyMap<string, number>, seconds: number): Promise<void> {
  if (seconds > 0) await runGate(new BakeGate(shift, shares, seconds), shift);
}

class BakeGate implements Gate {
  readonly name = "bake";
  readonly waitsFor: string;
  readonly deadlineSeconds: number;
  readonly #begin: number;
  readonly #stage: string;

  constructor(
    private readonly shift: Shift,
    private readonly shares: ReadonlyMap<string, number>,
    private readonly seconds: number,
  ) {
    this.#stage = describeShares(shares, shift.course.nameOf);
    this.waitsFor = `${seconds} s of ${this.#stage} without an alarm`;
    this.deadlineSeconds = seconds + OVERHEAD_SECONDS;
    this.#begin = shift.pace.now();
  }

  async check(): Promise<GateState> {
    const { request, pace } = this.shift;
    const finding = (await this.#alarm()) ?? (await this.#sick());
    if (finding) return { state: "refused", error: refusal(request.subject, finding) };
    const passed = pace.now() - this.#begin;
    if (passed >= this.seconds) return { state: "passed" };
    return { state: "waiting", progress: `${this.#stage}: watched for ${Math.round(passed)} of ${this.seconds} s` };
  }

  expired(lastProgress: string) {
    return refusal(this.shift.request.subject, {
      code: "HIT350",
      problem: `${this.shift.cloud.balancerWords.name} answers too slowly to watch the new weights (${lastProgress}).`,
      fix: "see to the limits of the account (throttling), then run `pulumi up` again",
    });
  }

  async #alarm(): Promise<Finding | undefined> {
    // On the way back an alarm that rings is the reason for it, and goes on ringing for a while.
    if (this.shift.request.goingBack) return undefined;
    const { ringing, missing } = await lookAtAlarms(this.shift);
    if (missing.length > 0) return missingAlarm(missing);
    if (ringing.length === 0) return undefined;
    return {
      code: "HIT348",
      problem: `with ${this.#stage}, ${ringing.map((alarm) => `alarm "${alarm.name}" went into ALARM${saying(alarm)}`).join("; ")}.`,
      fix: "find out what fails in the new release, mend it, and release it anew",
    };
  }

  /** A target that gains and has lost more than half of the servers that its share needs. */
  async #sick(): Promise<Finding | undefined> {
    const { course, book, demand, cloud } = this.shift;
    const watched = course.gaining.filter((target) => this.#share(target) > 0);
    await book.look(watched.map((target) => target.targetGroupArn));
    for (const target of watched) {
      const needed = demand.need(this.#share(target));
      const healthy = book.healthy(target.targetGroupArn);
      if (healthy * 2 >= needed) continue;
      const unready = book.of(target.targetGroupArn).filter((each) => !isHealthy(each));
      const ids = unready.map((each) => each.instanceId);
      return {
        code: "HIT349",
        problem: `with ${this.#stage}, ${target.label} is down to ${healthy} healthy servers of the ${needed} that its share needs.`,
        fix: "find out why its servers fail under load, mend it, and release it anew",
        ...(ids.length > 0 ? { why: await describeUnready(cloud, ids, unready) } : {}),
      };
    }
    return undefined;
  }

  #share(target: ShiftTarget): number {
    return this.shares.get(target.targetGroupArn) ?? 0;
  }
}
