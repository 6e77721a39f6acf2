import { refusal } from "../../errors/faults.js";
import { runGate } from "../gate.js";
import type { Shift } from "./shift.js";

/** A margin over the wait itself, for the clock's sake. */
const MARGIN_SECONDS = 60;

/**
 * Waits until new weights have reached every part of the load balancer (ALB user guide: "Rule updates do not take effect immediately"),
 * so that what has lost its users may go.
 * @param since when the weights were last changed
 */
export async function awaitSpread({ request, pace, ...surroundings }: Shift, since: number): Promise<void> {
  const { spreadSeconds } = request;
  await runGate(
    {
      name: "spread",
      waitsFor: `the weights to spread for ${spreadSeconds} s`,
      deadlineSeconds: spreadSeconds + MARGIN_SECONDS,
      async check() {
        const left = since + spreadSeconds - pace.now();
        if (left <= 0) return { state: "passed" };
        return {
          state: "waiting",
          progress: `new weights spread through the load balancer: ${Math.ceil(left)} s to go`,
        };
      },
      expired: (progress) =>
        refusal(request.subject, { code: "HIT350", problem: `${progress}.`, fix: "run `pulumi up` again" }),
    },
    { ...surroundings, pace },
  );
}
