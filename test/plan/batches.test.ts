import fc from "fast-check";
import { batchOf, defaultToleratedFailures, roundsOf } from "../../src/plan/batches.js";

describe("batchOf", () => {
  test.each([
    [6, { batchSize: 2, surge: true }, 2],
    [1, { batchSize: 2, surge: true }, 1],
    [2, { batchSize: 2, surge: false }, 1],
    [6, { batchPercentage: 50, surge: true }, 3],
    [6, { batchPercentage: 1, surge: true }, 1],
    [7, { batchPercentage: 33, surge: true }, 2],
    [6, { batchPercentage: 100, surge: false }, 5],
    [10, { surge: true }, 2],
    [3, { surge: true }, 1],
    [6, { surge: false, whole: true }, 6],
    [1, { surge: false, whole: true, batchSize: 1 }, 1],
  ])("%i servers, %p: %i", (size, rule, batch) => {
    expect(batchOf(size, rule)).toBe(batch);
  });

  test("always leaves a rollout something to do, and someone to serve", () => {
    const rule = fc.record({ batchSize: fc.integer({ min: 1, max: 300 }), surge: fc.boolean() });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), rule, (size, given) => {
        const batch = batchOf(size, given);
        expect(batch).toBeGreaterThanOrEqual(1);
        expect(batch).toBeLessThanOrEqual(given.surge ? size : size - 1);
        expect(roundsOf(size, batch) * batch).toBeGreaterThanOrEqual(size);
      }),
    );
  });
});

test.each([
  [1, 0],
  [9, 0],
  [10, 1],
  [35, 3],
])("of %i servers %i may fail", (size, failures) => {
  expect(defaultToleratedFailures(size)).toBe(failures);
});
