import fc from "fast-check";
import { effectiveBounds } from "../../../../src/rehearsal/cloud/autoscaling/refresh/bounds.js";
import { planStep } from "../../../../src/rehearsal/cloud/autoscaling/refresh/plan.js";

describe("the bounds of a refresh", () => {
  it.each([
    // desired, min, max, max given, rounding → minHealthy, maxTotal
    [10, 90, 100, false, "floor", 9, 10],
    [10, 85, 100, false, "floor", 9, 10], // the minimum is rounded up
    [6, 66, 100, true, "floor", 4, 6],
    [6, 100, 134, true, "floor", 6, 8],
    [6, 100, 134, true, "ceil", 6, 9],
    [6, 100, 120, true, "floor", 6, 7],
    [6, 100, 120, true, "ceil", 6, 8],
    [6, 100, 125, true, "nearest", 6, 8],
    [10, 100, 110, true, "ceil", 10, 11], // binary fractions do not make it 12
    [5, 90, 100, false, "floor", 4, 5], // nothing fits: the maximum was omitted, so one goes and one comes
    [5, 90, 100, true, "floor", 5, 6], // nothing fits: the maximum was given, so one comes first
    [5, 100, 100, false, "floor", 5, 6], // a minimum of 100 launches first, whatever the maximum
    [1, 90, 100, false, "floor", 0, 1],
    [1, 100, 100, true, "floor", 1, 2],
    [0, 90, 100, false, "floor", 0, 0],
  ] as const)(
    "of %i with min %i, max %i (given: %s, %s) are %i and %i [B-34, B-35, B-36, B-37]",
    (desired, min, max, maxGiven, rounding, low, high) => {
      const bounds = effectiveBounds(desired, { min, max, maxGiven }, rounding);
      if (desired > 0) expect(bounds).toEqual({ minHealthy: low, maxTotal: high });
      else expect(bounds.minHealthy).toBe(0);
    },
  );
});

describe("the plan of one moment", () => {
  const input = fc.record({
    desired: fc.integer({ min: 0, max: 40 }),
    minHealthy: fc.integer({ min: 0, max: 40 }),
    extra: fc.integer({ min: 0, max: 40 }),
    kept: fc.integer({ min: 0, max: 60 }),
    ready: fc.integer({ min: 0, max: 60 }),
    broken: fc.integer({ min: 0, max: 10 }),
    coming: fc.integer({ min: 0, max: 10 }),
    serving: fc.integer({ min: 0, max: 40 }),
    allowance: fc.integer({ min: 0, max: 60 }),
  });

  it("never takes healthy instances below the minimum nor launches beyond the maximum", () => {
    fc.assert(
      fc.property(input, (one) => {
        const minHealthy = Math.min(one.minHealthy, one.desired);
        const maxTotal = one.desired + one.extra;
        const keptReady = Math.min(one.kept, one.ready);
        const { broken, coming, serving } = one;
        const plan = planStep({ ...one, minHealthy, maxTotal, keptReady, old: { broken, coming, serving } });
        const healthy = keptReady + serving;
        expect(plan.broken).toBeLessThanOrEqual(broken);
        expect(plan.coming).toBeLessThanOrEqual(coming);
        if (plan.serving > 0) expect(healthy - plan.serving).toBeGreaterThanOrEqual(minHealthy);
        expect(plan.serving).toBeLessThanOrEqual(serving);
        const total = one.kept + broken + coming + serving - plan.broken - plan.coming - plan.serving;
        if (plan.launch > 0) expect(total + plan.launch).toBeLessThanOrEqual(maxTotal);
        expect(Math.min(plan.broken, plan.coming, plan.serving, plan.launch)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });
});
