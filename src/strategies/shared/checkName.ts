import type { Finding } from "../../errors/faults.js";
import { SHORTEST_SLUG } from "../../plan/fleetSlug.js";

/** A target group's name has at most 32 characters (ELBv2 API); Pulumi appends a hyphen and seven digits. */
const LONGEST_NAME = 32 - 8;

/**
 * A component's name becomes that of its target group, the strictest of the names that AWS gets.
 * @param suffix the most characters that the component appends to it
 */
export function checkName(name: string, suffix = 0): Finding[] {
  const problems: string[] = [];
  const longest = LONGEST_NAME - suffix;
  if (name.length > longest) problems.push(`has ${name.length} characters, expected at most ${longest}`);
  if (!/^[A-Za-z0-9-]+$/.test(name)) problems.push("has other characters than letters, digits and hyphens");
  if (/^-|-$/.test(name)) problems.push("begins or ends with a hyphen");
  if (/^internal-/i.test(name)) problems.push('begins with "internal-", which AWS keeps for itself');
  if (/^sg-/i.test(name)) problems.push('begins with "sg-", which AWS keeps for itself');
  if (problems.length === 0) return [];
  const fix = "choose a name such as `web` or `checkout-api`";
  return [{ code: "HIT100", problem: `the component's name ${problems.join(", and ")}.`, fix }];
}

/** What a hyphen and the shortest version append to a component's name. */
export const SLUG_SUFFIX = SHORTEST_SLUG + 1;

/** How many characters of a fleet's name are left for its version. */
export function roomForSlug(name: string): number {
  return Math.max(SHORTEST_SLUG, LONGEST_NAME - name.length - 1); // a name that leaves less has been refused
}
