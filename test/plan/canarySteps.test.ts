import fc from "fast-check";
import { type Growth, type Jump, jumpOf } from "../../src/plan/canarySteps.js";

const canary = (from: number, to: number): Growth => ({ from, to, stable: false, returning: false });
const promoted = (from: number, to: number): Growth => ({ from, to, stable: true, returning: false });
const back = (from: number, to: number): Growth => ({ from, to, stable: true, returning: true });
const steps = [5, 25, 50];

test.each<[string, Growth, Jump | undefined]>([
  ["to the first step", canary(0, 5), undefined],
  ["below the first step", canary(0, 1), undefined],
  ["over the first step", canary(0, 5.1), { kind: "step", most: 5 }],
  ["to the second from the first", canary(5, 25), undefined],
  ["to the third from the first", canary(5, 50), { kind: "step", most: 25 }],
  ["to the third from between", canary(20, 50), { kind: "step", most: 25 }],
  ["to the third from a hair below the second", canary(24.98, 50), undefined],
  ["over the last step", canary(50, 60), { kind: "step", most: 50 }],
  ["down", canary(50, 5), undefined],
  ["the same", canary(50, 50), undefined],
  ["stable from the last step", promoted(50, 100), undefined],
  ["stable from below it", promoted(25, 100), { kind: "promotion", needed: 50 }],
  ["stable from nothing", promoted(0, 100), { kind: "promotion", needed: 50 }],
  ["stable with less than before", promoted(50, 40), undefined],
  ["back to what users had", back(0, 100), undefined],
])("steps 5, 25, 50: %s", (_what, growth, jump) => {
  expect(jumpOf({ steps }, growth)).toEqual(jump);
});

test.each<[string, Growth, Jump | undefined]>([
  ["as much as allowed", canary(10, 30), undefined],
  ["more", canary(10, 30.1), { kind: "maxStep", most: 30 }],
  ["promotion within it", promoted(80, 100), undefined],
  ["promotion over it", promoted(50, 100), { kind: "maxStep", most: 70 }],
  ["back over it", back(0, 100), undefined],
])("maxStep 20: %s", (_what, growth, jump) => {
  expect(jumpOf({ steps: [], maxStep: 20 }, growth)).toEqual(jump);
});

test("without rules everything goes", () => {
  expect(jumpOf({ steps: [] }, promoted(0, 100))).toBeUndefined();
});

const percent = fc.integer({ min: 0, max: 1000 }).map((tenths) => tenths / 10);
const ascending = fc
  .uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 6 })
  .map((tenths) => tenths.sort((one, other) => one - other).map((each) => each / 10));

test("whoever shrinks or comes back is never held up", () => {
  fc.assert(
    fc.property(percent, percent, fc.boolean(), ascending, percent, (from, to, stable, steps, maxStep) => {
      expect(jumpOf({ steps, maxStep }, { from, to, stable, returning: true })).toBeUndefined();
      if (to <= from) expect(jumpOf({ steps, maxStep }, { from, to, stable, returning: false })).toBeUndefined();
    }),
  );
});

test("as far as a refusal says is allowed, and no version gets past a step at once", () => {
  fc.assert(
    fc.property(percent, percent, ascending, (from, to, steps) => {
      const jump = jumpOf({ steps }, canary(from, to));
      if (jump?.kind === "step") expect(jumpOf({ steps }, canary(from, jump.most))).toBeUndefined();
      if (jump === undefined && to > from + 0.1) {
        expect(steps.filter((step) => step > from + 0.1 && step < to - 0.1)).toEqual([]);
      }
    }),
  );
});

test("a pipeline that takes every step in turn gets to the end, whatever the steps are", () => {
  fc.assert(
    fc.property(ascending, (steps) => {
      let at = 0;
      for (const step of steps) {
        expect(jumpOf({ steps }, canary(at, step))).toBeUndefined();
        at = step;
      }
      expect(jumpOf({ steps }, promoted(at, 100))).toBeUndefined();
    }),
  );
});
