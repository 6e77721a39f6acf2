import fc from "fast-check";
import { refreshPercentages } from "../../src/plan/percentages.js";

/** AWS rounds the minimum up (documented). In whole numbers: percent times servers is exact. */
const minimum = (size: number, percentage: number): number => Math.ceil((size * percentage) / 100 - 1e-9);

/** Every way in which AWS may round the maximum. */
const roundings: [string, (size: number, percentage: number) => number][] = [
  ["floor", (size, percentage) => Math.floor((size * percentage) / 100 + 1e-9)],
  ["nearest", (size, percentage) => Math.round((size * percentage) / 100)],
  ["ceiling", (size, percentage) => Math.ceil((size * percentage) / 100 - 1e-9)],
];

function* everyFleet(): Generator<[number, number]> {
  for (let size = 1; size <= 200; size += 1) for (let batch = 1; batch <= size; batch += 1) yield [size, batch];
}

describe("refreshPercentages", () => {
  describe.each(roundings)("when AWS rounds the maximum by %s", (_name, maximum) => {
    test("with surge: never fewer than all, one can always go, surplus is the batch or one more", () => {
      for (const [size, batch] of everyFleet()) {
        const { minHealthyPercentage: min, maxHealthyPercentage: max } = refreshPercentages(size, batch, true);
        const surplus = maximum(size, max) - size;
        const exact = (100 * batch) % size === 0;
        const holds =
          minimum(size, min) === size && surplus >= 1 && surplus <= batch + 1 && (!exact || surplus === batch);
        if (!holds) throw new Error(`${size} servers in batches of ${batch}: ${min}/${max} gives ${surplus} extra`);
      }
    });

    test("without surge: never fewer than all but the batch, one can always go, none extra", () => {
      for (const [size, batch] of everyFleet()) {
        if (batch === size) continue;
        const { minHealthyPercentage: min, maxHealthyPercentage: max } = refreshPercentages(size, batch, false);
        const kept = minimum(size, min);
        // With both at 100 AWS starts one first (it cannot keep both bounds): that is the one more.
        const oneCanGo = kept < size || (min === 100 && max === 100);
        const holds = kept >= size - batch && oneCanGo && maximum(size, max) === size;
        if (!holds) throw new Error(`${size} servers in batches of ${batch}: ${min}/${max} keeps ${kept}`);
      }
    });
  });

  test("without surge only 200 servers in batches of 1 need both bounds at 100", () => {
    const needy = [...everyFleet()].filter(
      ([size, batch]) => batch < size && refreshPercentages(size, batch, false).minHealthyPercentage === 100,
    );
    expect(needy).toEqual([[200, 1]]);
  });

  test("a batch that a whole percentage hits is never made smaller or larger without surge", () => {
    for (const [size, batch] of everyFleet()) {
      if (batch === size || size > 100) continue;
      expect(minimum(size, refreshPercentages(size, batch, false).minHealthyPercentage)).toBe(size - batch);
    }
  });

  test("stays within what the API takes, also for large fleets", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        (size, share, surge) => {
          const batch = Math.max(1, Math.round(share * (surge ? size : size - 1)));
          fc.pre(surge || batch < size);
          const { minHealthyPercentage: min, maxHealthyPercentage: max } = refreshPercentages(size, batch, surge);
          expect(Number.isInteger(min) && Number.isInteger(max)).toBe(true);
          expect(min).toBeGreaterThanOrEqual(0);
          expect(min).toBeLessThanOrEqual(100);
          expect(max).toBeGreaterThanOrEqual(100);
          expect(max).toBeLessThanOrEqual(200);
          expect(max - min).toBeLessThanOrEqual(100);
          expect(minimum(size, min)).toBeGreaterThanOrEqual(surge ? size : size - batch);
        },
      ),
    );
  });

  test.each([
    [6, 2, true, 100, 134],
    [10, 2, true, 100, 120],
    [1, 1, true, 100, 200],
    [6, 2, false, 66, 100],
    [2, 1, false, 50, 100],
    [200, 1, false, 100, 100],
  ])("%i servers in batches of %i, surge %s: %i to %i", (size, batch, surge, min, max) => {
    expect(refreshPercentages(size, batch, surge)).toEqual({ minHealthyPercentage: min, maxHealthyPercentage: max });
  });

  test.each([
    [0, 1, true],
    [3, 0, true],
    [3, 4, true],
    [3, 1.5, true],
    [3, 3, false],
  ])("refuses %p servers in batches of %p, surge %s", (size, batch, surge) => {
    expect(() => refreshPercentages(size, batch, surge)).toThrow(RangeError);
  });
});
