import type { StackResource } from "./resource.js";
import { at, isKnown, list, type Maybe, text, UNKNOWN } from "./values.js";

/** What a reference leads to: a resource of the stack, something outside of it, or something that cannot be told yet. */
export type Link = StackResource | { readonly outside: string } | typeof UNKNOWN;

export function isInside(link: Link): link is StackResource {
  return link !== UNKNOWN && "urn" in link;
}

/** Finds resources of the stack by a value they are known by, or by how the program has wired them. */
export class Links {
  readonly #byUrn: ReadonlyMap<string, StackResource>;
  readonly #byValue = new Map<string, StackResource>();

  /** @param keys for each type, the properties that others refer to it by */
  constructor(resources: readonly StackResource[], keys: Readonly<Record<string, readonly string[]>>) {
    this.#byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    for (const resource of resources) {
      for (const key of keys[resource.type] ?? []) {
        const value = text(resource.props, key);
        if (isKnown(value) && value !== "") this.#byValue.set(`${resource.type} ${value}`, resource);
      }
    }
  }

  /**
   * Follows a reference. While its value is unknown the program's wiring tells: exactly one resource of that type that the property was
   * made of, and that no known value of the same property has taken yet, can only be the one.
   */
  follow(from: StackResource, property: string, value: Maybe<string>, type: string, taken: readonly Link[] = []): Link {
    const wired = this.wired(from, property, type).filter((candidate) => !taken.includes(candidate));
    if (isKnown(value)) {
      const found = this.#byValue.get(`${type} ${value}`);
      if (found) return found;
      // A provider need not repeat a resource's id among its outputs; then only the wiring can tell.
      const key = value.startsWith("arn:") ? "arn" : "id";
      const nameless = wired.filter(({ props }) => !isKnown(text(props, key)));
      return nameless.length === 1 ? (nameless[0] as StackResource) : { outside: value };
    }
    return wired.length === 1 ? (wired[0] as StackResource) : UNKNOWN;
  }

  /** A property that is a list of references; one unknown list can still be followed by its wiring. */
  followAll(from: StackResource, property: string, type: string): Link[] {
    const values = list(from.props, property);
    if (values === UNKNOWN) {
      const wired = this.wired(from, property, type);
      return wired.length > 0 ? wired : [UNKNOWN];
    }
    const texts = values.map((_, index) => text(values, index));
    const known = texts.filter(isKnown).map((value) => this.follow(from, property, value, type));
    const missing = texts.filter((value) => !isKnown(value)).length;
    if (missing === 0) return known;
    const wired = this.wired(from, property, type).filter((candidate) => !known.includes(candidate));
    return wired.length === missing ? [...known, ...wired] : [...known, UNKNOWN];
  }

  wired(from: StackResource, property: string, type: string): StackResource[] {
    return (from.references[property] ?? [])
      .map((urn) => this.#byUrn.get(urn))
      .filter((resource) => resource?.type === type) as StackResource[];
  }
}

/** True where a property of that name was given at all. */
export function has(resource: StackResource, property: string): boolean {
  return at(resource.props, property) !== undefined;
}
