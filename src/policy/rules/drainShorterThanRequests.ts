import { TYPES } from "../model/resource.js";
import { number, UNKNOWN } from "../model/values.js";
import { type Rule, unseen, violation } from "../rule.js";

/** A server that leaves may finish what it has begun. */
export const drainShorterThanRequests: Rule<{ longestRequestSeconds: number }> = {
  name: "drain-shorter-than-requests",
  title: "The drain must outlast the longest request.",
  severity: "high",
  level: "mandatory",
  remediation: ["Set the target group's deregistrationDelay to at least the longest request that you serve."],
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
};
