import type { CloudSnapshot } from "../../src/rehearsal/cloud/snapshot.js";
import { sharesIn } from "./support/entrance.js";
import { LiveProgram } from "./support/liveProgram.js";
import { canaryRelease } from "./support/rehearse.js";

const MINUTES = 60_000;

/** The servers of a version that are in service. */
function serversOf(version: string, snapshot: CloudSnapshot): string[] {
  return snapshot.groups
    .filter(({ name }) => name.startsWith(`shop-${version}`))
    .flatMap(({ instances }) => instances)
    .filter(({ lifecycleState }) => lifecycleState === "InService")
    .map(({ instanceId }) => instanceId)
    .sort();
}

test(
  "a promotion does not redeploy: the canary's servers are the stable version's afterwards",
  async () => {
    const program = await LiveProgram.start({
      program: canaryRelease,
      speed: 20,
      load: { rate: 100, requests: [{ path: "/" }] },
      config: { stable: "v1", steps: [100], bakeSeconds: 0 },
    });
    try {
      await program.mustUp("create");
      program.set({ canary: "v2", weight: 100 });
      await program.mustUp("the canary has everybody");
      const before = await program.samples.next();
      program.set({ stable: "v2", canary: null, weight: null });
      await program.mustUp("promote");
      const after = await program.samples.next();
      expect(serversOf("v2", before)).toHaveLength(4);
      expect(serversOf("v2", after)).toEqual(serversOf("v2", before));
      expect(serversOf("v1", after)).toEqual([]);
      expect(sharesIn(after)).toEqual({ v2: 100 });
      expect((await program.stopLoad()).lost).toBe(0);
    } finally {
      await program.close();
    }
  },
  4 * MINUTES,
);
