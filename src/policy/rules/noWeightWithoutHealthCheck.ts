import type { Fleet } from "../model/fleets.js";
import { containersOf } from "../model/kubernetes/pods.js";
import { isInside } from "../model/links.js";
import { type StackResource, TYPES } from "../model/resource.js";
import { at, flag, isKnown, text, UNKNOWN } from "../model/values.js";
import { type Rule, unseen, type Verdict, violation } from "../rule.js";

/** Weight goes only to target groups whose health check can tell a working server from a broken one. */
export const noWeightWithoutHealthCheck: Rule<object> = {
  name: "no-weight-without-health-check",
  title: "A target group with weight needs a health check that can fail.",
  severity: "high",
  level: "mandatory",
  remediation: [
    "Turn the target group's health check on, and let it pass on success codes only (matcher 200-399 or less).",
    "Give a Deployment's container a readinessProbe.",
    'Set the Auto Scaling group\'s healthCheckType to "ELB", so that servers which fail the check are replaced.',
  ],
  options: {},
  defaults: {},
  stack: ({ entrances, fleets }) => {
    const verdicts: Verdict[] = [];
    const judged = new Set<unknown>();
    for (const { resource, forwards, candidates } of entrances) {
      const weighted = forwards.filter(({ weight }) => weight !== 0).map(({ target }) => target);
      const hidden = weighted.includes(UNKNOWN);
      for (const target of [...weighted.filter(isInside), ...(hidden ? candidates : [])]) {
        if (judged.has(target) || target.type !== TYPES.targetGroup) continue;
        judged.add(target);
        const problem = problemOf(target.props);
        if (problem === UNKNOWN) verdicts.push(unseen(target, `the health check of ${target.name}`));
        else if (problem && candidates.includes(target))
          verdicts.push(unseen(target, `the weight of ${target.name} (${problem})`));
        else if (problem)
          verdicts.push(violation(target, `${target.name} has weight in ${resource.name}, but ${problem}.`));
      }
      if (hidden && candidates.length === 0)
        verdicts.push(unseen(resource, `which target group ${resource.name} forwards to`));
    }
    for (const { resource, places, name } of fleets) {
      if (resource.type === TYPES.deployment) verdicts.push(...probeVerdicts(resource, name, places));
      if (resource.type !== TYPES.group || !places.some(({ share }) => share !== 0)) continue;
      const type = text(resource.props, "healthCheckType");
      const hidden = places.every(({ share }) => share === UNKNOWN || share === 0);
      if (type === UNKNOWN) verdicts.push(unseen(resource, `healthCheckType of ${name}`));
      else if (!/ELB/i.test(type ?? "EC2") && hidden)
        verdicts.push(unseen(resource, `the weight of ${name}, which has no ELB health check,`));
      else if (!/ELB/i.test(type ?? "EC2")) {
        const problem = `${name} serves users with healthCheckType ${type ?? "EC2"}: servers that fail the load balancer's check are never replaced.`;
        verdicts.push(violation(resource, problem));
      }
    }
    return verdicts;
  },
};

/** A pod without a readiness probe is sent requests as soon as its process runs (Kubernetes, "Pod Lifecycle"). */
function probeVerdicts(resource: StackResource, name: string, places: Fleet["places"]): Verdict[] {
  if (!places.some(({ share }) => share !== 0)) return [];
  const containers = containersOf(resource);
  const probes = containers === UNKNOWN ? [UNKNOWN] : containers.map((each) => at(each, "readinessProbe"));
  if (probes.some(isKnown)) return [];
  if (probes.includes(UNKNOWN)) return [unseen(resource, `the readiness probe of ${name}`)];
  if (places.every(({ share }) => share === UNKNOWN || share === 0))
    return [unseen(resource, `the weight of ${name}, which has no readiness probe,`)];
  const problem = `${name} serves users and has no readinessProbe: a pod is sent requests as soon as its process runs, and a rollout takes it for good.`;
  return [violation(resource, problem)];
}

function problemOf(props: Record<string, unknown>): string | undefined | typeof UNKNOWN {
  if (at(props, "healthCheck") === UNKNOWN) return UNKNOWN;
  const enabled = flag(props, "healthCheck", "enabled");
  const matcher = text(props, "healthCheck", "matcher");
  if (enabled === false) return "its health check is off";
  if (isKnown(matcher) && /(^|[,-])4\d\d/.test(matcher)) return `its health check passes errors (matcher "${matcher}")`;
  return enabled === UNKNOWN || matcher === UNKNOWN ? UNKNOWN : undefined;
}
