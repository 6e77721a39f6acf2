import { expectPassed, load, rehearse, rollingFleet, step } from "./support/rehearse.js";

const MINUTES = 60_000;

test(
  "with surge: never fewer than all servers, at most a batch more, nothing lost, and nothing to do afterwards",
  async () => {
    const outcome = await rehearse(rollingFleet, {
      speed: 10,
      load,
      steps: [
        { name: "create", set: { version: "v1" }, up: "success", shares: { v1: 1 } },
        {
          name: "roll",
          set: { version: "v2" },
          up: "success",
          shares: { v2: 1 },
          servers: { healthyAtLeast: 6, atMost: 8 },
        },
        { name: "again", up: { expect: "success", changes: "none" } },
        { name: "again, refreshed", up: { expect: "success", changes: "none", refresh: true } },
        {
          name: "roll back",
          set: { version: "v1" },
          up: "success",
          shares: { v1: 1 },
          servers: { healthyAtLeast: 6, atMost: 8 },
        },
      ],
    });
    expectPassed(outcome);
    expect(outcome.report.requests.appErrors).toBe(0);
    expect(step(outcome.report, "roll").peakServers).toBe(8);
  },
  6 * MINUTES,
);

test(
  "without surge: no extra server, never fewer than all but a batch, nothing lost",
  async () => {
    const outcome = await rehearse(rollingFleet, {
      speed: 10,
      load,
      destroy: true,
      config: { surge: false },
      steps: [
        { name: "create", set: { version: "v1" }, up: "success" },
        {
          name: "roll",
          set: { version: "v2" },
          up: "success",
          shares: { v2: 1 },
          servers: { healthyAtLeast: 4, atMost: 6 },
        },
      ],
    });
    expectPassed(outcome);
    expect(step(outcome.report, "roll").peakServers).toBe(6);
  },
  5 * MINUTES,
);
