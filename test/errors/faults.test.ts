import * as pulumi from "@pulumi/pulumi";
import { Faults } from "../../src/errors/faults.js";
import { HitlessError } from "../../src/errors/index.js";
import { wholeNumber } from "../../src/errors/known.js";
import { isDeferred } from "../../src/inputs/isDeferred.js";

const drain = wholeNumber("drainSeconds", "HIT130", 0, 3600);

/** An Output's value. Its other promises fail with it; in a program that ends the run, in a test it must not. */
function promiseOf<T>(input: pulumi.Input<T>): Promise<T> {
  const output = input as unknown as {
    promise(): Promise<T>;
    isKnown: Promise<boolean>;
    isSecret: Promise<boolean>;
    allResources(): Promise<unknown>;
  };
  for (const other of [output.isKnown, output.isSecret, output.allResources()]) other.catch(() => undefined);
  return output.promise();
}

test("a plain value is checked at once and handed on", () => {
  const faults = new Faults("x");
  expect(faults.input(3600, drain)).toBe(3600);
  faults.throwIfAny();
  faults.input(3601, drain);
  expect(() => faults.throwIfAny()).toThrow(HitlessError);
});

test("an Output's value is checked when it is known, and a bad one fails what depends on it", async () => {
  const faults = new Faults("x");
  await expect(promiseOf(faults.input(pulumi.output(3600), drain))).resolves.toBe(3600);
  const bad = faults.input(pulumi.output(3601), drain);
  faults.throwIfAny();
  await expect(promiseOf(bad)).rejects.toMatchObject({ codes: ["HIT130"] });
});

test.each([
  [1, false],
  ["x", false],
  [null, false],
  [["a", "b"], false],
  [{ a: { b: 1 } }, false],
  [pulumi.output(1), true],
  [Promise.resolve(1), true],
  [["a", pulumi.output("b")], true],
  [{ a: { b: pulumi.output(1) } }, true],
])("%p is deferred: %p", (value, deferred) => {
  expect(isDeferred(value)).toBe(deferred);
});

test("an error carries all faults, and needs at least one", () => {
  expect(() => new HitlessError([])).toThrow(RangeError);
  const fault = { code: "HIT130", subject: "x", problem: "p.", why: "first\nsecond", fix: "f" };
  const error = new HitlessError([fault, { ...fault, code: "HIT131" }]);
  expect(error.codes).toEqual(["HIT130", "HIT131"]);
  expect(error.message.split("\n").slice(0, 4)).toEqual(["HIT130 x: p.", "  Why: first", "       second", "  Fix: f"]);
});
