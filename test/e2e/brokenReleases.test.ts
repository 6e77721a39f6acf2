import { expectPassed, load, rehearse, rollingFleet } from "./support/rehearse.js";

const MINUTES = 60_000;
const broken = [
  { release: "never healthy", health: "never", reason: "HIT310[^]*ever having been healthy" },
  { release: "crashes at boot", health: "crash", reason: "HIT310[^]*crashes at boot on purpose" },
  // One second of the app at speed 10 is ten of AWS's: healthy for a while, and sick within the warm-up.
  { release: "healthy for a moment", health: "for:1", reason: "HIT310" },
];

test(
  "broken releases are refused with AWS's reason, the old one serves all along, and going back touches no server",
  async () => {
    const outcome = await rehearse(rollingFleet, {
      speed: 10,
      load,
      config: { startupSeconds: 60, warmupSeconds: 30 },
      steps: [
        { name: "create", set: { version: "v2" }, up: "success", shares: { v2: 1 } },
        ...broken.flatMap(({ release, health, reason }) => [
          {
            name: `try v3, ${release}`,
            set: { version: "v3", health },
            up: { expect: "refused", reason },
            shares: { v2: 1 },
            servers: { healthyAtLeast: 6, atMost: 8 },
          },
          { name: `v3, ${release}, is still to come`, preview: "changed" },
          // The launch template returns to v2's content under a new number; no server is touched.
          {
            name: `going back from ${release}`,
            set: { version: "v2", health: null },
            up: "success",
            shares: { v2: 1 },
            servers: { healthyAtLeast: 6, atMost: 6 },
          },
          { name: `nothing is left to do after ${release}`, up: { expect: "success", changes: "none" } },
        ]),
      ],
    });
    expectPassed(outcome);
  },
  10 * MINUTES,
);
