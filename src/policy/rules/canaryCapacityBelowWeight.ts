import type { Fleet } from "../model/fleets.js";
import { isKnown, UNKNOWN, type Unknown } from "../model/values.js";
import { type Rule, unseen, type Verdict, violation } from "../rule.js";

/** Whoever gets a share of the users has the servers to carry it. */
export const canaryCapacityBelowWeight: Rule<object> = {
  name: "canary-capacity-below-weight",
  title: "A fleet needs servers for the share of users that it gets.",
  severity: "high",
  level: "mandatory",
  remediation: [
    "Start more servers in the fleet, or give it less weight.",
    'In CanaryRelease leave capacity at "matched".',
  ],
  options: {},
  defaults: {},
  stack: ({ entrances, fleets }) => {
    const verdicts: Verdict[] = [];
    for (const entrance of entrances) {
      if (entrance.chosen) continue;
      const here = fleets.flatMap((fleet) =>
        fleet.places
          .filter((place) => place.entrance === entrance)
          .map(({ share }): { fleet: Fleet; share: number | Unknown } => ({ fleet, share })),
      );
      if (here.length < 2) continue;
      const total = Math.max(0, ...here.map(({ fleet }) => (isKnown(fleet.servers) ? fleet.servers : 0)));
      for (const { fleet, share } of here) {
        const { resource, name, servers } = fleet;
        // As many as the largest fleet carry any share.
        if (isKnown(servers) && servers >= total && total > 0) continue;
        if (share === UNKNOWN || !isKnown(servers)) verdicts.push(unseen(resource, `weight or size of ${name}`));
        else if (share > 0) {
          // Rounded a little down first: 10 % of 10 servers is one server also in floating point.
          const needed = Math.max(1, Math.ceil((total * share) / 100 - 1e-9));
          if (servers >= needed) continue;
          const problem = `${name} gets ${round(share)} % of the users with ${count(servers)}, expected at least ${needed} (the largest fleet there has ${total}).`;
          verdicts.push(violation(resource, problem));
        }
      }
    }
    return verdicts;
  },
};

const round = (share: number): number => Math.round(share * 10) / 10;
const count = (servers: number): string => (servers === 1 ? "1 server" : `${servers} servers`);
