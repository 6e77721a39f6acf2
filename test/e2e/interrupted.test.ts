import { expectPassed, load, rehearse, rollingFleet } from "./support/rehearse.js";

const MINUTES = 60_000;
const created = { name: "create", set: { version: "v1" }, up: "success" };
/** A preview takes seconds, and what the killed engine has begun would be over by then. */
const atOnce = { previewed: false };
const killed = { name: "the engine dies", set: { version: "v2" }, kill: { afterReplaced: 2 } };

test(
  "after kill -9 of the engine in mid-rollout, the next up ends on the wanted release",
  async () => {
    const outcome = await rehearse(rollingFleet, {
      speed: 10,
      load,
      // Long enough that the rollout still runs when the next `up` begins.
      config: { warmupSeconds: 80 },
      steps: [
        created,
        killed,
        { name: "up again", ...atOnce, up: "success", shares: { v2: 1 }, servers: { healthyAtLeast: 6, atMost: 8 } },
        { name: "nothing is left to do", up: { expect: "success", changes: "none" } },
      ],
    });
    expectPassed(outcome);
    expect(outcome.output).toMatch(/joining the rollout to v2 that is already running/);
  },
  6 * MINUTES,
);

test(
  "another release while one rolls out: it supersedes, it queues, or it is refused",
  async () => {
    const stays = { ...atOnce, servers: { healthyAtLeast: 6 } };
    const dies = (version: string, whenBusy: string) => ({
      name: `the engine dies while ${version} rolls out`,
      set: { version, whenBusy },
      kill: { afterReplaced: 2 },
    });
    const outcome = await rehearse(rollingFleet, {
      speed: 10,
      load,
      // As above.
      config: { warmupSeconds: 80 },
      steps: [
        created,
        dies("v2", "supersede"),
        { name: "v3 supersedes it", set: { version: "v3" }, up: "success", shares: { v3: 1 }, ...stays },
        dies("v4", "queue"),
        { name: "v5 queues behind it", set: { version: "v5" }, up: "success", shares: { v5: 1 }, ...stays },
        dies("v6", "fail"),
        { name: "v7 is refused", set: { version: "v7" }, up: { expect: "refused", reason: "HIT303" }, ...stays },
      ],
    });
    expectPassed(outcome);
    expect(outcome.output).toMatch(/stopping the rollout that is running \(\S+\) in favour of v3/);
    expect(outcome.output).toMatch(/waiting for the rollout that is running \(\S+\) before v5/);
  },
  8 * MINUTES,
);
