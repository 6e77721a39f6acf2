import fc from "fast-check";
import { Buckets } from "../../../src/rehearsal/load/buckets.js";

test("windows that touch count each request exactly once, wherever they are cut", () => {
  const times = fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), { minLength: 1, maxLength: 60 });
  const cuts = fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), { maxLength: 6 });
  fc.assert(
    fc.property(times, cuts, (scheduled, cutAt) => {
      const buckets = new Buckets(0);
      for (const at of scheduled) buckets.at(at).sent++;
      const edges = [0, ...cutAt.sort((a, b) => a - b), Number.MAX_SAFE_INTEGER];
      const sums = edges.slice(1).map((to, index) => buckets.window(edges[index] ?? 0, to).sent);
      expect(sums.reduce((sum, count) => sum + count, 0)).toBe(scheduled.length);
    }),
  );
});

test("seconds add up to the whole", () => {
  const buckets = new Buckets(500);
  for (let at = 500; at < 3500; at += 50) {
    const bucket = buckets.at(at);
    bucket.sent++;
    bucket.versions.v1 = (bucket.versions.v1 ?? 0) + 1;
  }
  const seconds = buckets.seconds();
  expect(seconds.map(({ sent, versions }) => [sent, versions.v1])).toEqual([
    [20, 20],
    [20, 20],
    [20, 20],
  ]);
});
