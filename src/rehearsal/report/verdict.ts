import type { LoadSummary } from "../load/model.js";
import type { Scenario } from "../scenario/schema.js";
import type { StepReport } from "./model.js";

/** Why a rehearsal failed; nothing when it passed. */
export function failuresOf(scenario: Scenario, steps: readonly StepReport[], load: LoadSummary | undefined): string[] {
  const failures = steps.flatMap(({ name, unmet }) => unmet.map((sentence) => `${name}: ${sentence}`));
  const left = scenario.steps.length - steps.length;
  if (left > 0) failures.push(`${left} of ${scenario.steps.length} steps were not carried out`);
  if (load === undefined || load.sent === 0) return [...failures, "no request was sent, so nothing was shown"];
  // A fault that is on purpose may cost requests; how many, the scenario says of each step.
  const allowed = steps.reduce((sum, { lost }, at) => sum + Math.min(lost, scenario.steps[at]?.lostAtMost ?? 0), 0);
  if (load.lost > allowed) failures.push(`${load.lost} of ${load.sent} requests were lost (${kinds(load)})`);
  if (load.sent < scenario.minimumRequests) {
    failures.push(`${load.sent} requests were sent, minimumRequests is ${scenario.minimumRequests}`);
  }
  return failures;
}

function kinds(load: LoadSummary): string {
  return Object.entries(load.lostByKind)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
}
