import { isKnown } from "../model/values.js";
import { type Rule, unseen, type Verdict, violation } from "../rule.js";

/** Users do not hang on one server. */
export const singleServerLive: Rule<{ minimumServers: number }> = {
  name: "single-server-live",
  title: "A live fleet needs more than one server.",
  severity: "high",
  level: "mandatory",
  remediation: ["Give the live fleet at least two servers, in two availability zones."],
  options: {
    minimumServers: { type: "integer", minimum: 1, maximum: 1000, description: "The fewest servers of a live fleet." },
  },
  defaults: { minimumServers: 2 },
  stack: ({ fleets }, { minimumServers }) =>
    fleets.flatMap(({ role, places, servers, resource, name }): Verdict[] => {
      if (places.length === 0 || (role !== "live" && role !== "unseen")) return [];
      if (!isKnown(servers)) return [unseen(resource, `the size of ${name}`)];
      if (servers >= minimumServers || (role === "unseen" && servers === 0)) return [];
      if (role === "unseen") return [unseen(resource, `whether ${name} is live`)];
      return [
        violation(resource, `${name} serves users with ${servers} server(s), expected at least ${minimumServers}.`),
      ];
    }),
};
