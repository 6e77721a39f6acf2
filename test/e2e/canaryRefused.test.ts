import { canaryRelease, expectPassed, load, rehearse, step } from "./support/rehearse.js";

const MINUTES = 60_000;

test(
  "a canary that never gets healthy, and one that fails its users: refused, users are back where they were, and an abort is never held up",
  async () => {
    const outcome = await rehearse(canaryRelease, {
      speed: 10,
      load,
      config: {
        bakeSeconds: 180,
        startupSeconds: 60,
        behaviour: { v2: { health: "never" }, v3: { errorPercent: 60 } },
      },
      steps: [
        { name: "create", set: { stable: "v1" }, up: "success", shares: { v1: 1 } },
        {
          name: "never healthy",
          set: { canary: "v2", weight: 10 },
          up: { expect: "refused", reason: "HIT344" },
          shares: { v1: 1 },
          servers: { healthyAtLeast: 4 },
        },
        {
          name: "fails under load",
          set: { canary: "v3", weight: 10 },
          up: { expect: "refused", reason: "HIT348[^]*weights are back" },
          shares: { v1: 1 },
          servers: { healthyAtLeast: 4 },
        },
        { name: "it is still to come", preview: "changed" },
        {
          name: "abort, while the alarm may ring",
          set: { canary: null, weight: null },
          up: "success",
          shares: { v1: 1 },
        },
        {
          name: "nothing is left",
          up: { expect: "success", changes: "none" },
          servers: { healthyAtLeast: 4, atMost: 4 },
        },
      ],
    });
    expectPassed(outcome);
    const tried = step(outcome.report, "fails under load");
    // Of the canary's tenth six in ten fail: at most its share has seen it.
    expect(tried.appErrors).toBeGreaterThan(0);
    expect(tried.appErrors).toBeLessThan(tried.sent * 0.1);
    expect(step(outcome.report, "never healthy").appErrors).toBe(0);
  },
  6 * MINUTES,
);
