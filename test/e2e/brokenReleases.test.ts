import { expectPassed, load, rehearse, rollingFleet } from "./support/rehearse.js";

const MINUTES = 60_000;

test.each([
  { release: "never healthy", health: "never", reason: "HIT310[^]*ever having been healthy" },
  { release: "crashes at boot", health: "crash", reason: "HIT310[^]*crashes at boot on purpose" },
  // One second of the app at speed 10 is ten of AWS's: healthy for a while, and sick within the warm-up.
  { release: "healthy for a moment", health: "for:1", reason: "HIT310" },
])(
  "$release: refused with AWS's reason, the old release serves all along, and going back touches no server",
  async ({ health, reason }) => {
    const outcome = await rehearse(rollingFleet, {
      speed: 10,
      load,
      config: { startupSeconds: 60, warmupSeconds: 30 },
      steps: [
        { name: "create", set: { version: "v2" }, up: "success", shares: { v2: 1 } },
        {
          name: "try v3",
          set: { version: "v3", health },
          up: { expect: "refused", reason },
          shares: { v2: 1 },
          servers: { healthyAtLeast: 6, atMost: 8 },
        },
        { name: "v3 is still to come", preview: "changed" },
        // The launch template returns to v2's content under a new number; no server is touched.
        {
          name: "going back",
          set: { version: "v2", health: null },
          up: "success",
          shares: { v2: 1 },
          servers: { healthyAtLeast: 6, atMost: 6 },
        },
        { name: "nothing is left to do", up: { expect: "success", changes: "none" } },
      ],
    });
    expectPassed(outcome);
  },
  6 * MINUTES,
);
