import { type Entrance, readEntrances } from "./entrances.js";
import { type Fleet, readFleets } from "./fleets.js";
import { type IdleRecord, readIdleRecords } from "./idleRecords.js";
import { Objects } from "./kubernetes/objects.js";
import { Links } from "./links.js";
import { plainType, type StackResource, TYPES } from "./resource.js";
import { isKnown, list, type Maybe, text, UNKNOWN } from "./values.js";

/** A stack as the rules see it, whether or not the program uses our components. */
export interface StackModel {
  readonly resources: readonly StackResource[];
  readonly links: Links;
  readonly entrances: readonly Entrance[];
  readonly fleets: readonly Fleet[];
  /** What our components remember of idle fleets. */
  readonly idle: readonly IdleRecord[];
  /** The instance type of the cluster's nodes, where the stack's node groups have just one. */
  readonly nodeType?: string;
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
  const objects = new Objects(read, links);
  const entrances = readEntrances(read, links, objects);
  const fleets = readFleets(read, links, objects, entrances);
  const [region, nodeType] = [regionOf(read), nodeTypeOf(read)];
  return {
    resources: read,
    links,
    entrances,
    fleets,
    idle: readIdleRecords(read),
    ...(region !== undefined ? { region } : {}),
    ...(nodeType !== undefined ? { nodeType } : {}),
  };
}

function nodeTypeOf(resources: readonly StackResource[]): string | undefined {
  const types = resources
    .filter(({ type }) => type === TYPES.nodeGroup)
    .flatMap(({ props }): Maybe<string>[] => {
      const found = list(props, "instanceTypes");
      return found === UNKNOWN ? [UNKNOWN] : found.map((_, index) => text(found, index));
    });
  const [only] = new Set(types);
  return new Set(types).size === 1 && isKnown(only) ? only : undefined;
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
