import { contractConflict } from "../../plan/dataContract.js";
import { isKnown, UNKNOWN } from "../model/values.js";
import { type Rule, unseen, type Verdict, violation } from "../rule.js";

/** Releases that serve side by side read what the others write. */
export const dataContract: Rule<object> = {
  name: "data-contract",
  title: "Releases that share an entrance must be able to share their data.",
  severity: "critical",
  level: "mandatory",
  remediation: [
    "Release a version in between that reads both, so that each neighbour reads what the other writes.",
    "Give the contract as tags hitless:data-writes and hitless:data-reads, or as data in our components.",
  ],
  options: {},
  defaults: {},
  stack: ({ entrances, fleets }) => {
    const verdicts: Verdict[] = [];
    const judged = new Set<string>();
    for (const entrance of entrances) {
      const here = fleets.filter(
        (fleet) => fleet.servers !== 0 && fleet.places.some((place) => place.entrance === entrance),
      );
      here.forEach((one, index) => {
        if (one.contract === UNKNOWN) verdicts.push(unseen(one.resource, `the data contract of ${one.name}`));
        for (const other of here.slice(index + 1)) {
          const pair = `${one.resource.urn} ${other.resource.urn}`;
          if (one.contract === UNKNOWN || other.contract === UNKNOWN || judged.has(pair)) continue;
          judged.add(pair);
          const conflict = contractConflict(
            { version: isKnown(one.version) ? one.version : one.name, data: one.contract },
            { version: isKnown(other.version) ? other.version : other.name, data: other.contract },
          );
          if (conflict)
            verdicts.push(
              violation(
                one.resource,
                `${one.name} and ${other.name} stand side by side: ${conflict.reasons.join("; ")}.`,
              ),
            );
        }
      });
    }
    return verdicts;
  },
};
