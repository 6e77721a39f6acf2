import { pair } from "./support/entrance.js";
import { load, rehearse } from "./support/rehearse.js";

const MINUTES = 60_000;

test(
  "a throttled API, weights that spread slowly, a server that dies in mid-switch, and a release that fails under load",
  async () => {
    const outcome = await rehearse(pair, {
      speed: 10,
      load,
      config: {
        live: "blue",
        blue: "v1",
        green: "v0",
        alarm: true,
        shift: [20, 100],
        bakeSeconds: 10,
        behaviour: { v4: { errorPercent: 60 } },
      },
      steps: [
        { name: "create", up: "success", shares: { v1: 1 } },
        {
          name: "v2, with 30 % of the calls throttled and weights that take 5 s to spread",
          set: { green: "v2", live: "green" },
          faults: { throttleShare: 0.3, propagationSeconds: 5 },
          up: "success",
          shares: { v2: 1 },
          servers: { healthyAtLeast: 2 },
        },
        {
          name: "v3, one of whose servers dies when it has just got users",
          set: { blue: "v3", live: "blue", bakeSeconds: 60 },
          faults: {},
          during: [{ after: { weights: 1 }, terminate: { group: "shop-blue", count: 1 } }],
          up: "success",
          shares: { v3: 1 },
          // What that server had begun when it died.
          lostAtMost: 30,
        },
        {
          name: "v4, which answers with errors under load",
          set: { green: "v4", live: "green", bakeSeconds: 300 },
          up: { expect: "refused", reason: "HIT348" },
          shares: { v3: 1 },
        },
        { name: "back to v3 for good", set: { live: "blue", green: "v2" }, up: "success", shares: { v3: 1 } },
      ],
    });
    if (outcome.report.verdict !== "passed") throw new Error(outcome.output);
    expect(outcome.report.requests.lost).toBeLessThanOrEqual(30);
  },
  8 * MINUTES,
);
