import { expectedOf } from "../scenario/actions.js";
import type { ScenarioStep } from "../scenario/schema.js";
import type { StepReport } from "./model.js";

/** What was found, as far as expectations ask for it. */
export type Found = Pick<StepReport, "outcome" | "reason" | "changes" | "share" | "peakServers" | "minHealthy">;

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
  if (step.shares !== undefined) unmet.push(...unmetShares(step.shares, step.tolerance, found.share));
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

/** 0 and 1 are exact: a version that is to get all or nothing gets no tolerance. */
function unmetShares(
  expected: Readonly<Record<string, number>>,
  tolerance: number,
  share: Readonly<Record<string, number>>,
): string[] {
  if (Object.keys(share).length === 0) return ["no answer arrived in the window after the step, so shares are unknown"];
  const versions = new Set([...Object.keys(expected), ...Object.keys(share)]);
  return [...versions].flatMap((version) => {
    const wanted = expected[version] ?? 0;
    const got = share[version] ?? 0;
    const allowed = wanted === 0 || wanted === 1 ? 0 : tolerance;
    if (Math.abs(got - wanted) <= allowed + 1e-9) return [];
    return [
      `expected a share of ${wanted} for ${version === "" ? "answers without a version" : version}, got ${Number(got.toFixed(4))}`,
    ];
  });
}

function written(changes: Readonly<Record<string, number>>): string {
  return Object.entries(changes)
    .map(([operation, count]) => `${count} ${operation}`)
    .join(", ");
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}
