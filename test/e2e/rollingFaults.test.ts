import { rolling } from "./support/entrance.js";
import { load, rehearse, step } from "./support/rehearse.js";

const MINUTES = 60_000;

test(
  "RollingFleet: slow to boot with a throttled API, a server that dies on the way, and a release that fails under load",
  async () => {
    const dies = "v3, one of whose servers dies on the way";
    const outcome = await rehearse(rolling, {
      speed: 10,
      load,
      config: {
        servers: 3,
        maxServers: 5,
        warmupSeconds: 10,
        alarm: true,
        // 40 of AWS's seconds.
        behaviour: { v2: { bootSeconds: 4 }, v4: { errorPercent: 60 } },
      },
      steps: [
        { name: "create", set: { version: "v1" }, up: "success", shares: { v1: 1 } },
        {
          name: "v2 boots slowly, with 30 % of the calls throttled, and what is registered takes 5 s to spread",
          set: { version: "v2" },
          faults: { throttleShare: 0.3, propagationSeconds: 5 },
          up: "success",
          shares: { v2: 1 },
          servers: { healthyAtLeast: 3, atMost: 4 },
        },
        {
          name: dies,
          set: { version: "v3" },
          faults: {},
          during: [{ after: { operations: 1 }, terminate: { group: "shop", afterSeconds: 20 } }],
          up: "success",
          shares: { v3: 1 },
          servers: { healthyAtLeast: 2 },
          // What it had begun, and what was sent there until the load balancer knew.
          lostAtMost: 150,
        },
        {
          name: "v4, which answers with errors under load",
          set: { version: "v4", bakeSeconds: 300 },
          up: { expect: "refused", reason: "HIT31\\d[^]*[Aa]larm" },
          shares: { v3: 1 },
          servers: { healthyAtLeast: 3 },
        },
        { name: "back to v3 for good", set: { version: "v3", bakeSeconds: 0 }, up: "success", shares: { v3: 1 } },
        { name: "nothing is left to do", up: { expect: "success", changes: "none", refresh: true } },
      ],
    });
    if (outcome.exitCode !== 0) throw new Error(`the rehearsal failed (${outcome.exitCode}):\n${outcome.output}`);
    const { report } = outcome;
    expect(report.requests.lost).toBe(step(report, dies).lost);
    expect(report.requests.sent).toBeGreaterThan(5000);
  },
  8 * MINUTES,
);
