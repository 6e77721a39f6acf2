/** What the look-up functions share. */
import type { Filter } from "@aws-sdk/client-ec2";
import type { Values } from "../protocol/values.js";
import { object, type Property, set, text } from "../schema/property.js";

/** The argument `filters: [{ name, values }]`. */
export const FILTERS: Property = set(
  object({ name: text({ required: true }), values: set(text(), { required: true }) }),
);

/** Only filters that have a value. */
export function toFilters(given: Values | undefined, plain: Readonly<Record<string, unknown>>): Filter[] {
  const own = (given?.filters ?? []).map(({ name, values }: Values) => ({ Name: name, Values: values }));
  const tags = Object.entries(given?.tags ?? {}).map(([key, value]) => ({
    Name: `tag:${key}`,
    Values: [String(value)],
  }));
  const others = Object.entries(plain)
    .filter(([, value]) => value !== undefined)
    .map(([Name, value]) => ({ Name, Values: [String(value)] }));
  return [...own, ...tags, ...others];
}

/** The one that a look-up must find. */
export function onlyOne<T>(found: readonly T[] | undefined, what: string): T {
  const [first, ...more] = found ?? [];
  if (first === undefined) throw new Error(`no matching ${what} found. Fix: change the criteria of the look-up`);
  if (more.length > 0) {
    throw new Error(`${more.length + 1} ${what}s match, expected one. Fix: use more specific criteria`);
  }
  return first;
}
