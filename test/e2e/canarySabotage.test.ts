import { canaryRelease, load, rehearse } from "./support/rehearse.js";

const MINUTES = 60_000;

test(
  "the twin of every zero: weights that take longer to spread than the program waits for lose requests, and the verdict says so",
  async () => {
    const { exitCode, report } = await rehearse(canaryRelease, {
      speed: 10,
      load,
      config: { bakeSeconds: 0, steps: [50] },
      steps: [
        { name: "create", set: { stable: "v1" }, up: "success" },
        { name: "a half", set: { canary: "v2", weight: 50 }, up: "success" },
        { name: "promote", set: { stable: "v2", canary: null }, faults: { propagationSeconds: 600 }, up: "success" },
      ],
    });
    expect(report.requests.lost).toBeGreaterThan(0);
    expect(report.verdict).toBe("failed");
    expect(exitCode).toBe(1);
  },
  4 * MINUTES,
);
