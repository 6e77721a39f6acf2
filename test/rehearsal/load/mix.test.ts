import fc from "fast-check";
import { Mix } from "../../../src/rehearsal/load/mix.js";

test("over one cycle every kind gets exactly its share", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 6 }), (shares) => {
      const total = shares.reduce((sum, share) => sum + share, 0);
      fc.pre(total > 0);
      const mix = new Mix(shares);
      const counts = shares.map(() => 0);
      for (let turn = 0; turn < total; turn++) {
        const kind = mix.next();
        counts[kind] = (counts[kind] ?? 0) + 1;
      }
      expect(counts).toEqual(shares);
    }),
  );
});

test("rare requests are spread out instead of coming in a row", () => {
  const mix = new Mix([90, 5, 5]);
  const turns = Array.from({ length: 100 }, () => mix.next());
  const rare = turns.flatMap((kind, turn) => (kind === 1 ? [turn] : []));
  expect(rare).toHaveLength(5);
  for (const [index, turn] of rare.slice(1).entries()) expect(turn - (rare[index] ?? 0)).toBeGreaterThan(15);
});

test.each([[[]], [[0, 0]], [[1, -1]]])("shares %j are refused", (shares) => {
  expect(() => new Mix(shares)).toThrow(RangeError);
});
