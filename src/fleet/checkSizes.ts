import type { Faults } from "../errors/faults.js";
import { wholeNumber } from "../errors/known.js";

/** The sizes of a fleet as a program gives them. */
export interface GivenSizes {
  readonly minSize?: number;
  readonly desiredCapacity?: number;
  readonly maxSize?: number;
}

/** @param why the reason for their order, where the platform's is not AWS's */
export function checkSizes({ minSize, desiredCapacity, maxSize }: GivenSizes, faults: Faults, why?: string): void {
  let whole = true;
  for (const [name, size] of Object.entries({ minSize, desiredCapacity, maxSize })) {
    if (size === undefined) continue;
    const low = name === "minSize" ? 0 : 1;
    const findings = wholeNumber(`fleet.${name}`, "HIT116", low, Number.POSITIVE_INFINITY)(size);
    faults.addAll(findings);
    whole &&= findings.length === 0;
  }
  if (!whole || desiredCapacity === undefined) return;
  const [low, high] = [minSize ?? desiredCapacity, maxSize ?? desiredCapacity];
  if (low <= desiredCapacity && desiredCapacity <= high) return;
  faults.add({
    code: "HIT115",
    problem: `fleet has minSize ${low}, desiredCapacity ${desiredCapacity}, maxSize ${high}; expected minSize <= desiredCapacity <= maxSize.`,
    fix: "put them in order",
    ...(why !== undefined ? { why } : {}),
  });
}
