import { TYPES } from "../model/resource.js";
import { type Rule, violation } from "../rule.js";

/** Pulumi sees the weights, so that a diff tells the truth. */
export const noIgnoredWeights: Rule<object> = {
  name: "no-ignored-weights",
  title: "ignoreChanges must not cover a listener's or a rule's actions.",
  severity: "critical",
  level: "mandatory",
  remediation: ["Remove the actions from ignoreChanges, and let the program say the weights."],
  options: {},
  defaults: {},
  resource: {
    types: [TYPES.listener, TYPES.listenerRule],
    judge: (resource) => {
      const property = resource.type === TYPES.listener ? "defaultActions" : "actions";
      const ignored = resource.ignoreChanges.filter((key) => key === "*" || key.startsWith(property));
      if (ignored.length === 0) return [];
      const problem = `${resource.name} ignores changes of ${ignored.join(", ")}: the provider then sends weights of its own, and a target group with weight 0 gets 1 (pulumi-aws issues 5772, 5798).`;
      return [violation(resource, problem)];
    },
  },
};
