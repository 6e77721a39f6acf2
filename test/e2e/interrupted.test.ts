import { expectPassed, load, rehearse, rollingFleet } from "./support/rehearse.js";

const MINUTES = 60_000;
const created = { name: "create", set: { version: "v1" }, up: "success" };
const killed = { name: "the engine dies", set: { version: "v2" }, kill: { afterReplaced: 2 } };

test(
  "after kill -9 of the engine in mid-rollout, the next up ends on the wanted release",
  async () => {
    const outcome = await rehearse(rollingFleet, {
      speed: 10,
      load,
      config: { warmupSeconds: 30 },
      steps: [
        created,
        killed,
        { name: "up again", up: "success", shares: { v2: 1 }, servers: { healthyAtLeast: 6, atMost: 8 } },
        { name: "nothing is left to do", up: { expect: "success", changes: "none" } },
      ],
    });
    expectPassed(outcome);
  },
  6 * MINUTES,
);

test.each([
  { whenBusy: "supersede", up: "success", shares: { v3: 1 } },
  { whenBusy: "queue", up: "success", shares: { v3: 1 } },
  { whenBusy: "fail", up: { expect: "refused", reason: "HIT" }, shares: undefined },
])(
  "another release while one rolls out: $whenBusy",
  async ({ whenBusy, up, shares }) => {
    const outcome = await rehearse(rollingFleet, {
      speed: 10,
      load,
      // Long enough that the first rollout still runs when the second `up` begins.
      config: { whenBusy, warmupSeconds: 100 },
      steps: [
        created,
        killed,
        { name: "v3", set: { version: "v3" }, up, ...(shares ? { shares } : {}), servers: { healthyAtLeast: 6 } },
      ],
    });
    expectPassed(outcome);
  },
  8 * MINUTES,
);
