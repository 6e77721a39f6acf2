import { containersOf } from "../model/kubernetes/pods.js";
import { type StackResource, TYPES } from "../model/resource.js";
import { at, isKnown, number, UNKNOWN } from "../model/values.js";
import { type Rule, unseen, type Verdict, violation } from "../rule.js";

/** A broken server is found before the drain of a healthy one would have ended. */
export const healthCheckTooSlow: Rule<{ maxDetectionSeconds: number }> = {
  name: "health-check-too-slow",
  title: "A broken server must be found quickly.",
  severity: "medium",
  level: "advisory",
  remediation: [
    "Shorten healthCheck.interval and timeout, or lower unhealthyThreshold: interval × threshold + timeout is what detection takes.",
    "On Kubernetes shorten the readinessProbe's periodSeconds, timeoutSeconds or failureThreshold.",
    "Or lengthen deregistrationDelay, when requests really take that long.",
  ],
  options: {
    maxDetectionSeconds: {
      type: "integer",
      minimum: 10,
      maximum: 3600,
      description: "Seconds that detection may take where the drain is shorter.",
    },
  },
  defaults: { maxDetectionSeconds: 60 },
  resource: {
    types: [TYPES.targetGroup, TYPES.deployment],
    judge: (resource, { maxDetectionSeconds }) => {
      if (resource.type === TYPES.deployment) return judgeProbes(resource, maxDetectionSeconds);
      const { props, name } = resource;
      // The provider's defaults: 30 s, 5 s, 3 failures, 300 s.
      const or = (value: ReturnType<typeof number>, otherwise: number) => (value === undefined ? otherwise : value);
      const interval = or(number(props, "healthCheck", "interval"), 30);
      const timeout = or(number(props, "healthCheck", "timeout"), 5);
      const threshold = or(number(props, "healthCheck", "unhealthyThreshold"), 3);
      const drain = or(number(props, "deregistrationDelay"), 300);
      if (!isKnown(interval) || !isKnown(timeout) || !isKnown(threshold) || !isKnown(drain)) {
        return [unseen(resource, `the health check or the drain of ${name}`)];
      }
      const detection = interval * threshold + timeout;
      const allowed = Math.max(maxDetectionSeconds, drain);
      if (detection <= allowed) return [];
      const sum = `${interval} s × ${threshold} + ${timeout} s`;
      return [
        violation(
          resource,
          `${name} finds a broken server after ${detection} s (${sum}), expected at most ${allowed} s (its drain is ${drain} s).`,
        ),
      ];
    },
  },
};

/** A pod that no longer answers gets no requests once its readiness probe has failed often enough. */
function judgeProbes(resource: StackResource, allowed: number): Verdict[] {
  const containers = containersOf(resource);
  if (containers === UNKNOWN) return [unseen(resource, `the readiness probes of ${resource.name}`)];
  return containers.flatMap((container): Verdict[] => {
    const probe = at(container, "readinessProbe");
    if (probe === undefined) return [];
    // Kubernetes' defaults: every 10 s, 1 s, 3 failures ("Configure Probes").
    const [period = 10, timeout = 1, threshold = 3] = ["periodSeconds", "timeoutSeconds", "failureThreshold"].map(
      (key) => number(probe, key),
    );
    if (!isKnown(period) || !isKnown(timeout) || !isKnown(threshold)) {
      return [unseen(resource, `the readiness probe of ${resource.name}`)];
    }
    const detection = period * threshold + timeout;
    if (detection <= allowed) return [];
    const problem = `${resource.name} finds a broken pod after ${detection} s (${period} s × ${threshold} + ${timeout} s), expected at most ${allowed} s.`;
    return [violation(resource, problem)];
  });
}
