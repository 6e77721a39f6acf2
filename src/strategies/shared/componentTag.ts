import * as pulumi from "@pulumi/pulumi";

/** The value of `COMPONENT_TAG` for a component: by it, gates find the fleets of one component among all others of the account. */
export function componentTag(name: string): string {
  return `${pulumi.getProject()}/${pulumi.getStack()}/${name}`;
}
