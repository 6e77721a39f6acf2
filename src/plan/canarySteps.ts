/** How far one update may go. */
export interface JumpRules {
  /** The shares that a version grows to one after the other, in percent, ascending. */
  readonly steps: readonly number[];
  /** The most that a share may grow in one update, in percentage points. */
  readonly maxStep?: number;
}

/** A version whose share grows, in percent. */
export interface Growth {
  /** The share that the load balancer gives it now, whatever the program said before. */
  readonly from: number;
  readonly to: number;
  /** It becomes (or is) the stable version. */
  readonly stable: boolean;
  /** It was the stable or the previous version before this update: users come back to what they had. */
  readonly returning: boolean;
}

/** Why a growth is refused. */
export type Jump =
  /** It goes over a step; `most` is as far as it may go. */
  | { readonly kind: "step"; readonly most: number }
  /** It becomes stable without having been at the last step. */
  | { readonly kind: "promotion"; readonly needed: number }
  /** It grows by more than `maxStep`; `most` is as far as it may go. */
  | { readonly kind: "maxStep"; readonly most: number };

/** Half a tenth of a percent: what is nearer than that was meant to be the same. */
export const SAME_PERCENT = 0.05;

/**
 * What is wrong with a growth, if anything. A share that shrinks and a version that comes back are always allowed: nobody must be
 * kept on a release that fails. The steps are counted from the real share, so an update that was cut off half way goes on
 * from there.
 */
export function jumpOf({ steps, maxStep }: JumpRules, { from, to, stable, returning }: Growth): Jump | undefined {
  if (returning || to <= from + SAME_PERCENT) return undefined;
  const last = steps.at(-1);
  if (last !== undefined) {
    const reached = from >= last - SAME_PERCENT;
    if (stable && !reached) return { kind: "promotion", needed: last };
    if (!stable) {
      const most = steps.find((step) => step > from + SAME_PERCENT) ?? last;
      if (to > most + SAME_PERCENT) return { kind: "step", most };
    }
  }
  if (maxStep !== undefined && to - from > maxStep + SAME_PERCENT) return { kind: "maxStep", most: from + maxStep };
  return undefined;
}
