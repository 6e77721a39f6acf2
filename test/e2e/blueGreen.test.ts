import { pair } from "./support/entrance.js";
import { expectPassed, load, rehearse, step } from "./support/rehearse.js";

const MINUTES = 60_000;
/** A whole environment of two servers stands, and never more than two environments. */
const oneStands = { healthyAtLeast: 2, atMost: 4 };
const verify = [
  { path: "/health", inARow: 3 },
  { path: "/", inARow: 5, latencyMs: 5000 },
];

test(
  "warm: a release, a switch and a rollback, each of them as its preview said, and nothing lost",
  async () => {
    const outcome = await rehearse(pair, {
      speed: 10,
      load,
      previewed: true,
      config: { live: "blue", blue: "v1", green: "v0", verify, maxServers: 4 },
      steps: [
        { name: "create", up: "success", shares: { v1: 1 } },
        { name: "release v2 to green", set: { green: "v2" }, up: "success", shares: { v1: 1 }, servers: oneStands },
        { name: "switch to green", set: { live: "green" }, up: "success", shares: { v2: 1 }, servers: oneStands },
        { name: "roll back to blue", set: { live: "blue" }, up: "success", shares: { v1: 1 }, servers: oneStands },
        // Behind the program's back: what blue carries now, green has to carry as well.
        { name: "blue grows", scale: { group: "shop-blue", to: 4 } },
        {
          name: "switch to as many",
          set: { live: "green" },
          up: "success",
          shares: { v2: 1 },
          servers: { healthyAtLeast: 6, atMost: 8 },
        },
      ],
    });
    expectPassed(outcome);
    expect(outcome.report.requests.appErrors).toBe(0);
    expect(step(outcome.report, "switch to as many").peakServers).toBe(8);
  },
  8 * MINUTES,
);

test(
  "cold: a release starts no server, a switch boots them first, and so does the rollback",
  async () => {
    const outcome = await rehearse(pair, {
      speed: 10,
      load,
      // Tried through ports of its own.
      config: { live: "blue", blue: "v1", green: "v0", idle: "cold", verify, preview: { ports: { blue: 8001, green: 8002 } } }, // biome-ignore format: one line
      steps: [
        { name: "create", up: "success", shares: { v1: 1 }, servers: { atMost: 2 } },
        {
          name: "release v2 to green",
          set: { green: "v2" },
          up: "success",
          shares: { v1: 1 },
          servers: { healthyAtLeast: 2, atMost: 2 },
        },
        { name: "switch to green", set: { live: "green" }, up: "success", shares: { v2: 1 }, servers: oneStands },
        { name: "again, refreshed", up: { expect: "success", changes: "none", refresh: true } },
        { name: "roll back to blue", set: { live: "blue" }, up: "success", shares: { v1: 1 }, servers: oneStands },
        { name: "green warms up", set: { idle: "warm" }, up: "success", shares: { v1: 1 }, servers: oneStands },
      ],
    });
    expectPassed(outcome);
    expect(step(outcome.report, "switch to green").peakServers).toBe(4);
  },
  8 * MINUTES,
);

test(
  "gradual: users move in stages, also onto servers that boot slowly, and back",
  async () => {
    const outcome = await rehearse(pair, {
      speed: 10,
      load,
      config: {
        live: "blue",
        blue: "v1",
        green: "v0",
        shift: [10, 50, 100],
        bakeSeconds: 20,
        idle: "cold",
        verify,
        preview: { cookie: "side" },
        // 40 of AWS's seconds.
        behaviour: { v2: { bootSeconds: 4 } },
      },
      steps: [
        { name: "create", up: "success", shares: { v1: 1 } },
        {
          name: "release v2 to green and switch",
          set: { green: "v2", live: "green" },
          up: "success",
          shares: { v2: 1 },
          servers: oneStands,
        },
        { name: "roll back to blue", set: { live: "blue" }, up: "success", shares: { v1: 1 }, servers: oneStands },
      ],
    });
    expectPassed(outcome);
    expect(outcome.output).toMatch(/weights: .* 90 %.*green \(v2\) 10 %/);
    expect(outcome.output).toMatch(/weights: .* 50 %.*green \(v2\) 50 %/);
  },
  6 * MINUTES,
);
