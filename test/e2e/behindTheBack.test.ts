import { canary } from "./support/entrance.js";
import { rehearse, step } from "./support/rehearse.js";

const MINUTES = 60_000;

test(
  "somebody else moves weights, scales and pulls a plug; the engine dies after an operation; users with cookies see one version",
  async () => {
    const outcome = await rehearse(canary, {
      speed: 10,
      previewed: true,
      load: {
        rate: 200,
        requests: [
          { name: "strangers", path: "/", share: 80 },
          { name: "users", path: "/", share: 10, users: 20 },
          { name: "testers", path: "/", share: 10, headers: { "x-beta": "v2" } },
        ],
      },
      config: { stable: "v1", canary: "v2", weight: 0, stickySeconds: 100, maxServers: 6 },
      steps: [
        { name: "create", up: "success", sharesOf: { strangers: { v1: 1 }, testers: { v2: 1 } } },
        { name: "killed", set: { maxServers: 7 }, kill: { afterOperations: 1 } },
        { name: "up again", up: "success", versionChanges: 0, sharesOf: { strangers: { v1: 1 } } },
        {
          name: "weights by hand",
          weights: { to: { "shop-v1": 1, "shop-v2": 3 } },
          observeRequests: 1000,
          versionChanges: 0,
          sharesOf: {
            strangers: { v1: { share: 0.25, confidence: 0.999 }, v2: { share: 0.75, confidence: 0.999 } },
            users: { v1: 1 },
          },
        },
        {
          name: "all of them",
          weights: { to: { "shop-v1": 0, "shop-v2": 100 } },
          versionChanges: 0,
          sharesOf: { strangers: { v2: 1 }, users: { v1: 1 } },
        },
        { name: "it shows as a diff", preview: { expect: "changed", refresh: true } },
        {
          name: "and back",
          up: { expect: "success", refresh: true },
          versionChanges: 0,
          sharesOf: { strangers: { v1: 1 }, users: { v1: 1 } },
        },
        { name: "grown", scale: { group: "shop-v1", to: 3 }, servers: { healthyAtLeast: 4 } },
        {
          name: "switch, and a server dies",
          set: { stable: "v2", canary: null, weight: null, previous: "v1" },
          up: "success",
          during: [{ after: { weights: 1 }, terminate: { group: "shop-v2" } }],
          lostAtMost: 200,
          versionChanges: 0,
          sharesOf: { strangers: { v2: 1 } },
        },
      ],
    });
    if (outcome.exitCode !== 0) throw new Error(`the rehearsal failed (${outcome.exitCode}):\n${outcome.output}`);
    const { report } = outcome;
    expect(step(report, "weights by hand").switchSeconds).toBeNull();
    expect(step(report, "all of them").switchSeconds).not.toBeNull();
    const switched = step(report, "switch, and a server dies");
    expect(switched.switchSeconds).not.toBeNull();
    expect(switched.preview?.announced).toBeGreaterThan(0);
    expect(switched.happenings[0]?.done).toMatch(/^i-\w+ of shop-v2-\w+ died$/);
    expect(step(report, "killed").operations).toBe(1);
  },
  5 * MINUTES,
);
