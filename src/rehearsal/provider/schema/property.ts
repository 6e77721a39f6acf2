/**
 * How a resource type's properties are declared. Check, diff, preview, refresh and import are written once over these declarations;
 * a resource file adds only its calls to AWS. The words follow the real provider's schema.
 */
import type { Values } from "../protocol/values.js";

export type Kind = "text" | "integer" | "number" | "flag" | "list" | "set" | "map" | "object";

export interface PropertyOptions {
  /** Must be given. */
  readonly required?: boolean;
  /** Used where the program gives nothing. */
  readonly default?: unknown;
  /** AWS chooses where the program gives nothing, and what it chose is no difference ("optional and computed"). */
  readonly computed?: boolean;
  /** Cannot be given, only read. */
  readonly output?: boolean;
  /** A change of it replaces the resource. */
  readonly replace?: boolean;
  /** AWS does not keep it: it steers the provider and lives in the state alone. */
  readonly stored?: boolean;
  /** Properties beside it that exclude it. */
  readonly conflictsWith?: readonly string[];
  /** The values that AWS takes. */
  readonly oneOf?: readonly (string | number)[];
  /** Smallest and largest value, or length of a text. */
  readonly range?: readonly [number, number];
  /** Two spellings of the same value. */
  readonly same?: (left: any, right: any) => boolean;
}

export interface Property extends PropertyOptions {
  readonly kind: Kind;
  /** Of a list or a set. */
  readonly element?: Property;
  /** Of an object. */
  readonly fields?: Properties;
  /** The field that tells the elements of a set apart, so that a change inside one is shown as such. */
  readonly key?: string;
}

export type Properties = Readonly<Record<string, Property>>;

export const text = (options: PropertyOptions = {}): Property => ({ kind: "text", ...options });
export const integer = (options: PropertyOptions = {}): Property => ({ kind: "integer", ...options });
export const number = (options: PropertyOptions = {}): Property => ({ kind: "number", ...options });
export const flag = (options: PropertyOptions = {}): Property => ({ kind: "flag", ...options });
export const map = (options: PropertyOptions = {}): Property => ({ kind: "map", ...options });
export const list = (element: Property, options: PropertyOptions = {}): Property => ({
  kind: "list",
  element,
  ...options,
});
export const set = (element: Property, options: PropertyOptions & { key?: string } = {}): Property => ({
  kind: "set",
  element,
  ...options,
});
export const object = (fields: Properties, options: PropertyOptions = {}): Property => ({
  kind: "object",
  fields,
  ...options,
});

/** Properties that every regional resource of the real provider (version 7) has. */
export const regional: Properties = { region: text({ computed: true, replace: true }) };

/** `tags`, and all tags including those that AWS or the provider's default tags add. */
export const tagged: Properties = { tags: map(), tagsAll: map({ output: true }) };

/** A name that Pulumi makes up where none is given; see `naming.ts`. */
export const named = (range: readonly [number, number]): Properties => ({
  name: text({ computed: true, replace: true, conflictsWith: ["namePrefix"], range }),
  namePrefix: text({ replace: true, stored: true, conflictsWith: ["name"] }),
});

/** True for what the real provider's state does not tell from "not given". */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype
    ? Object.values(value as Values).every(isEmpty)
    : false;
}
