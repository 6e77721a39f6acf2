import { contractFromTags, DATA_READS_TAG, DATA_WRITES_TAG, type DataContract } from "../../plan/dataContract.js";
import { COMPONENT_TAG, VERSION_TAG } from "../../plan/releaseTags.js";
import { type Entrance, shareOf } from "./entrances.js";
import { isInside, type Link, type Links } from "./links.js";
import { type StackResource, TYPES } from "./resource.js";
import { type Role, roleOf } from "./roles.js";
import { at, isKnown, list, type Maybe, number, tagsOf, text, UNKNOWN } from "./values.js";

/** Where a fleet stands in an entrance, and how much of its new sessions it gets. */
export interface Place {
  readonly entrance: Entrance;
  /** Percent. */
  readonly share: number | typeof UNKNOWN;
}

/** Interchangeable servers behind one entrance: an Auto Scaling group, or single instances of one target group. */
export interface Fleet {
  readonly resource: StackResource;
  readonly name: string;
  readonly role: Role;
  /** How many servers the program wants. */
  readonly servers: Maybe<number>;
  /** The most that it may have. */
  readonly maxServers: Maybe<number>;
  readonly instanceType: Maybe<string>;
  readonly template?: StackResource;
  readonly targetGroups: readonly Link[];
  readonly places: readonly Place[];
  /** The tag `hitless:version`, else the image. */
  readonly version: Maybe<string>;
  readonly contract: DataContract | undefined | typeof UNKNOWN;
  readonly component?: string;
  readonly tags: Readonly<Record<string, Maybe<string>>>;
}

export function readFleets(resources: readonly StackResource[], links: Links, entrances: readonly Entrance[]): Fleet[] {
  const attached = attachments(resources, links);
  const fleets: Fleet[] = [];
  for (const resource of resources) {
    if (resource.type !== TYPES.group) continue;
    const targetGroups = [...groupTargets(resource, links), ...(attached.groups.get(resource.urn) ?? [])];
    fleets.push(fleet(resource, resource.name, targetGroups, groupFacts(resource, links), entrances));
  }
  for (const [target, instances] of attached.instances) {
    const first = instances[0] as StackResource;
    const facts: Facts = {
      servers: instances.length,
      maxServers: instances.length,
      instanceType: text(first.props, "instanceType"),
      image: text(first.props, "ami"),
    };
    fleets.push(fleet(first, target.name, [target], facts, entrances));
  }
  return fleets;
}

interface Facts {
  readonly servers: Maybe<number>;
  readonly maxServers: Maybe<number>;
  readonly instanceType: Maybe<string>;
  readonly image: Maybe<string>;
  readonly template?: StackResource;
}

function fleet(
  resource: StackResource,
  name: string,
  targetGroups: readonly Link[],
  facts: Facts,
  entrances: readonly Entrance[],
): Fleet {
  const places = entrances.flatMap((entrance): Place[] => [
    ...entrance.forwards
      .filter(({ target }) => isInside(target) && targetGroups.includes(target))
      .map((forward): Place => ({ entrance, share: shareOf(entrance, forward) })),
    ...entrance.candidates
      .filter((target) => targetGroups.includes(target))
      .map((): Place => ({ entrance, share: UNKNOWN })),
  ]);
  const tags = tagsOf(resource.props);
  const { image, ...known } = facts;
  const version = tags[VERSION_TAG] ?? image;
  const component = tags[COMPONENT_TAG];
  return {
    resource,
    name,
    ...known,
    targetGroups,
    places,
    version,
    contract: contractOf(tags),
    tags,
    ...(isKnown(component) ? { component } : {}),
    role: roleOf({ places, targetGroups, version, name, servers: facts.servers, entrances }),
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

function groupTargets(group: StackResource, links: Links): Link[] {
  return links.followAll(group, "targetGroupArns", TYPES.targetGroup);
}

/** Target groups that are tied to groups and instances by resources of their own. */
function attachments(resources: readonly StackResource[], links: Links) {
  const groups = new Map<string, Link[]>();
  const instances = new Map<StackResource, StackResource[]>();
  for (const resource of resources) {
    if (resource.type === TYPES.groupAttachment) {
      const group = links.follow(
        resource,
        "autoscalingGroupName",
        text(resource.props, "autoscalingGroupName"),
        TYPES.group,
      );
      const target = links.follow(
        resource,
        "lbTargetGroupArn",
        text(resource.props, "lbTargetGroupArn"),
        TYPES.targetGroup,
      );
      if (isInside(group)) groups.set(group.urn, [...(groups.get(group.urn) ?? []), target]);
    } else if (resource.type === TYPES.targetGroupAttachment) {
      const instance = links.follow(resource, "targetId", text(resource.props, "targetId"), TYPES.instance);
      const target = links.follow(
        resource,
        "targetGroupArn",
        text(resource.props, "targetGroupArn"),
        TYPES.targetGroup,
      );
      if (isInside(instance) && isInside(target)) instances.set(target, [...(instances.get(target) ?? []), instance]);
    }
  }
  return { groups, instances };
}

function groupFacts(group: StackResource, links: Links): Facts {
  const template = templateOf(group, links);
  const desired = number(group.props, "desiredCapacity");
  return {
    // AWS starts with the minimum where nothing is said (EC2 Auto Scaling API).
    servers: desired === undefined ? number(group.props, "minSize") : desired,
    maxServers: number(group.props, "maxSize"),
    instanceType: isInside(template) ? text(template.props, "instanceType") : UNKNOWN,
    image: isInside(template) ? text(template.props, "imageId") : UNKNOWN,
    ...(isInside(template) ? { template } : {}),
  };
}

/** The launch template of a group, by id or by name, also inside a mixed instances policy. */
function templateOf(group: StackResource, links: Links): Link {
  const [property, ...path] = at(group.props, "launchTemplate") !== undefined ? ["launchTemplate"] : MIXED;
  const specification = at(group.props, property as string, ...path);
  const by = (key: string) => links.follow(group, property as string, text(specification, key), TYPES.launchTemplate);
  for (const key of ["id", "launchTemplateId", "name", "launchTemplateName"]) {
    if (text(specification, key) !== undefined) return by(key);
  }
  return by("id");
}

const MIXED = ["mixedInstancesPolicy", "launchTemplate", "launchTemplateSpecification"];

/** The version that a group's launch template is asked for. */
export function templateVersion(group: StackResource): Maybe<string> {
  const plain = at(group.props, "launchTemplate");
  return plain !== undefined ? text(group.props, "launchTemplate", "version") : text(group.props, ...MIXED, "version");
}

/** True when a group starts instances of several types, which one price cannot tell. */
export function isMixed(group: StackResource): boolean {
  const overrides = list(group.props, "mixedInstancesPolicy", "launchTemplate", "overrides");
  return overrides !== UNKNOWN && overrides.length > 0;
}
