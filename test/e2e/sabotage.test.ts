import { load, rehearse, rollingFleet } from "./support/rehearse.js";

const MINUTES = 60_000;

/** The twins of every zero: the same rollout with one promise broken must lose requests, or the zeros would mean nothing. */
test.each([
  { sabotage: "draining is skipped", faults: { skipDraining: true }, config: {} },
  { sabotage: "weight on dead targets", faults: { ignoreHealth: true }, config: { bootSeconds: 1 } },
])(
  "$sabotage: requests are lost, and the verdict says so",
  async ({ faults, config }) => {
    const { exitCode, report } = await rehearse(rollingFleet, {
      speed: 10,
      load,
      config,
      steps: [
        { name: "create", set: { version: "v1" }, up: "success" },
        { name: "roll", set: { version: "v2" }, faults, up: "success" },
      ],
    });
    expect(report.requests.lost).toBeGreaterThan(0);
    expect(report.verdict).toBe("failed");
    expect(exitCode).toBe(1);
  },
  5 * MINUTES,
);
