import { expectedOf } from "../scenario/actions.js";
import type { ScenarioStep } from "../scenario/schema.js";
import type { StepReport } from "./model.js";
import { unmetShares } from "./shareExpectations.js";
import { untruths } from "./truth.js";

/** What was found, as far as expectations ask for it. */
export type Found = Pick<
  StepReport,
  | "outcome"
  | "reason"
  | "changes"
  | "preview"
  | "happenings"
  | "share"
  | "answers"
  | "shareOf"
  | "answersOf"
  | "versionChanges"
  | "peakServers"
  | "minHealthy"
>;

/** Every expectation of the step that did not hold, one sentence each. */
export function unmetBy(step: ScenarioStep, found: Found): string[] {
  const unmet: string[] = [];
  const expected = expectedOf(step);
  if (found.outcome !== expected) {
    const why = found.reason === "" ? "" : `: ${firstLine(found.reason)}`;
    unmet.push(`expected ${expected}, was ${found.outcome}${why}`);
  }
  const { reason, changes } = step.up ?? {};
  if (reason !== undefined && found.outcome === "refused" && !new RegExp(reason, "s").test(found.reason)) {
    unmet.push(`the reason does not match /${reason}/: ${firstLine(found.reason)}`);
  }
  if (changes !== undefined && found.outcome === expected && changes !== (isChange(found.changes) ? "some" : "none")) {
    unmet.push(`expected ${changes === "none" ? "no change" : "a change"}, found ${written(found.changes)}`);
  }
  if (found.preview !== null) unmet.push(...untruths(found.preview, found.outcome));
  for (const { what, problem } of found.happenings) if (problem !== "") unmet.push(`${what}: ${problem}`);
  const { share, answers, shareOf, answersOf } = found;
  if (step.shares !== undefined) unmet.push(...unmetShares(step.shares, step.tolerance, { share, answers }));
  for (const [name, expected] of Object.entries(step.sharesOf)) {
    const ofName = { share: shareOf[name] ?? {}, answers: answersOf[name] ?? 0 };
    unmet.push(...unmetShares(expected, step.tolerance, ofName).map((sentence) => `${name}: ${sentence}`));
  }
  if (step.versionChanges !== undefined && found.versionChanges > step.versionChanges) {
    unmet.push(
      `expected users to see another version ${step.versionChanges} times at most, they did ${found.versionChanges} times`,
    );
  }
  const { healthyAtLeast, atMost } = step.servers;
  if (healthyAtLeast !== undefined && found.minHealthy < healthyAtLeast) {
    unmet.push(`expected at least ${healthyAtLeast} healthy servers, were ${found.minHealthy} at the least`);
  }
  if (atMost !== undefined && found.peakServers > atMost) {
    unmet.push(`expected at most ${atMost} servers, were ${found.peakServers} at the most`);
  }
  return unmet;
}

/** Whether an update or preview does anything to resources. */
export function isChange(changes: Readonly<Record<string, number>>): boolean {
  return Object.entries(changes).some(
    ([operation, count]) => count > 0 && operation !== "same" && operation !== "read",
  );
}

function written(changes: Readonly<Record<string, number>>): string {
  return Object.entries(changes)
    .map(([operation, count]) => `${count} ${operation}`)
    .join(", ");
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}
