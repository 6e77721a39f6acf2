import fc from "fast-check";
import { type FleetSizes, fleetSizes, type SizeRule } from "../../src/plan/fleetSizes.js";

const whole = fc
  .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }))
  .map(([min, more, room]): FleetSizes => {
    const desiredCapacity = Math.max(1, min + more);
    return { minSize: min, desiredCapacity, maxSize: desiredCapacity + room };
  });
const percents = fc.integer({ min: 0, max: 1000 }).map((tenths) => tenths / 10);
const six = { minSize: 6, desiredCapacity: 6, maxSize: 8 };

test.each<[SizeRule, FleetSizes]>([
  [{ kind: "full" }, six],
  [
    { kind: "matched", percent: 0 },
    { minSize: 1, desiredCapacity: 1, maxSize: 8 },
  ],
  [
    { kind: "matched", percent: 10 },
    { minSize: 1, desiredCapacity: 1, maxSize: 8 },
  ],
  [
    { kind: "matched", percent: 16.7 },
    { minSize: 2, desiredCapacity: 2, maxSize: 8 },
  ],
  [
    { kind: "matched", percent: 50 },
    { minSize: 3, desiredCapacity: 3, maxSize: 8 },
  ],
  [{ kind: "matched", percent: 100 }, six],
  [
    { kind: "given", servers: 2 },
    { minSize: 2, desiredCapacity: 2, maxSize: 8 },
  ],
  [
    { kind: "given", servers: 9 },
    { minSize: 9, desiredCapacity: 9, maxSize: 9 },
  ],
])("%p of six servers", (rule, sizes) => {
  expect(fleetSizes(six, rule)).toEqual(sizes);
});

test("where an autoscaler may go down to nobody, a small share may too", () => {
  const scaled = { minSize: 0, desiredCapacity: 4, maxSize: 20 };
  expect(fleetSizes(scaled, { kind: "matched", percent: 10 })).toEqual({ ...scaled, desiredCapacity: 1 });
});

test("matched sizes are in order, carry the share, and grow with it", () => {
  fc.assert(
    fc.property(whole, percents, percents, (sizes, one, other) => {
      const [less, more] = [Math.min(one, other), Math.max(one, other)];
      const small = fleetSizes(sizes, { kind: "matched", percent: less });
      const large = fleetSizes(sizes, { kind: "matched", percent: more });
      for (const each of [small, large]) {
        expect(each.minSize).toBeLessThanOrEqual(each.desiredCapacity);
        expect(each.desiredCapacity).toBeLessThanOrEqual(each.maxSize);
        expect(each.desiredCapacity).toBeGreaterThanOrEqual(1);
      }
      // In whole tenths: 29 % of 100 servers is not 29 in floating point.
      expect(large.desiredCapacity * 1000).toBeGreaterThanOrEqual(sizes.desiredCapacity * Math.round(more * 10));
      expect(large.desiredCapacity).toBeGreaterThanOrEqual(small.desiredCapacity);
      expect(large.desiredCapacity).toBeLessThanOrEqual(sizes.desiredCapacity);
    }),
  );
});
