import type { VerifyCheck } from "./checkVerify.js";
import type { Observation } from "./probe.js";

/** How much of a body a message shows. */
const SHOWN = 200;

/** What is wrong with an answer, one phrase each; nothing when it is as it should be. */
export function judge(check: VerifyCheck, seen: Observation): string[] {
  if ("failure" in seen) return [seen.failure];
  const problems: string[] = [];
  if (seen.status !== check.status) problems.push(`status is ${seen.status}, expected ${check.status}`);
  for (const { name, value } of check.headers) {
    const found = seen.headers[name.toLowerCase()];
    if (found === value) continue;
    problems.push(
      `header ${name} is ${found === undefined ? "missing" : JSON.stringify(found)}, expected ${JSON.stringify(value)}`,
    );
  }
  if (check.bodyContains !== undefined && !seen.body.includes(check.bodyContains)) {
    problems.push(`the body lacks ${JSON.stringify(check.bodyContains)}`);
  }
  if (seen.milliseconds > check.latencyMs) {
    problems.push(`it took ${Math.round(seen.milliseconds)} ms, expected at most ${check.latencyMs} ms`);
  }
  if (problems.length > 0 && (seen.status !== check.status || check.bodyContains !== undefined)) {
    problems.push(
      seen.body === "" ? "the body is empty" : `the body begins ${JSON.stringify(seen.body.slice(0, SHOWN))}`,
    );
  }
  return problems;
}
