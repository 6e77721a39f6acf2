import fc from "fast-check";
import { World } from "./world.js";

interface Case {
  readonly size: number;
  readonly min: number;
  readonly spread: number | undefined;
  readonly rounding: "floor" | "nearest" | "ceil";
  readonly boot: number;
  readonly healthy: number;
  readonly warmup: number;
  readonly drain: number;
}

const aCase: fc.Arbitrary<Case> = fc.record({
  size: fc.integer({ min: 1, max: 40 }),
  min: fc.integer({ min: 0, max: 100 }),
  spread: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
  rounding: fc.constantFrom("floor", "nearest", "ceil"),
  boot: fc.integer({ min: 0, max: 20 }),
  healthy: fc.integer({ min: 0, max: 20 }),
  warmup: fc.integer({ min: 0, max: 60 }),
  drain: fc.integer({ min: 0, max: 300 }),
});

/** The bounds in the words of the documentation, written down a second time. */
function documentedBounds(one: Case, max: number | undefined): { low: number; high: number } {
  let low = Math.ceil((one.size * one.min) / 100);
  const exact = (one.size * (max ?? 100)) / 100;
  let high =
    one.rounding === "floor" ? Math.floor(exact) : one.rounding === "ceil" ? Math.ceil(exact) : Math.round(exact);
  const impossible = low === one.size && high === one.size;
  if (impossible && (max !== undefined || one.min === 100)) high = one.size + 1;
  else if (impossible) low = one.size - 1;
  return { low, high };
}

/** Old instances count as they serve; new ones once healthy and warm. */
function readyCount(world: World, warmup: number, now: number): number {
  return world.healthy().filter((one) => {
    if (one.launchTemplateVersion === "1") return true;
    // Boot time is the same for all, so that InService follows from the launch.
    return now >= one.launchedAt + ((world.compute.behaviours.get("2")?.boot as number) + warmup) * 1000;
  }).length;
}

jest.setTimeout(60_000);

describe("for any size and percentages, a refresh", () => {
  it("keeps both bounds at every moment, and ends", async () => {
    await fc.assert(
      fc.asyncProperty(aCase, async (one) => {
        const max = one.spread === undefined ? undefined : Math.min(200, Math.max(100, one.min + one.spread));
        const world = new World({ maxHealthyRounding: one.rounding });
        await world.steadyGroup(one.size);
        world.behave(2, { boot: one.boot, healthy: one.healthy });
        world.targets.drainSeconds = one.drain;
        const { low, high } = documentedBounds(one, max);
        const broken: string[] = [];
        world.clock.settled = () => {
          const ready = readyCount(world, one.warmup, world.clock.now());
          const active = world.active().length;
          if (ready < low || active > high)
            broken.push(`${ready} ready (least ${low}), ${active} active (most ${high})`);
        };
        await world.refresh({
          MinHealthyPercentage: one.min,
          ...(max === undefined ? {} : { MaxHealthyPercentage: max }),
          InstanceWarmup: one.warmup,
        });
        await world.untilStatus("Successful");
        expect(broken).toEqual([]);
        expect(world.versions()).toEqual({ "2": one.size });
        await world.cloud.close();
      }),
      { numRuns: 150 },
    );
  });

  it("takes no more rounds than the bounds demand, and never waits for a drain", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), async (size, batch) => {
        fc.pre(batch <= size);
        const world = new World();
        await world.steadyGroup(size);
        world.targets.drainSeconds = 300;
        const started = world.clock.now();
        await world.refresh({
          MinHealthyPercentage: 100,
          MaxHealthyPercentage: Math.ceil((100 * (size + batch)) / size),
        });
        await world.untilStatus("Successful");
        const rounds = Math.ceil(size / batch);
        expect((world.clock.now() - started) / 1000).toBeLessThanOrEqual(rounds * 10);
        await world.cloud.close();
      }),
      { numRuns: 40 },
    );
  });

  it("that fails rolls back to the old version within the same bounds", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 100 }),
        fc.constantFrom<"never" | "failing" | number>("never", "failing", 5),
        fc.integer({ min: 0, max: 90 }),
        async (size, min, healthy, patience) => {
          const world = new World();
          await world.steadyGroup(size);
          world.behave(2, { healthy });
          const low = Math.ceil((size * min) / 100);
          let fewest = size;
          world.clock.settled = () => {
            fewest = Math.min(fewest, world.healthy().length);
          };
          await world.refresh({
            MinHealthyPercentage: min,
            MaxHealthyPercentage: Math.max(100, Math.min(200, min + 50)),
          });
          await world.clock.advance(patience);
          if (world.status() === "Successful") return;
          await world.call("RollbackInstanceRefresh", { AutoScalingGroupName: "web" });
          await world.untilStatus("RollbackSuccessful");
          expect(fewest).toBeGreaterThanOrEqual(low);
          expect(world.versions()).toEqual({ "1": size });
          expect((await world.describe()).LaunchTemplate?.Version).toBe("1");
          await world.cloud.close();
        },
      ),
      { numRuns: 80 },
    );
  });
});
