import type { ScenarioStep } from "./schema.js";

/** What a step does; a step that names no action only watches. */
export type Action = "up" | "preview" | "kill" | "observe";

export function actionOf(step: ScenarioStep): Action {
  if (step.up !== undefined) return "up";
  if (step.preview !== undefined) return "preview";
  return step.kill === undefined ? "observe" : "kill";
}

/** How a step is expected to end, in the words of the report. */
export function expectedOf(step: ScenarioStep): string {
  return step.up?.expect ?? step.preview?.expect ?? (step.kill === undefined ? "observed" : "killed");
}

/** The step's name, or its number. */
export function nameOf(step: ScenarioStep, index: number): string {
  return step.name ?? `step ${index + 1}`;
}
