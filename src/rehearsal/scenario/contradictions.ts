import { nameOf } from "./actions.js";
import type { Scenario, ScenarioStep } from "./schema.js";

export interface Contradiction {
  readonly path: readonly (string | number)[];
  readonly problem: string;
  readonly fix: string;
}

/** What no single value is to blame for: steps that do two things at once, or could prove nothing. */
export function contradictions(scenario: Scenario): Contradiction[] {
  const found = scenario.steps.flatMap((step, index) => inStep(step, index));
  const first = scenario.steps[0];
  if (first !== undefined && first.up === undefined) {
    found.push({
      path: ["steps", 0],
      problem: `the first step, "${nameOf(first, 0)}", makes nothing`,
      fix: "begin with a step that has `up: success`.",
    });
  }
  return found;
}

function inStep(step: ScenarioStep, index: number): Contradiction[] {
  const found: Contradiction[] = [];
  const add = (key: string, problem: string, fix: string): void => {
    found.push({ path: ["steps", index, key], problem: `${problem} in step "${nameOf(step, index)}"`, fix });
  };
  const actions = (["up", "preview", "kill"] as const).filter((action) => step[action] !== undefined);
  if (actions.length > 1) add(actions[1] ?? "", `${actions.join(" and ")} together`, "make two steps of it.");
  if (actions.length === 0 && step.faults === undefined && step.shares === undefined) {
    found.push({
      path: ["steps", index],
      problem: `step "${nameOf(step, index)}" neither does nor expects anything`,
      fix: "give it `up`, `preview` or `kill`, or `shares` to watch for.",
    });
  }
  if (step.up?.reason !== undefined && step.up.expect !== "refused") {
    add("up", "a reason for an update that is expected to succeed", "set `expect: refused` or drop `reason`.");
  }
  const sum = Object.values(step.shares ?? {}).reduce((total, share) => total + share, 0);
  if (step.shares !== undefined && Math.abs(sum - 1) > 1e-6) {
    add(
      "shares",
      `shares with the sum ${Number(sum.toFixed(6))}`,
      "shares are fractions of all answers: let their sum be 1.",
    );
  }
  if (step.shares !== undefined && step.observeSeconds === 0) {
    add("observeSeconds", "shares, and no time to observe them,", "set observeSeconds above 0.");
  }
  return found;
}
