import { pair } from "./support/entrance.js";
import { load, rehearse } from "./support/rehearse.js";

const MINUTES = 60_000;

/** The twins of every zero: the same switch with one promise broken must lose requests, or the zeros would mean nothing. */
test(
  "draining is skipped where the old side cools down: requests are lost, and the verdict says so",
  async () => {
    const { exitCode, report } = await rehearse(pair, {
      speed: 10,
      load,
      config: { live: "blue", blue: "v1", green: "v2", idle: "cold", spreadSeconds: 0 },
      steps: [
        { name: "create", up: "success" },
        // New weights take a while to spread, nobody waits for it, and servers that leave finish nothing.
        {
          name: "switch",
          set: { live: "green" },
          faults: { skipDraining: true, propagationSeconds: 20 },
          up: "success",
        },
      ],
    });
    expect(report.requests.lost).toBeGreaterThan(0);
    expect(report.verdict).toBe("failed");
    expect(exitCode).toBe(1);
  },
  5 * MINUTES,
);

test(
  "with stickiness, the old side gets a release while the load balancer still leads cookies there: requests are lost, and the verdict says so",
  async () => {
    const { exitCode, report } = await rehearse(pair, {
      speed: 10,
      load: { rate: 200, requests: [{ path: "/", users: 20 }] },
      config: { live: "blue", blue: "v1", green: "v2", stickiness: { seconds: 20 }, spreadSeconds: 0 },
      steps: [
        { name: "create", up: "success" },
        // What takes the old side out of the entrance is on its way for longer than the program waits.
        {
          name: "switch, and v3 to the old side",
          set: { live: "green", blue: "v3" },
          faults: { propagationSeconds: 100 },
          up: "success",
        },
      ],
    });
    expect(report.requests.lost).toBeGreaterThan(0);
    expect(report.verdict).toBe("failed");
    expect(exitCode).toBe(1);
  },
  5 * MINUTES,
);

test(
  "somebody gives the weight to a cold side by hand: requests are lost, and the verdict says so",
  async () => {
    const { exitCode, report } = await rehearse(pair, {
      speed: 10,
      load,
      config: { live: "blue", blue: "v1", green: "v2" },
      steps: [
        { name: "create", up: "success" },
        { name: "green is emptied", scale: { group: "shop-green", to: 0 } },
        { name: "and gets the users", weights: { to: { "shop-blue": 0, "shop-green": 100 } } },
      ],
    });
    expect(report.requests.lost).toBeGreaterThan(0);
    expect(report.verdict).toBe("failed");
    expect(exitCode).toBe(1);
  },
  5 * MINUTES,
);
