import fc from "fast-check";
import type { BatchRule } from "../../src/plan/batches.js";
import { batchOf } from "../../src/plan/batches.js";
import { resolvedBounds, rollingUpdate, rollingUpdateOfAny } from "../../src/plan/kubernetesRollout.js";

const rules = fc.record({
  surge: fc.boolean(),
  how: fc.oneof(
    fc.record({ batchSize: fc.integer({ min: 1, max: 1000 }) }),
    fc.record({ batchPercentage: fc.integer({ min: 1, max: 100 }) }),
    fc.constant({}),
  ),
});
const toRule = ({ surge, how }: { surge: boolean; how: object }): BatchRule => ({ surge, ...how });

/** What a rolling update goes through: as many new ones as both bounds allow, then as many old ones away as are spare. */
function fewest(size: number, { surge, unavailable }: { surge: number; unavailable: number }) {
  let [old, fresh, lowest, highest, rounds] = [size, 0, size, size, 0];
  while (fresh < size || old > 0) {
    rounds += 1;
    if (rounds > 2 * size + 2) return { lowest, highest, ended: false };
    old -= Math.min(old, Math.max(0, old + fresh - (size - unavailable)));
    lowest = Math.min(lowest, old + fresh);
    fresh += Math.min(size - fresh, Math.max(0, size + surge - old - fresh));
    highest = Math.max(highest, old + fresh);
  }
  return { lowest, highest, ended: true };
}

describe("a batch as maxSurge and maxUnavailable", () => {
  test("never fewer pods than promised, never more than the batch on top, and it ends", () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: 1, max: 300 }), (given, size) => {
        const rule = toRule(given);
        const surge = rule.surge || size === 1;
        const batch = batchOf(size, { ...rule, surge });
        const seen = fewest(size, resolvedBounds(size, rollingUpdate(size, rule)));
        expect(seen.ended).toBe(true);
        expect(seen.lowest).toBeGreaterThanOrEqual(surge ? size : size - batch);
        expect(seen.lowest).toBeGreaterThanOrEqual(1);
        expect(seen.highest).toBeLessThanOrEqual(surge ? size + batch : size);
      }),
    );
  });

  test("of a size that is known, whole numbers that are not both zero", () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: 0, max: 300 }), (given, size) => {
        const wanted = rollingUpdate(size, toRule(given));
        expect(Number.isInteger(wanted.maxSurge) && Number.isInteger(wanted.maxUnavailable)).toBe(true);
        expect(Number(wanted.maxSurge) + Number(wanted.maxUnavailable)).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  test("of a size that an autoscaler owns, under Kubernetes' rounding: at most one more than asked for", () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: 2, max: 300 }), (given, size) => {
        const rule = toRule(given);
        fc.pre(rule.surge || (rule.batchSize ?? 1) < size);
        const seen = fewest(size, resolvedBounds(size, rollingUpdateOfAny(rule)));
        expect(seen.ended).toBe(true);
        expect(seen.lowest).toBeGreaterThanOrEqual(rule.surge ? size : 1);
        if (rule.batchSize === undefined) {
          const batch = batchOf(size, rule);
          expect(seen.highest).toBeLessThanOrEqual(rule.surge ? size + batch + 1 : size);
          expect(seen.lowest).toBeGreaterThanOrEqual(rule.surge ? size : size - batch);
        }
      }),
    );
  });

  test.each([
    [6, { surge: true, batchSize: 2 }, { maxSurge: 2, maxUnavailable: 0 }],
    [6, { surge: false, batchSize: 2 }, { maxSurge: 0, maxUnavailable: 2 }],
    [1, { surge: false, batchSize: 1 }, { maxSurge: 1, maxUnavailable: 0 }],
    [10, { surge: true }, { maxSurge: 2, maxUnavailable: 0 }],
    [3, { surge: true, batchPercentage: 10 }, { maxSurge: 1, maxUnavailable: 0 }],
    [4, { surge: true, whole: true }, { maxSurge: 0, maxUnavailable: 4 }],
    [0, { surge: true }, { maxSurge: 1, maxUnavailable: 0 }],
  ])("%i pods, %j", (size, rule, expected) => {
    expect(rollingUpdate(size, rule)).toEqual(expected);
  });

  test("Kubernetes' own fence posts: both zero is one unavailable", () => {
    expect(resolvedBounds(3, { maxSurge: 0, maxUnavailable: "1%" })).toEqual({ surge: 0, unavailable: 1 });
    expect(resolvedBounds(3, { maxSurge: "1%", maxUnavailable: "1%" })).toEqual({ surge: 1, unavailable: 0 });
    expect(() => resolvedBounds(3, { maxSurge: "some", maxUnavailable: 0 })).toThrow(RangeError);
  });
});
