/**
 * How MaxHealthyPercentage becomes a number of instances. AWS documents that the minimum is rounded up (older SDK docstring)
 * and says nothing of the maximum, so a rehearsal can try all three.
 */
export type MaxHealthyRounding = "floor" | "nearest" | "ceil";

export interface HealthyPercentages {
  readonly min: number;
  readonly max: number;
  /** Whether the maximum was given. botocore model: giving 100 "is not equivalent to omitting it". */
  readonly maxGiven: boolean;
}

export interface Bounds {
  /** In service, healthy and ready: never fewer, as long as the refresh is the only one taking instances away. */
  readonly minHealthy: number;
  /** In service or pending: never more. */
  readonly maxTotal: number;
}

const ROUND: Record<MaxHealthyRounding, (value: number) => number> = {
  floor: Math.floor,
  nearest: Math.round,
  ceil: Math.ceil,
};

/** `percent` of `count`, free of the noise of binary fractions: 110 % of 10 is 11, not 11.000000000000002. */
function share(count: number, percent: number): number {
  return (count * percent) / 100;
}

/**
 * The bounds a refresh works within. Where the percentages leave no instance to replace, something must give: with the
 * maximum given, or a minimum of 100, AWS launches first and goes one above; with the maximum omitted it terminates and
 * launches together, one below (botocore model, MaxHealthyPercentage; user guide, "how an instance refresh works").
 */
export function effectiveBounds(
  desired: number,
  percentages: HealthyPercentages,
  rounding: MaxHealthyRounding,
): Bounds {
  const minHealthy = Math.min(desired, Math.ceil(share(desired, percentages.min)));
  const maxTotal = Math.max(desired, ROUND[rounding](share(desired, percentages.max)));
  if (minHealthy < desired || maxTotal > desired) return { minHealthy, maxTotal };
  if (percentages.maxGiven || percentages.min === 100) return { minHealthy, maxTotal: desired + 1 };
  return { minHealthy: Math.max(0, desired - 1), maxTotal };
}
