import { TYPES } from "../model/resource.js";
import { isKnown, text, UNKNOWN } from "../model/values.js";
import { type Rule, unseen, violation } from "../rule.js";

/** Pulumi names target groups, so that a replacement can stand beside the old one. */
export const noFixedTargetGroupName: Rule<object> = {
  name: "no-fixed-target-group-name",
  title: "A target group must not have a fixed name.",
  severity: "high",
  level: "mandatory",
  remediation: ["Leave name out, so that Pulumi makes one up, or use namePrefix (at most 6 characters)."],
  options: {},
  defaults: {},
  resource: {
    types: [TYPES.targetGroup],
    judge: (resource) => {
      const name = text(resource.props, "name");
      // Pulumi's own names are made up before a policy is asked: an unknown one is the program's.
      if (name === UNKNOWN) return [unseen(resource, `the name of ${resource.name}`)];
      if (!isKnown(name) || text(resource.props, "namePrefix") !== undefined || isMadeUp(name, resource.name))
        return [];
      const problem = `${resource.name} is named "${name}": a replacement would have to wait until it is deleted, and AWS deletes none that is in use (ResourceInUse).`;
      return [violation(resource, problem)];
    },
  },
};

/** Pulumi's own names: the resource's name, a hyphen and seven hexadecimal digits (the bridge's default). */
function isMadeUp(name: string, logical: string): boolean {
  return name.startsWith(`${logical}-`) && /^[0-9a-f]{7,}$/.test(name.slice(logical.length + 1));
}
