import fc from "fast-check";
import { HitlessError } from "../../../src/errors/index.js";
import { shiftWeights } from "../../../src/gates/shift/shiftWeights.js";
import { FakeEntrance, tg } from "./fakeEntrance.js";
import { expectHealth, lostFrom, shiftOf } from "./shifting.js";

const NAMES = ["a", "b", "c", "d"] as const;

/** Shares in tenths of a percent that add up to the whole; some have none. */
const shares = fc
  .array(fc.integer({ min: 0, max: 10 }), { minLength: NAMES.length, maxLength: NAMES.length })
  .filter((parts) => parts.some((part) => part > 0))
  .map((parts) => {
    const sum = parts.reduce((total, part) => total + part, 0);
    const tenths = parts.map((part) => Math.floor((1000 * part) / sum));
    const largest = tenths.indexOf(Math.max(...tenths));
    tenths[largest] = (tenths[largest] as number) + 1000 - tenths.reduce((total, part) => total + part, 0);
    return tenths.map((part) => part / 10);
  });

const happening = fc.record({
  at: fc.integer({ min: 0, max: 200 }),
  fleet: fc.constantFrom(...NAMES),
  what: fc.constantFrom("sicken", "heal", "grow", "shrink", "alarm") as fc.Arbitrary<
    "sicken" | "heal" | "grow" | "shrink" | "alarm"
  >,
});

const world = fc.record({
  present: shares,
  wanted: shares,
  sizes: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: NAMES.length, maxLength: NAMES.length }),
  maxSize: fc.integer({ min: 4, max: 12 }),
  bootSeconds: fc.integer({ min: 0, max: 40 }),
  stages: fc.constantFrom([100], [10, 50, 100], [33, 100]),
  bakeSeconds: fc.constantFrom(0, 20),
  leaveAfterSeconds: fc.constantFrom(0, 20),
  happenings: fc.array(happening, { maxLength: 8 }),
  lostFrom: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
});

test("whatever happens: no share without health, and an end in time that tells the truth", async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ present, wanted, sizes, maxSize, bootSeconds, happenings, ...more }) => {
      const cloud = new FakeEntrance();
      cloud.alarmStates.set("errors", "OK");
      NAMES.forEach((name, index) => {
        cloud.addFleet(name, Math.min(maxSize, sizes[index] as number), { maxSize, bootSeconds });
      });
      const listed = NAMES.map((name, index) => [name, present[index] as number] as const);
      cloud.begin(Object.fromEntries(listed.filter(([, share]) => share > 0)));
      const begun = cloud.shares();
      for (const { at, fleet, what } of happenings) {
        const size = cloud.fleets.get(fleet)?.desired ?? 0;
        cloud.at(at, () => {
          if (what === "sicken") cloud.sicken(fleet, 2);
          else if (what === "heal") cloud.heal(fleet);
          else if (what === "grow") cloud.resize(fleet, Math.min(maxSize, size + 3));
          else if (what === "shrink") cloud.resize(fleet, Math.max(0, size - 2));
          else cloud.alarmStates.set("errors", "ALARM");
        });
      }
      const goal = Object.fromEntries(
        NAMES.map((name, index) => [name, wanted[index] as number] as const).filter(([, share]) => share > 0),
      );
      const { context } = shiftOf(cloud, goal, {
        stages: more.stages,
        bakeSeconds: more.bakeSeconds,
        stickinessSeconds: 60,
        leaveAfterSeconds: more.leaveAfterSeconds,
        alarmNames: ["errors"],
        known: new Map(Object.entries(begun).map(([name, share]) => [tg(name), share])),
      });
      const assertWatched = more.lostFrom === undefined ? context.assertWatched : lostFrom(more.lostFrom);
      const error = await shiftWeights({ ...context, assertWatched }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expectHealth(cloud);
      expect(cloud.now).toBeLessThan(1500);
      if (error === undefined) {
        expect(cloud.shares()).toEqual(goal);
        return;
      }
      if (!(error instanceof HitlessError)) throw error;
      if (error.codes.includes("HIT330") || /so the weights stay at/.test(error.message)) return;
      for (const [name, share] of Object.entries(cloud.shares()))
        expect(share).toBeCloseTo(begun[name] ?? Number.NaN, 6);
      expect(Object.keys(cloud.shares())).toEqual(Object.keys(begun));
    }),
    { numRuns: 400 },
  );
});
