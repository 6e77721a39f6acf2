import { TYPES } from "../model/resource.js";
import { type Rule, violation } from "../rule.js";

const PROPERTIES: Readonly<Record<string, string>> = {
  [TYPES.listener]: "defaultActions",
  [TYPES.listenerRule]: "actions",
  [TYPES.httpRoute]: "spec.rules",
};

/** Pulumi sees the weights, so that a diff tells the truth. */
export const noIgnoredWeights: Rule<object> = {
  name: "no-ignored-weights",
  title: "ignoreChanges must not cover a listener's, a rule's or a route's weights.",
  severity: "critical",
  level: "mandatory",
  remediation: ["Remove the actions (or spec.rules) from ignoreChanges, and let the program say the weights."],
  options: {},
  defaults: {},
  resource: {
    types: [TYPES.listener, TYPES.listenerRule, TYPES.httpRoute],
    judge: (resource) => {
      const property = PROPERTIES[resource.type] as string;
      const ignored = resource.ignoreChanges.filter((key) => key === "*" || key === "spec" || key.startsWith(property));
      if (ignored.length === 0) return [];
      if (resource.type === TYPES.httpRoute) {
        const problem = `${resource.name} ignores changes of ${ignored.join(", ")}: the program's weights are never sent, and a diff does not show who has them.`;
        return [violation(resource, problem)];
      }
      const problem = `${resource.name} ignores changes of ${ignored.join(", ")}: the provider then sends weights of its own, and a target group with weight 0 gets 1 (pulumi-aws issues 5772, 5798).`;
      return [violation(resource, problem)];
    },
  },
};
