import { pair } from "./support/entrance.js";
import { expectPassed, load, rehearse } from "./support/rehearse.js";

const MINUTES = 60_000;
const stay = { shares: { v1: 1 }, servers: { healthyAtLeast: 2, atMost: 4 } };
const refused = (reason: string) => ({ expect: "refused", reason });

test(
  "a release that fails gets no user: sick, crashing, or refused by its verification; the next one is taken at once",
  async () => {
    const outcome = await rehearse(pair, {
      speed: 10,
      load,
      config: {
        live: "blue",
        blue: "v1",
        green: "v0",
        startupSeconds: 60,
        verify: [{ path: "/", inARow: 2, deadlineSeconds: 20 }],
        behaviour: { v2: { health: "never" }, v3: { health: "crash" }, v4: { errorPercent: 100 } },
      },
      steps: [
        { name: "create", up: "success", shares: { v1: 1 } },
        { name: "v2 is never healthy", set: { green: "v2" }, up: refused("HIT310"), ...stay },
        {
          name: "v3 crashes at boot",
          set: { green: "v3", live: "green" },
          up: refused("HIT310[^]*crashes at boot on purpose"),
          ...stay,
        },
        {
          name: "v4 answers with errors",
          set: { green: "v4" },
          up: refused("HIT363[^]*status is 500, expected 200"),
          ...stay,
        },
        { name: "the switch is still to come", preview: "changed" },
        { name: "v5, while v4 was being verified", set: { green: "v5" }, up: "success", shares: { v5: 1 } },
      ],
    });
    expectPassed(outcome);
  },
  8 * MINUTES,
);

test(
  "what a pair does not do: a release under its users, and a switch to the version that they have",
  async () => {
    const outcome = await rehearse(pair, {
      speed: 10,
      load,
      config: { live: "blue", blue: "v1", green: "v1" },
      steps: [
        { name: "create", up: "success", shares: { v1: 1 } },
        { name: "to the same version", set: { live: "green" }, up: refused("HIT360"), ...stay },
        { name: "v2 to blue, which is live", set: { live: "blue", blue: "v2" }, up: refused("HIT361"), ...stay },
        { name: "taken back", set: { blue: "v1" }, up: "success", ...stay },
        // The engine dies while v2 takes green, and its owner wants v3 by then.
        { name: "v2 to green, interrupted", set: { green: "v2" }, kill: { afterReplaced: 1 }, ...stay },
        { name: "v3 to green instead", set: { green: "v3" }, up: "success", ...stay },
        { name: "switch to v3", set: { live: "green" }, up: "success", shares: { v3: 1 } },
        { name: "nothing is left to do", up: { expect: "success", changes: "none" } },
      ],
    });
    expectPassed(outcome);
  },
  8 * MINUTES,
);
