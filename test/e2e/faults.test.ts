import { canary, pair } from "./support/entrance.js";
import { load, type Outcome, rehearse, step } from "./support/rehearse.js";

const MINUTES = 60_000;

/** The faults that the strategies' own tests leave out: capacity that comes late, goes early, or may not go yet. */
test(
  "BlueGreenPair: weights spread slowly while the old side cools down; a server dies when it is ready and has no users yet",
  async () => {
    const dies = "a server of v3 dies before it has users";
    const outcome = await rehearse(pair, {
      speed: 10,
      load,
      config: { live: "blue", blue: "v1", green: "v2", idle: "cold" },
      steps: [
        { name: "create", up: "success", shares: { v1: 1 } },
        {
          name: "switch, and the old side cools down",
          set: { live: "green" },
          faults: { propagationSeconds: 5 },
          up: "success",
          shares: { v2: 1 },
        },
        { name: "blue wakes", set: { idle: "warm" }, faults: {}, up: "success", shares: { v2: 1 } },
        {
          name: dies,
          // Users wait until its successor has been healthy for as long.
          set: { blue: "v3", live: "blue", warmupSeconds: 40 },
          during: [{ after: { operations: 2 }, terminate: { group: "shop-blue" } }],
          up: "success",
          shares: { v3: 1 },
          servers: { healthyAtLeast: 2 },
        },
        { name: "nothing is left to do", up: { expect: "success", changes: "none", refresh: true } },
      ],
    });
    expectFaultsBorne(outcome);
    expect(outcome.report.requests.lost).toBe(0);
    expect(step(outcome.report, dies).happenings[0]?.problem).toBe("");
  },
  8 * MINUTES,
);

test(
  "CanaryRelease: crashing, slow to boot, a server that dies on the way, and an abort with a throttled API and slow weights",
  async () => {
    const dies = "a server of v3 dies on the way to half of the users";
    const outcome = await rehearse(canary, {
      speed: 10,
      load,
      config: {
        stable: "v1",
        servers: 3,
        startupSeconds: 60,
        behaviour: { v2: { health: "crash" }, v3: { bootSeconds: 3 } },
      },
      steps: [
        { name: "create", up: "success", shares: { v1: 1 } },
        {
          name: "v2 crashes at boot",
          set: { canary: "v2", weight: 20 },
          up: { expect: "refused", reason: "HIT344[^]*crashes at boot on purpose" },
          shares: { v1: 1 },
        },
        { name: "v3 boots slowly", set: { canary: "v3" }, up: "success", shares: { v1: 0.8, v3: 0.2 }, tolerance: 0.1 },
        {
          name: dies,
          set: { weight: 50 },
          during: [{ after: { operations: 1 }, terminate: { group: "shop-v3" } }],
          up: "success",
          shares: { v1: 0.5, v3: 0.5 },
          tolerance: 0.1,
          // What it had begun, and what was sent there until the load balancer knew.
          lostAtMost: 150,
        },
        {
          name: "v3 is taken back",
          set: { canary: null },
          faults: { throttleShare: 0.3, propagationSeconds: 5 },
          up: "success",
          shares: { v1: 1 },
        },
        { name: "nothing is left to do", faults: {}, up: { expect: "success", changes: "none", refresh: true } },
      ],
    });
    expectFaultsBorne(outcome);
    const died = step(outcome.report, dies);
    expect(died.happenings[0]?.problem).toBe("");
    expect(outcome.report.requests.lost).toBe(died.lost);
  },
  8 * MINUTES,
);

function expectFaultsBorne({ exitCode, report, output }: Outcome): void {
  if (exitCode !== 0 || report.verdict !== "passed") throw new Error(`the rehearsal failed (${exitCode}):\n${output}`);
  // A zero among few requests would mean little.
  expect(report.requests.sent).toBeGreaterThan(5000);
}
