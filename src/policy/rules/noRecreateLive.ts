import { TYPES } from "../model/resource.js";
import { text, UNKNOWN } from "../model/values.js";
import { type Rule, unseen, type Verdict, violation } from "../rule.js";

/** Pods that serve are replaced one after the other. */
export const noRecreateLive: Rule<object> = {
  name: "no-recreate-live",
  title: "A Deployment that serves users must not be recreated at each change.",
  severity: "critical",
  level: "mandatory",
  remediation: [
    'Leave strategy out, or set strategy: { type: "RollingUpdate" }, with maxUnavailable 0 where no capacity may be missing.',
  ],
  options: {},
  defaults: {},
  needs: TYPES.deployment,
  stack: ({ fleets }) =>
    fleets.flatMap(({ resource, role, places, name }): Verdict[] => {
      if (resource.type !== TYPES.deployment || places.length === 0 || role === "idle") return [];
      const type = text(resource.props, "spec", "strategy", "type");
      if (type === UNKNOWN) return [unseen(resource, `the strategy of ${name}`)];
      if (type !== "Recreate") return [];
      if (role === "unseen")
        return [unseen(resource, `whether ${name}, which is recreated at each change, serves users`)];
      const problem = `${name} serves users with strategy Recreate: a change stops all of its pods before the first new one starts.`;
      return [violation(resource, problem)];
    }),
};
