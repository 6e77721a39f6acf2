/** The first engine whose `up` fails when an `after` hook fails (Pulumi's changelog, 3.238). */
export const OLDEST_ENGINE = "3.238.0";

/** Compares dotted versions by number; a pre-release suffix is ignored. */
export function isAtLeast(version: string, oldest: string): boolean {
  const parse = (text: string): number[] => (text.replace(/^v/, "").split("-")[0] ?? "").split(".").map(Number);
  const [left, right] = [parse(version), parse(oldest)];
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
