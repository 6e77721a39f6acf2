import type { Group } from "../group.js";
import { isActive } from "../member.js";
import type { ScalingPolicyRecord, Step } from "./record.js";

/** Where desired capacity should go, before it is held between minimum and maximum. */
export interface Adjustment {
  readonly wanted: number;
}

/** Simple scaling: the adjustment of desired capacity itself. */
export function simpleTarget(policy: ScalingPolicyRecord, desired: number): number {
  return adjust(policy, desired, policy.scalingAdjustment ?? 0);
}

/**
 * Step scaling: the step that holds the breach decides. Instances still warming up are not counted as capacity, so that the
 * same step does not add its instances twice, but capacity already on its way is not taken back (user guide, "instance warmup").
 */
export function stepTarget(
  policy: ScalingPolicyRecord,
  desired: number,
  warming: number,
  breach: number,
): number | undefined {
  const step = policy.steps.find((one) => holds(one, breach));
  if (!step) return undefined;
  const base = adjust(policy, Math.max(0, desired - warming), step.adjustment);
  const growing = policy.adjustmentType === "ExactCapacity" ? step.adjustment > desired : step.adjustment > 0;
  if (growing) return Math.max(desired, base);
  return warming > 0 ? undefined : adjust(policy, desired, step.adjustment);
}

function holds(step: Step, breach: number): boolean {
  // User guide: for a breach above the threshold the lower bound is inclusive, below it the upper one is.
  const lower = step.lower ?? Number.NEGATIVE_INFINITY;
  const upper = step.upper ?? Number.POSITIVE_INFINITY;
  return breach >= 0 && upper > 0 ? breach >= lower && breach < upper : breach > lower && breach <= upper;
}

/** User guide, "PercentChangeInCapacity": above 1 rounded down, between 0 and 1 up to 1, and the same below zero. */
function adjust(policy: ScalingPolicyRecord, current: number, amount: number): number {
  if (policy.adjustmentType === "ExactCapacity") return amount;
  if (policy.adjustmentType !== "PercentChangeInCapacity") return current + amount;
  const exact = (current * amount) / 100;
  const whole = Math.abs(exact) >= 1 ? Math.trunc(exact) : Math.sign(exact);
  const magnitude = Math.max(Math.abs(whole), policy.minMagnitude ?? 0);
  return current + Math.sign(amount) * magnitude;
}

/** Target tracking: capacity in proportion to the metric. */
export function trackingTarget(
  role: "high" | "low",
  facts: { desired: number; serving: number; warming: number; value: number; target: number },
): number | undefined {
  const proportional = Math.ceil((Math.max(1, facts.serving) * facts.value) / facts.target);
  if (role === "high") return Math.max(facts.desired, proportional);
  // Scale-in waits until nothing is warming up, and never grows the group.
  return facts.warming > 0 ? undefined : Math.min(facts.desired, proportional);
}

/** Active instances that have not been in service for `warmupSeconds` yet. */
export function countWarming(group: Group, warmupSeconds: number): number {
  let warming = 0;
  for (const member of group.members.values()) {
    if (!isActive(member)) continue;
    if (member.inServiceAt === undefined || group.env.clock.secondsSince(member.inServiceAt) < warmupSeconds) warming++;
  }
  return warming;
}
