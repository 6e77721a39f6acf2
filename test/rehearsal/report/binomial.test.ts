import { countsFor } from "../../../src/rehearsal/report/binomial.js";

test.each([
  // P(K ≤ 1) and P(K ≥ 9) of ten fair coins are 11/1024 each; with 2 or 8 they are 56/1024.
  [10, 0.5, 0.95, 2, 8],
  [10, 0.5, 0.85, 3, 7],
  [1, 0.5, 0.95, 0, 1],
  [1000, 0, 0.999, 0, 0],
  [1000, 1, 0.999, 1000, 1000],
])("of %i draws at %d, %d confidence allows %i to %i", (n, p, confidence, least, most) => {
  expect(countsFor(n, p, confidence)).toEqual({ least, most });
});

test("large numbers are as near to the normal distribution as they must be", () => {
  // Standard deviation √(20,000 × 0.1 × 0.9) = 42.43; 99.9 % is 3.2905 of them on each side.
  const { least, most } = countsFor(20_000, 0.1, 0.999);
  expect(Math.abs(least - (2000 - 3.2905 * 42.43))).toBeLessThan(3);
  expect(Math.abs(most - (2000 + 3.2905 * 42.43))).toBeLessThan(3);
});

test("numbers whose first terms vanish are still summed", () => {
  const { least, most } = countsFor(1_000_000, 0.5, 0.999);
  expect(least).toBeGreaterThan(498_300);
  expect(most).toBeLessThan(501_700);
});
