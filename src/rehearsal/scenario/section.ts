import { z } from "zod";
import { faultsShape } from "../cloud/faultsShape.js";

/** An object whose unknown keys are refused with the list of the known ones. */
export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? `known keys: ${Object.keys(shape).join(", ")}` : undefined),
  });
}

/** `up: refused` is short for `up: { expect: refused }`. */
export function shorthand<Full extends z.ZodType>(full: Full) {
  return z.preprocess((value) => (typeof value === "string" ? { expect: value } : value), full);
}

/** Refuses an object that has not exactly one of the keys. */
export function exactlyOne<Full extends z.ZodType>(full: Full, keys: readonly string[]) {
  const given = (value: object): number =>
    keys.filter((key) => (value as Record<string, unknown>)[key] !== undefined).length;
  return full.refine((value) => given(value as object) === 1, { error: `expected exactly one of ${keys.join(", ")}` });
}

/** Real seconds, more than none. */
export const seconds = z.number().positive().max(86_400);

/** Deliberate faults of the cloud. */
export const faults = section(faultsShape);
