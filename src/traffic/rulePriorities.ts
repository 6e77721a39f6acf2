import * as pulumi from "@pulumi/pulumi";
import type { Faults } from "../errors/faults.js";
import type { EntrancePlan } from "./checkEntrance.js";

/** A place among the rules of a listener that a component takes. */
export interface PriorityClaim {
  readonly listenerArn: pulumi.Input<string>;
  readonly priority: pulumi.Input<number>;
  /** The argument that says so, such as `entrance.priority`. */
  readonly argument: string;
}

interface Taken extends PriorityClaim {
  readonly subject: string;
}

/** What the components of a program have taken; a run of a program has a monitor of its own, also in one process. */
const runs = new WeakMap<object, Taken[]>();

/**
 * Refuses two rules on one place of one listener: AWS would, but in the middle of an update. Priorities that are not known while the
 * program runs, and listeners that are known only under different Outputs, are left to AWS (`PriorityInUse`).
 */
export function claimPriorities(faults: Faults, claims: readonly PriorityClaim[]): void {
  const run = pulumi.runtime.getMonitor() as object | undefined;
  const taken = (run && runs.get(run)) ?? [];
  for (const claim of claims) {
    const other = taken.find((each) => sameListener(each, claim) && samePriority(each, claim));
    if (other) {
      const whose = other.subject === faults.subject ? "its own" : `that of ${other.subject}`;
      faults.add({
        code: "HIT174",
        problem: `${claim.argument} is ${String(claim.priority)}, which is ${whose} ${other.argument} on the same listener.`,
        fix: "give each rule of a listener a number of its own; lower ones are looked at first",
      });
    }
    taken.push({ ...claim, subject: faults.subject });
  }
  if (run) runs.set(run, taken);
}

/** The place that an entrance takes: one that is a rule has one. */
export function entranceClaims(entrance: EntrancePlan): PriorityClaim[] {
  if (entrance.kind !== "rule") return [];
  const { listenerArn, priority } = entrance;
  return [{ listenerArn, priority, argument: "entrance.priority" }];
}

function sameListener(one: PriorityClaim, other: PriorityClaim): boolean {
  return one.listenerArn === other.listenerArn; // the same text, or the very same Output
}

function samePriority(one: PriorityClaim, other: PriorityClaim): boolean {
  return typeof one.priority === "number" && one.priority === other.priority;
}
