import type { PolicyResource, PolicyResourceOptions, ResourceValidationArgs } from "@pulumi/policy";
import { plainType, type StackResource } from "./model/resource.js";
import { isRead } from "./model/stack.js";
import { isKnown, text, unproxied } from "./model/values.js";

/**
 * The resources of a stack policy's arguments that rules read, by name, and what each refers to, by URN: the engine gives both in an order that
 * differs from run to run, and a message that two runs tell differently looks like two problems.
 */
export function stackResources(resources: readonly PolicyResource[]): StackResource[] {
  return resources
    .filter(({ type }) => isRead(type))
    .map((resource) => ({
      ...common(resource),
      references: Object.fromEntries(
        Object.entries(resource.propertyDependencies).map(([key, found]) => [key, found.map(({ urn }) => urn).sort()]),
      ),
    }))
    .sort((one, other) => compare(one.name, other.name) || compare(one.urn, other.urn));
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

/** The resource of a resource policy's arguments; there nobody tells what it refers to. */
export function singleResource(args: ResourceValidationArgs): StackResource {
  return { ...common(args), references: {} };
}

interface Shown {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly props: Record<string, unknown>;
  readonly opts: PolicyResourceOptions;
  readonly provider?: { readonly props: Record<string, unknown> };
}

function common({ urn, type, name, props, opts, provider }: Shown): Omit<StackResource, "references"> {
  const region = provider && text(unproxied(provider.props), "region");
  return {
    urn,
    type: plainType(type),
    name,
    props: unproxied(props),
    ignoreChanges: opts.ignoreChanges,
    ...(isKnown(region) ? { region } : {}),
  };
}
