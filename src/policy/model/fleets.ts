import { contractFromTags, DATA_READS_TAG, DATA_WRITES_TAG, type DataContract } from "../../plan/dataContract.js";
import { COMPONENT_TAG, VERSION_TAG } from "../../plan/releaseTags.js";
import { type Entrance, shareOf } from "./entrances.js";
import { readServers } from "./groups.js";
import type { Objects } from "./kubernetes/objects.js";
import type { PodSize } from "./kubernetes/pods.js";
import { readWorkloads } from "./kubernetes/workloads.js";
import { isInside, type Link, type Links } from "./links.js";
import type { StackResource } from "./resource.js";
import { type Role, roleOf } from "./roles.js";
import { isKnown, type Maybe, tagsOf, UNKNOWN } from "./values.js";

/** Where a fleet stands in an entrance, and how much of its new sessions it gets. */
export interface Place {
  readonly entrance: Entrance;
  /** Percent. */
  readonly share: number | typeof UNKNOWN;
}

/** Interchangeable servers behind one entrance: an Auto Scaling group, single instances of one target group, or a Deployment's pods. */
export interface Fleet {
  readonly resource: StackResource;
  readonly name: string;
  readonly role: Role;
  /** How many servers the program wants. */
  readonly servers: Maybe<number>;
  /** The most that it may have. */
  readonly maxServers: Maybe<number>;
  /** Of instances; pods have `pods`. */
  readonly instanceType?: Maybe<string>;
  readonly pods?: PodSize;
  readonly template?: StackResource;
  /** Its target groups, and the Services by which routes lead to it. */
  readonly targets: readonly Link[];
  readonly places: readonly Place[];
  /** The tag `hitless:version` (on Kubernetes also the label `app.kubernetes.io/version`), else the image. */
  readonly version: Maybe<string>;
  readonly contract: DataContract | undefined | typeof UNKNOWN;
  readonly component?: string;
  readonly tags: Readonly<Record<string, Maybe<string>>>;
}

export function readFleets(
  resources: readonly StackResource[],
  links: Links,
  objects: Objects,
  entrances: readonly Entrance[],
): Fleet[] {
  const servers = readServers(resources, links).map(({ image, ...found }) => {
    const tags = tagsOf(found.resource.props);
    return fleet({ ...found, tags, version: tags[VERSION_TAG] ?? image }, entrances);
  });
  const workloads = readWorkloads(resources, links, objects, entrances);
  return [...servers, ...workloads.map((found) => fleet({ ...found, name: found.resource.name }, entrances))];
}

type Found = Omit<Fleet, "role" | "places" | "contract" | "component">;

function fleet(found: Found, entrances: readonly Entrance[]): Fleet {
  const { name, targets, tags, version, servers } = found;
  const places = entrances.flatMap((entrance): Place[] => [
    ...entrance.forwards
      .filter(({ target }) => isInside(target) && targets.includes(target))
      .map((forward): Place => ({ entrance, share: shareOf(entrance, forward) })),
    ...entrance.candidates
      .filter((target) => targets.includes(target))
      .map((): Place => ({ entrance, share: UNKNOWN })),
  ]);
  const component = tags[COMPONENT_TAG];
  return {
    ...found,
    places,
    contract: contractOf(tags),
    ...(isKnown(component) ? { component } : {}),
    role: roleOf({ places, targets, version, name, servers, entrances }),
  };
}

function contractOf(tags: Readonly<Record<string, Maybe<string>>>): Fleet["contract"] {
  if (tags[DATA_WRITES_TAG] === UNKNOWN || tags[DATA_READS_TAG] === UNKNOWN) return UNKNOWN;
  try {
    return contractFromTags(tags as Record<string, string | undefined>);
  } catch {
    return UNKNOWN; // changed by hand into what cannot be read: the rule says that it could not see it
  }
}
