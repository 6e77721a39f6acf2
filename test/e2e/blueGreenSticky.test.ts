import { pair } from "./support/entrance.js";
import { expectPassed, rehearse, step } from "./support/rehearse.js";

const MINUTES = 60_000;
const USERS = 20;
/** Users with cookies who never pause: each answer makes their cookie last longer. */
const load = {
  rate: 200,
  requests: [
    { name: "strangers", path: "/", share: 50 },
    { name: "users", path: "/", users: USERS, share: 40 },
    { name: "long", path: "/slow?seconds=2", users: USERS, share: 5, timeoutSeconds: 30 },
    { name: "testers", path: "/", share: 5, headers: { "x-hitless-preview": "green" } },
  ],
};

test(
  "with stickiness users stay for the window, then the old side is free: a release there loses nothing, and a rollback takes everybody back",
  async () => {
    const outcome = await rehearse(pair, {
      speed: 10,
      load,
      previewed: true,
      config: { live: "blue", blue: "v1", green: "v2", stickiness: { seconds: 60 }, shift: [50, 100] },
      steps: [
        { name: "create", up: "success", sharesOf: { strangers: { v1: 1 }, users: { v1: 1 }, testers: { v2: 1 } } },
        {
          name: "switch to green",
          set: { live: "green" },
          up: "success",
          servers: { healthyAtLeast: 2, atMost: 4 },
          sharesOf: { strangers: { v2: 1 }, users: { v2: 1 }, long: { v2: 1 } },
        },
        {
          name: "release v3 to blue, at once",
          set: { blue: "v3" },
          up: "success",
          versionChanges: 0,
          sharesOf: { strangers: { v2: 1 }, users: { v2: 1 }, testers: { v2: 1 } },
        },
        { name: "switch to v3", set: { live: "blue" }, up: "success", sharesOf: { users: { v3: 1 } } },
        { name: "back to v2", set: { live: "green" }, up: "success", sharesOf: { users: { v2: 1 }, long: { v2: 1 } } },
        { name: "nothing is left to do", up: { expect: "success", changes: "none", refresh: true } },
      ],
    });
    expectPassed(outcome);
    // Once each, and never back and forth: those of "users" and those of "long".
    const { report } = outcome;
    expect(step(report, "switch to green").versionChanges).toBe(2 * USERS);
    expect(outcome.output).toMatch(/users whom a cookie keeps on .* stay there for 60 s/);
  },
  6 * MINUTES,
);
