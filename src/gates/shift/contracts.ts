import { refusal } from "../../errors/faults.js";
import { type ContractHolder, contractConflict, contractFromTags } from "../../plan/dataContract.js";
import { VERSION_TAG } from "../../plan/releaseTags.js";
import type { Fleets } from "./fleets.js";
import type { Shift } from "./shift.js";

/** Refuses to give users to a release that cannot share its data with one that has users now. */
export function assertContracts({ request, course }: Shift, fleets: Fleets): void {
  const reasons = new Set<string>();
  for (const [arn, percent] of course.present) {
    if (percent <= 0) continue;
    for (const gaining of course.gaining) {
      if (gaining.targetGroupArn === arn) continue;
      for (const reason of conflicts(runningOn(arn), gaining)) reasons.add(reason);
    }
  }
  if (reasons.size === 0) return;
  throw refusal(request.subject, {
    code: "HIT201",
    problem: `${course.gaining.map((target) => target.label).join(", ")} cannot have users beside what has them now: ${[...reasons].join("; ")}.`,
    why: "Users are served by both releases while the weights move, so each has to read what the other writes.",
    fix: "release a version in between that reads both, move users there first, then here; going back takes the same steps in reverse",
  });

  /** What its servers were started as, by the tags of their groups; the program's word where there is no group. */
  function runningOn(arn: string): (() => ContractHolder)[] {
    const groups = fleets.of(arn).filter((group) => group.tags[VERSION_TAG] !== undefined);
    if (groups.length > 0) {
      return groups.map((group) => () => {
        const data = contractFromTags(group.tags);
        return { version: group.tags[VERSION_TAG] as string, ...(data ? { data } : {}) };
      });
    }
    return request.targets.filter((target) => target.targetGroupArn === arn).map((target) => () => target);
  }
}

function conflicts(running: readonly (() => ContractHolder)[], gaining: ContractHolder): string[] {
  return running.flatMap((read) => {
    try {
      return [...(contractConflict(read(), gaining)?.reasons ?? [])];
    } catch (error) {
      // Tags that somebody changed: a contract that cannot be read does not pass for one that fits.
      if (error instanceof RangeError) return [error.message];
      throw error;
    }
  });
}
