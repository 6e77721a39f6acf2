import { type Entrance, readEntrances } from "./entrances.js";
import { type Fleet, readFleets } from "./fleets.js";
import { Links } from "./links.js";
import { plainType, type StackResource, TYPES } from "./resource.js";
import { isKnown, text } from "./values.js";

/** A stack as the rules see it, whether or not the program uses our components. */
export interface StackModel {
  readonly resources: readonly StackResource[];
  readonly links: Links;
  readonly entrances: readonly Entrance[];
  readonly fleets: readonly Fleet[];
  /** The region of the fleets' provider, where it can be told. */
  readonly region?: string;
}

/** By which properties others refer to a resource. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  [TYPES.targetGroup]: ["arn", "id"],
  [TYPES.loadBalancer]: ["arn", "id"],
  [TYPES.listener]: ["arn", "id"],
  [TYPES.group]: ["name", "id"],
  [TYPES.launchTemplate]: ["id", "name"],
  [TYPES.securityGroup]: ["id"],
  [TYPES.instance]: ["id"],
};

const READ: ReadonlySet<string> = new Set(Object.values(TYPES));

/** Resources of other types are left out at once, so a large stack costs little. */
export function isRead(type: string): boolean {
  return READ.has(plainType(type));
}

export function readStack(resources: readonly StackResource[]): StackModel {
  const read = resources.filter(({ type }) => READ.has(type));
  const links = new Links(read, KEYS);
  const entrances = readEntrances(read, links);
  const fleets = readFleets(read, links, entrances);
  const region = regionOf(read);
  return { resources: read, links, entrances, fleets, ...(region !== undefined ? { region } : {}) };
}

function regionOf(resources: readonly StackResource[]): string | undefined {
  for (const { region, props } of resources) {
    if (region !== undefined) return region;
    const own = text(props, "region");
    if (isKnown(own)) return own;
    const arn = text(props, "arn");
    const inArn = isKnown(arn) ? arn.split(":")[3] : undefined;
    if (inArn) return inArn;
  }
  return undefined;
}
