import { pair } from "./support/entrance.js";
import { rehearse, step } from "./support/rehearse.js";

const MINUTES = 60_000;

test(
  "somebody else moves weights, scales and pulls a plug; the engine dies after an operation; users with cookies see one version",
  async () => {
    const outcome = await rehearse(pair, {
      speed: 10,
      previewed: true,
      load: {
        rate: 200,
        requests: [
          { name: "strangers", path: "/", share: 80 },
          { name: "users", path: "/", share: 10, users: 20 },
          { name: "testers", path: "/", share: 10, headers: { "x-hitless-preview": "green" } },
        ],
      },
      config: { live: "blue", blue: "v1", green: "v2", stickiness: { seconds: 100 }, maxServers: 6 },
      steps: [
        { name: "create", up: "success", sharesOf: { strangers: { v1: 1 }, testers: { v2: 1 } } },
        { name: "killed", set: { maxServers: 7 }, kill: { afterOperations: 1 } },
        { name: "up again", up: "success", versionChanges: 0, sharesOf: { strangers: { v1: 1 } } },
        {
          name: "weights by hand",
          weights: { to: { "shop-blue": 1, "shop-green": 3 } },
          observeRequests: 1000,
          versionChanges: 0,
          sharesOf: {
            strangers: { v1: { share: 0.25, confidence: 0.999 }, v2: { share: 0.75, confidence: 0.999 } },
            users: { v1: 1 },
          },
        },
        {
          name: "all of them",
          weights: { to: { "shop-blue": 0, "shop-green": 100 } },
          versionChanges: 0,
          sharesOf: { strangers: { v2: 1 }, users: { v1: 1 } },
        },
        {
          name: "and back",
          weights: { to: { "shop-blue": 100, "shop-green": 0 } },
          sharesOf: { strangers: { v1: 1 } },
        },
        { name: "grown", scale: { group: "shop-blue", to: 3 }, servers: { healthyAtLeast: 4 } },
        {
          name: "switch, and a server dies",
          set: { live: "green" },
          up: "success",
          during: [{ after: { weights: 1 }, terminate: { group: "shop-green" } }],
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
    expect(switched.happenings[0]?.done).toMatch(/^i-\w+ of shop-green-\w+ died$/);
    expect(step(report, "killed").operations).toBe(1);
  },
  5 * MINUTES,
);
