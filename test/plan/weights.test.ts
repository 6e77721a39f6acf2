import fc from "fast-check";
import { serversFor } from "../../src/plan/capacity.js";
import { forwardWeights, LARGEST_WEIGHT, percentOf, sameShares, sharesOnTheWay } from "../../src/plan/weights.js";

const action = (weights: readonly number[]) => ({
  targets: weights.map((weight, index) => ({ targetGroupArn: `tg-${index}`, weight })),
});

/** Up to five shares in tenths that add up to the whole. */
const tenths = fc
  .uniqueArray(fc.integer({ min: 0, max: 1000 }), { maxLength: 4 })
  .map((cuts) => [0, ...cuts.sort((one, other) => one - other), 1000])
  .map((edges) => edges.slice(1).map((edge, index) => edge - (edges[index] as number)));

describe("forwardWeights", () => {
  test.each([
    [
      [100, 0],
      [100, 0],
    ],
    [
      [90, 10],
      [90, 10],
    ],
    [
      [99.9, 0.1],
      [999, 1],
    ],
    [
      [33.3, 33.3, 33.4],
      [333, 333, 334],
    ],
    [[100], [100]],
    [[], []],
  ])("%p gives %p", (percents, weights) => {
    expect(forwardWeights(percents)).toEqual(weights);
  });

  test.each([[[Number.NaN]], [[-1]], [[101]], [[0.05, 99.95]], [[60, 60]]])("%p is refused", (percents) => {
    expect(() => forwardWeights(percents)).toThrow(RangeError);
  });

  test("whole numbers up to 999 in exactly the ratio of the shares, and the shares back", () => {
    fc.assert(
      fc.property(tenths, (shares) => {
        const percents = shares.map((share) => share / 10);
        const weights = forwardWeights(percents);
        const sum = weights.reduce((total, weight) => total + weight, 0);
        weights.forEach((weight, index) => {
          expect(Number.isInteger(weight) && weight >= 0 && weight <= LARGEST_WEIGHT).toBe(true);
          expect(weight * 1000).toBe((shares[index] as number) * sum);
          expect(percentOf(action(weights)).get(`tg-${index}`)).toBeCloseTo(percents[index] as number, 9);
        });
      }),
    );
  });
});

test("the same shares are the same in any numbers, and others are not", () => {
  expect(sameShares(action([90, 10]), action([9, 1]))).toBe(true);
  expect(sameShares(action([90, 10]), action([10, 90]))).toBe(false);
  expect(sameShares(action([100, 0]), action([1, 0]))).toBe(true);
  expect(sameShares(action([100, 0]), action([100]))).toBe(false);
  expect(sameShares(action([0, 0]), action([1, 0]))).toBe(false);
  expect(percentOf(action([0, 0])).get("tg-0")).toBe(0);
});

describe("sharesOnTheWay", () => {
  test("between the two, and exactly the goal at the end", () => {
    expect(sharesOnTheWay([100, 0], [0, 100], 10)).toEqual([90, 10]);
    expect(sharesOnTheWay([100, 0], [99.9, 0.1], 50)).toEqual([100, 0]);
    expect(sharesOnTheWay([0, 0], [0, 100], 10)).toEqual([0, 100]);
    expect(sharesOnTheWay([50, 50, 0], [0, 0, 100], 33)).toEqual([33.5, 33.5, 33]);
  });

  test("in tenths, together the whole, and never past either end", () => {
    fc.assert(
      fc.property(tenths, tenths, fc.integer({ min: 1, max: 100 }), (from, to, way) => {
        const length = Math.max(from.length, to.length);
        const present = Array.from({ length }, (_, index) => (from[index] ?? 0) / 10);
        const wanted = Array.from({ length }, (_, index) => (to[index] ?? 0) / 10);
        const shares = sharesOnTheWay(present, wanted, way);
        expect(() => forwardWeights(shares)).not.toThrow();
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 9);
        shares.forEach((share, index) => {
          const ends = [present[index] as number, wanted[index] as number];
          expect(share).toBeGreaterThanOrEqual(Math.min(...ends) - 1e-9);
          expect(share).toBeLessThanOrEqual(Math.max(...ends) + 1e-9);
        });
      }),
    );
  });
});

test.each([
  [10, 30, 3],
  [10, 31, 4],
  [10, 0.1, 1],
  [0, 100, 1],
  [10, 0, 0],
  [7, 100, 7],
])("%p servers carry everything: %p %% needs %p", (total, percent, servers) => {
  expect(serversFor(total, percent)).toBe(servers);
});
