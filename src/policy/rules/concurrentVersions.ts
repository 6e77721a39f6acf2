import type { Entrance } from "../model/entrances.js";
import { isKnown, UNKNOWN } from "../model/values.js";
import { type Rule, type Verdict, violation } from "../rule.js";

/** Few versions at once: each pair of them has to work side by side. */
export const concurrentVersions: Rule<{ adviseAbove: number; forbidAbove: number }> = {
  name: "concurrent-versions",
  title: "Not too many versions must stand behind one entrance.",
  severity: "medium",
  level: "mandatory",
  remediation: [
    "Promote or remove a version before you add another.",
    "Raise adviseAbove or forbidAbove, when you mean it.",
  ],
  options: {
    adviseAbove: {
      type: "integer",
      minimum: 1,
      maximum: 5,
      description: "More versions than this are told, and allowed.",
    },
    forbidAbove: { type: "integer", minimum: 1, maximum: 5, description: "More versions than this are forbidden." },
  },
  defaults: { adviseAbove: 2, forbidAbove: 3 },
  stack: ({ entrances, fleets }, { adviseAbove, forbidAbove }) => {
    const told = new Set<string>();
    return entrances.flatMap((entrance: Entrance): Verdict[] => {
      const here = fleets.filter(
        ({ places, servers }) => servers !== 0 && places.some((place) => place.entrance === entrance),
      );
      const versions = [
        ...new Set(here.map(({ version }) => version).filter((version): version is string => isKnown(version))),
      ].sort();
      const key = versions.join("\n");
      if (versions.length > adviseAbove && !told.has(key)) {
        told.add(key);
        const forbidden = versions.length > forbidAbove;
        const limit = forbidden ? forbidAbove : adviseAbove;
        const problem = `${entrance.resource.name} has ${versions.length} versions at once (${versions.join(", ")}), expected at most ${limit}.`;
        return [violation(entrance.resource, problem, forbidden ? undefined : "advisory")];
      }
      const hidden = here.filter(({ version }) => version === UNKNOWN);
      if (hidden.length === 0 || versions.length + hidden.length <= adviseAbove) return [];
      const problem = `the version of ${hidden.map(({ name }) => name).join(", ")} is not known yet`;
      return [{ urn: entrance.resource.urn, problem, unseen: true }];
    });
  },
};
