import { TYPES } from "../model/resource.js";
import { type Rule, type Verdict, violation } from "../rule.js";

/** A fleet's target group stands in an action of the load balancer, or nobody checks its servers. */
export const noUnattachedLiveTargetGroup: Rule<object> = {
  name: "no-unattached-live-target-group",
  title: "A fleet's target group must be in a listener's or a rule's action.",
  severity: "high",
  level: "mandatory",
  remediation: [
    "Put the target group into a forward action, with weight 0 if it must not serve: AWS checks no target of an unattached group (state unused).",
    "Or remove the fleet, when nobody needs it any more.",
  ],
  options: {},
  defaults: {},
  stack: ({ fleets }) =>
    fleets.flatMap((fleet): Verdict[] => {
      const { role, places, resource, name } = fleet;
      if ((resource.type !== TYPES.group && resource.type !== TYPES.deployment) || places.length > 0) return [];
      if (role === "stuck")
        return [
          violation(
            resource,
            `${name} has servers, but no listener or rule of the stack forwards to its target group.`,
          ),
        ];
      if (role !== "unseen") return [];
      const problem = `whether a listener or rule forwards to the target group of ${name} cannot be seen in this stack yet`;
      return [{ urn: resource.urn, problem, unseen: true }];
    }),
};
