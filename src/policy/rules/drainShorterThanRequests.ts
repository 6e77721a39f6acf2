import { containersOf, podNumber, preStopSeconds } from "../model/kubernetes/pods.js";
import { TYPES } from "../model/resource.js";
import type { StackModel } from "../model/stack.js";
import { isKnown, number, UNKNOWN } from "../model/values.js";
import { type Rule, unseen, type Verdict, violation } from "../rule.js";

/** A server that leaves may finish what it has begun. */
export const drainShorterThanRequests: Rule<{ longestRequestSeconds: number }> = {
  name: "drain-shorter-than-requests",
  title: "The drain must outlast the longest request.",
  severity: "high",
  level: "mandatory",
  remediation: [
    "Set the target group's deregistrationDelay to at least the longest request that you serve.",
    "Let a Deployment's pods sleep in preStop for the drain, and make terminationGracePeriodSeconds longer than that and the longest request.",
  ],
  options: {
    longestRequestSeconds: {
      type: "integer",
      minimum: 0,
      maximum: 3600,
      description: "Seconds that the longest request takes.",
    },
  },
  defaults: { longestRequestSeconds: 10 },
  resource: {
    types: [TYPES.targetGroup],
    judge: (resource, { longestRequestSeconds }) => {
      const drain = number(resource.props, "deregistrationDelay");
      if (drain === UNKNOWN) return [unseen(resource, `deregistrationDelay of ${resource.name}`)];
      if (drain === undefined || drain >= longestRequestSeconds) return []; // AWS's default is 300
      const problem = `${resource.name} drains for ${drain} s, expected at least ${longestRequestSeconds} s: AWS answers 502 to a request that outlives the drain.`;
      return [violation(resource, problem)];
    },
  },
  needs: TYPES.deployment,
  stack: ({ fleets }, { longestRequestSeconds }) =>
    fleets.flatMap((fleet) =>
      fleet.resource.type === TYPES.deployment ? judgePods(fleet, longestRequestSeconds) : [],
    ),
};

/** Kubernetes' own grace period, from the deletion of a pod to its being killed. */
const GRACE_SECONDS = 30;

/** A pod is told to end at once, and killed when its grace is over; meanwhile the load balancer still sends it requests. */
function judgePods({ resource, places, name }: StackModel["fleets"][number], longest: number): Verdict[] {
  if (places.length === 0) return []; // nobody sends it requests from outside
  const said = podNumber(resource, "terminationGracePeriodSeconds");
  const grace = said === undefined ? GRACE_SECONDS : said;
  const containers = containersOf(resource);
  const waits = containers === UNKNOWN ? [UNKNOWN] : containers.map(preStopSeconds);
  if (grace === UNKNOWN || waits.includes(UNKNOWN)) return [unseen(resource, `how the pods of ${name} end`)];
  const known = waits.filter((wait): wait is number => typeof wait === "number");
  const wait = Math.max(0, ...known);
  if (grace < wait + longest) {
    const sum = wait > 0 ? `${wait} s of preStop and ${longest} s of the longest request` : `${longest} s`;
    const problem = `the pods of ${name} are killed ${grace} s after they are told to end, expected at least ${sum}.`;
    return [violation(resource, problem)];
  }
  if (waits.some(isKnown)) return [];
  const problem = `the pods of ${name} have no preStop: they are told to end while the load balancer still sends them requests, for as long as it takes to hear of it.`;
  return [violation(resource, problem, "advisory")];
}
