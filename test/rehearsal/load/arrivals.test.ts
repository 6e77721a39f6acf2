import fc from "fast-check";
import { Arrivals } from "../../../src/rehearsal/load/arrivals.js";

test("the schedule does not depend on when it is looked at: nothing drifts, nothing is skipped", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.5, max: 5000, noNaN: true }),
      fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 40 }),
      (rate, pausesMs) => {
        const arrivals = new Arrivals(1000, rate);
        const taken: number[] = [];
        let now = 1000;
        for (const pause of pausesMs) {
          now += pause;
          for (let at = arrivals.take(now); at !== undefined; at = arrivals.take(now)) taken.push(at);
        }
        expect(taken).toEqual(taken.map((_, index) => 1000 + (index * 1000) / rate));
        expect(arrivals.nextAt).toBeGreaterThan(now - 1e-9 - (pausesMs.length === 0 ? 1 : 0));
      },
    ),
  );
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("a rate of %s is refused", (rate) => {
  expect(() => new Arrivals(0, rate)).toThrow(RangeError);
});
