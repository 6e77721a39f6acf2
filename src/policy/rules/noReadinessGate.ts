import { mapAt, namespaceOf } from "../model/kubernetes/objects.js";
import { isInside } from "../model/links.js";
import { TYPES } from "../model/resource.js";
import { isKnown, text, UNKNOWN } from "../model/values.js";
import { type Rule, unseen, type Verdict, violation } from "../rule.js";

/** A rollout waits for the load balancer, not only for the kubelet. */
export const noReadinessGate: Rule<object> = {
  name: "no-readiness-gate",
  title: "Pods that a load balancer sends requests to must wait for it to find them healthy.",
  severity: "high",
  level: "mandatory",
  remediation: [`Label the namespace "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled", before its pods are made.`],
  options: {},
  defaults: {},
  needs: TYPES.targetGroupBinding,
  stack: ({ resources, links }) => {
    const namespaces = resources.filter(({ type }) => type === TYPES.namespace);
    const judged = new Set<unknown>();
    return resources.flatMap((binding): Verdict[] => {
      if (binding.type !== TYPES.targetGroupBinding) return [];
      // The gate is for pods that are targets themselves (AWS Load Balancer Controller, "Pod readiness gate").
      const target = links.follow(binding, "spec", text(binding.props, "spec", "targetGroupARN"), TYPES.targetGroup);
      const said = text(binding.props, "spec", "targetType");
      const kind = said === undefined && isInside(target) ? text(target.props, "targetType") : said;
      if (kind !== undefined && kind !== UNKNOWN && kind !== "ip") return [];
      const name = namespaceOf(binding);
      const namespace = namespaces.find(({ props }) => isKnown(name) && text(props, "metadata", "name") === name);
      // One of another stack is judged there.
      if (!namespace || judged.has(namespace)) return [];
      judged.add(namespace);
      const label = mapAt(namespace.props, "metadata", "labels")[LABEL];
      if (label === "enabled") return [];
      if (label === UNKNOWN || kind !== "ip")
        return [unseen(namespace, `whether pods of ${namespace.name} have a readiness gate`)];
      const problem = `${namespace.name} has pods behind a load balancer (${binding.name}) and no label ${LABEL}="enabled": a rollout would go on while the load balancer still sends requests nowhere.`;
      return [violation(namespace, problem)];
    });
  },
};

const LABEL = "elbv2.k8s.aws/pod-readiness-gate-inject";
