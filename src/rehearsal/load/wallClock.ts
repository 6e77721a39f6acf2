import { performance } from "node:perf_hooks";

const { timeOrigin } = performance;

/** Wall clock milliseconds with fractions; it never jumps back, unlike `Date.now()`. */
export function wallClock(): number {
  return timeOrigin + performance.now();
}
