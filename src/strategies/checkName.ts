import type { Finding } from "../errors/faults.js";

/** A target group's name has at most 32 characters (ELBv2 API); Pulumi appends a hyphen and seven digits. */
const LONGEST_NAME = 32 - 8;

/** A component's name becomes that of its target group, the strictest of the names that AWS gets. */
export function checkName(name: string): Finding[] {
  const problems: string[] = [];
  if (name.length > LONGEST_NAME) problems.push(`has ${name.length} characters, expected at most ${LONGEST_NAME}`);
  if (!/^[A-Za-z0-9-]+$/.test(name)) problems.push("has other characters than letters, digits and hyphens");
  if (/^-|-$/.test(name)) problems.push("begins or ends with a hyphen");
  if (/^internal-/i.test(name)) problems.push('begins with "internal-", which AWS keeps for itself');
  if (/^sg-/i.test(name)) problems.push('begins with "sg-", which AWS keeps for itself');
  if (problems.length === 0) return [];
  const fix = "choose a name such as `web` or `checkout-api`";
  return [{ code: "HIT100", problem: `the component's name ${problems.join(", and ")}.`, fix }];
}
