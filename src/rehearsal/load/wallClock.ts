import { performance } from "node:perf_hooks";

/** Wall clock milliseconds with fractions; it never jumps back, unlike `Date.now()`. */
export function wallClock(): number {
  return performance.timeOrigin + performance.now();
}
