import fc from "fast-check";
import { roleTags } from "../../../src/plan/canaryRoles.js";
import { serversFor } from "../../../src/plan/capacity.js";
import { percentOf } from "../../../src/plan/weights.js";
import { rolesIn } from "../../../src/strategies/canaryRelease/versions.js";
import { tg, violations } from "../../gates/shift/fakeEntrance.js";
import type { Versions } from "./programs.js";
import { type Cloud, call, cloudWith, hooksOf, moveEntrance, resize } from "./stage.js";

jest.mock("../../../src/gates/connect.js");
jest.mock("../../../src/gates/pace.js", () => ({
  ...jest.requireActual("../../../src/gates/pace.js"),
  paceFromEnvironment: jest.fn(),
}));

/** Servers that carry all users, in `canaryArgs`. */
const SERVERS = 6;

/** A program: who is stable, who has a share beside it, who is kept. Never more than five in all of a test: ALB's limit. */
const programs = fc
  .record({
    order: fc.shuffledSubarray(["v1", "v2", "v3", "v4", "v5"], { minLength: 1, maxLength: 4 }),
    weights: fc.array(fc.integer({ min: 0, max: 330 }), { minLength: 3, maxLength: 3 }),
    keeps: fc.boolean(),
  })
  .map(({ order, weights, keeps }): Versions => {
    const [stable = "v1", ...rest] = order;
    const previous = keeps ? rest.pop() : undefined;
    const [canary, ...others] = rest.map((version, index) => [version, (weights[index] ?? 0) / 10] as const);
    return { stable, ...(canary ? { canary, others } : {}), ...(previous ? { previous } : {}) };
  });

/** What one `up` does, in the engine's order: the stable group, the others, the entrance, and deletions at the end. */
async function up(cloud: Cloud, versions: Versions): Promise<void> {
  const program = await hooksOf(cloud, versions);
  for (const { release, sizes } of program.versions) {
    const { version } = release;
    const fleet = cloud.fleets.get(version);
    if (!fleet) {
      await call(program.group(version), "beforeCreate");
      cloud.addFleet(version, sizes.desiredCapacity);
    } else if (fleet.desired !== sizes.desiredCapacity) {
      await resize(program, version, fleet.desired, sizes.desiredCapacity);
      const share = percentOf(cloud.action).get(tg(version)) ?? 0;
      // Capacity leaves last: what stays carries what users it has now.
      if (sizes.desiredCapacity < fleet.desired) {
        expect(sizes.desiredCapacity).toBeGreaterThanOrEqual(Math.max(1, serversFor(SERVERS, share - 0.06)));
      }
      cloud.resize(version, sizes.desiredCapacity);
    }
  }
  await moveEntrance(program, cloud);
  cloud.tags = roleTags(rolesIn(program.versions));
  const named = new Set(program.versions.map(({ release }) => release.version));
  for (const version of [...cloud.fleets.keys()]) {
    if (named.has(version)) continue;
    expect(cloud.action.targets.map(({ targetGroupArn }) => targetGroupArn)).not.toContain(tg(version));
    cloud.fleets.delete(version);
  }
  const shares = cloud.shares();
  for (const { release, percent } of program.versions) expect(shares[release.version]).toBeCloseTo(percent, 6);
}

test("whatever the next program is: no weight without health, capacity leaves last, and the shares are the program's", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(programs, { minLength: 1, maxLength: 4 }), async (edits) => {
      const cloud = cloudWith({ v1: SERVERS }, { v1: 100 }, { stable: "v1" });
      for (const versions of edits) {
        cloud.settings.length = 0;
        await up(cloud, versions);
        expect(violations(cloud)).toEqual([]);
        const before = cloud.calls.length;
        await up(cloud, versions); // a second one has nothing to do
        expect(cloud.calls.slice(before)).toEqual([]);
      }
    }),
    { numRuns: 150 },
  );
}, 60_000);
