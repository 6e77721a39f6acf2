import fc from "fast-check";
import { Bucket } from "../../../../src/rehearsal/cloud/cloudwatch/bucket.js";
import { Series } from "../../../../src/rehearsal/cloud/cloudwatch/series.js";

test("percentiles are within half a percent of the exact ones, whatever the values and however they are merged", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 }),
      fc.integer({ min: 0, max: 100 }),
      fc.array(fc.nat(50)),
      (values, percent, settling) => {
        const [one, other] = [new Bucket(0), new Bucket(0)];
        for (const [index, value] of values.entries()) {
          (index % 2 ? one : other).add(value);
          if (settling.includes(index)) one.settle();
        }
        other.settle();
        one.merge(other);
        const sorted = [...values].sort((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil((percent / 100) * values.length)) - 1] as number;
        return Math.abs((one.percentile(percent) as number) - exact) <= exact * 0.0051;
      },
    ),
  );
});

test.each([
  ["an hour", "Shop", 3600],
  ["five minutes, AWS's own", "AWS/ApplicationELB", 300],
])("data is kept by the second for %s, by the minute for a day, and no longer", (_, namespace, fineSeconds) => {
  const series = new Series(1000, namespace);
  const start = Date.UTC(2026, 0, 5);
  const seconds = 27 * 3600;
  for (let second = 0; second < seconds; second += 10) {
    const at = start + second * 1000;
    series.bucketAt(at, at).add(1);
  }
  const end = start + seconds * 1000;
  expect(series.size).toBeLessThan(fineSeconds / 10 + 6 + 25 * 60 + 2);
  const sum = (from: number, period: number): number =>
    [...series.periods(from, end, period)].reduce((total, [, bucket]) => total + bucket.sum, 0);
  const finest = series.periods(end - (fineSeconds - 60) * 1000, end, 1000);
  expect([...finest.values()].map(({ count }) => count)).toEqual(Array((fineSeconds - 60) / 10).fill(1));
  expect(sum(end - 1800_000, 60_000)).toBe(180);
  expect(sum(end - 20 * 3600_000, 60_000)).toBe(2 * 3600);
  expect(sum(start, 60_000)).toBeLessThan(2.51 * 3600);
});

test("whole numbers of two digits have exact percentiles", () => {
  const bucket = new Bucket(0);
  for (let value = 1; value <= 100; value++) bucket.add(value);
  expect([1, 33, 50, 99, 100].map((percent) => bucket.percentile(percent))).toEqual([1, 33, 50, 99, 100]);
});

test("values that came as statistics only leave no percentile, before settling and after", () => {
  for (const settles of [false, true]) {
    const bucket = new Bucket(0);
    for (const value of [1, 2]) bucket.add(value);
    if (settles) bucket.settle();
    bucket.addStatistics({ count: 2, sum: 7, minimum: 3, maximum: 4 });
    bucket.add(5);
    expect([bucket.percentile(50), bucket.count, bucket.sum, bucket.maximum]).toEqual([undefined, 5, 15, 5]);
  }
});

test("late data falls into its own period", () => {
  const series = new Series(100, "Shop");
  for (const at of [5000, 100, 5050, 60]) series.bucketAt(at, 5000).add(1);
  expect([...series.periods(0, 10_000, 1000)].map(([start, { count }]) => [start, count])).toEqual([
    [0, 2],
    [5000, 2],
  ]);
});
