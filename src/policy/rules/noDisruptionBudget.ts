import { hasDisruptionBudget } from "../model/kubernetes/workloads.js";
import { TYPES } from "../model/resource.js";
import { isKnown, UNKNOWN } from "../model/values.js";
import { type Rule, unseen, type Verdict, violation } from "../rule.js";

/** Draining nodes does not take all servers at once. */
export const noDisruptionBudget: Rule<object> = {
  name: "no-disruption-budget",
  title: "Pods that serve users need a disruption budget.",
  severity: "medium",
  level: "advisory",
  remediation: ["Add a PodDisruptionBudget with maxUnavailable 1 (or minAvailable) whose selector takes the pods."],
  options: {},
  defaults: {},
  needs: TYPES.deployment,
  stack: ({ fleets, resources }) =>
    fleets.flatMap(({ resource, role, places, servers, name }): Verdict[] => {
      if (resource.type !== TYPES.deployment || role !== "live" || places.length === 0) return [];
      if (isKnown(servers) && servers < 2) return []; // single-server-live tells that
      const found = hasDisruptionBudget(resource, resources);
      if (found === true) return [];
      if (found === UNKNOWN) return [unseen(resource, `whether ${name} has a disruption budget`)];
      const problem = `${name} serves users without a PodDisruptionBudget: draining nodes may evict all of its pods at once.`;
      return [violation(resource, problem)];
    }),
};
