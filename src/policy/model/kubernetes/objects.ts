import { tagsOf as tagsFrom } from "../../../plan/kubernetesNames.js";
import type { Link, Links } from "../links.js";
import { type StackResource, TYPES } from "../resource.js";
import { at, isKnown, type Maybe, text, UNKNOWN } from "../values.js";

/** The namespace of an object; objects of one stack that say none are in the same one. */
export function namespaceOf(resource: StackResource): Maybe<string> {
  const said = text(resource.props, "metadata", "namespace");
  return said === undefined ? "default" : said;
}

/** Labels or annotations as a map. */
export function mapAt(value: unknown, ...path: string[]): Record<string, Maybe<string>> {
  const found = at(value, ...path);
  if (!isKnown(found) || typeof found !== "object") return {};
  return Object.fromEntries(Object.keys(found as object).map((key) => [key, text(found, key)]));
}

/** The annotations that are ours, under the names that tags have on AWS (`hitless:version`). */
export function tagsOfObject(resource: StackResource): Record<string, Maybe<string>> {
  const annotations = mapAt(resource.props, "metadata", "annotations");
  return tagsFrom(annotations as Record<string, string>) as Record<string, Maybe<string>>;
}

/** Finds a stack's Kubernetes objects by the names that others refer to them by. */
export class Objects {
  readonly #links: Links;
  readonly #byName = new Map<string, StackResource>();

  constructor(resources: readonly StackResource[], links: Links) {
    this.#links = links;
    for (const resource of resources) {
      const name = text(resource.props, "metadata", "name");
      if (isKnown(name)) this.#byName.set(keyOf(resource.type, namespaceOf(resource), name), resource);
    }
  }

  /** Follows a name in `from`'s spec; while it is not known yet, the program's wiring tells where it can only be one object. */
  follow(from: StackResource, name: Maybe<string>, type: string, taken: readonly Link[] = []): Link {
    if (isKnown(name)) {
      return this.#byName.get(keyOf(type, namespaceOf(from), name)) ?? { outside: name };
    }
    const wired = this.wired(from, type).filter((candidate) => !taken.includes(candidate));
    return wired.length === 1 ? (wired[0] as StackResource) : UNKNOWN;
  }

  wired(from: StackResource, type: string): StackResource[] {
    return this.#links.wired(from, "spec", type);
  }
}

function keyOf(type: string, namespace: Maybe<string>, name: string): string {
  return `${type} ${isKnown(namespace) ? namespace : "?"}/${name}`;
}

/** True when a selector takes the pods of a Deployment; an empty one takes none. UNKNOWN while either is not known. */
export function selects(selector: unknown, deployment: StackResource): Maybe<boolean> {
  if (selector === UNKNOWN) return UNKNOWN;
  const wanted = Object.entries(mapAt(selector));
  const labels = mapAt(deployment.props, "spec", "template", "metadata", "labels");
  if (wanted.length === 0) return false;
  if (wanted.some(([key, value]) => value === UNKNOWN || labels[key] === UNKNOWN)) return UNKNOWN;
  return wanted.every(([key, value]) => labels[key] === value);
}

/** The Services of a stack that take a Deployment's pods, and those of which it cannot be told yet. */
export function servicesOf(deployment: StackResource, resources: readonly StackResource[]) {
  const near = resources.filter(
    (resource) => resource.type === TYPES.service && namespaceOf(resource) === namespaceOf(deployment),
  );
  const taking = (answer: Maybe<boolean>) =>
    near.filter((service) => selects(at(service.props, "spec", "selector"), deployment) === answer);
  return { found: taking(true), unclear: taking(UNKNOWN) };
}
