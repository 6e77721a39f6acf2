import { isInside, type Link, type Links } from "./links.js";
import { type StackResource, TYPES } from "./resource.js";
import { at, list, type Maybe, number, text, UNKNOWN } from "./values.js";

/** What the model takes of servers on EC2. */
export interface Servers {
  readonly resource: StackResource;
  readonly name: string;
  readonly targets: readonly Link[];
  readonly servers: Maybe<number>;
  readonly maxServers: Maybe<number>;
  readonly instanceType: Maybe<string>;
  readonly image: Maybe<string>;
  readonly template?: StackResource;
}

/** The Auto Scaling groups of a stack, and single instances by the target group that they are attached to. */
export function readServers(resources: readonly StackResource[], links: Links): Servers[] {
  const attached = attachments(resources, links);
  const groups = resources
    .filter(({ type }) => type === TYPES.group)
    .map(
      (resource): Servers => ({
        resource,
        name: resource.name,
        targets: [...groupTargets(resource, links), ...(attached.groups.get(resource.urn) ?? [])],
        ...groupFacts(resource, links),
      }),
    );
  const single = [...attached.instances].map(([target, instances]): Servers => {
    const resource = instances[0] as StackResource;
    return {
      resource,
      name: target.name,
      targets: [target],
      servers: instances.length,
      maxServers: instances.length,
      instanceType: text(resource.props, "instanceType"),
      image: text(resource.props, "ami"),
    };
  });
  return [...groups, ...single];
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

function groupFacts(group: StackResource, links: Links): Omit<Servers, "resource" | "name" | "targets"> {
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
