import { INTERVENTIONS, type Intervention } from "./interventionSchema.js";
import type { Scenario, ScenarioStep } from "./schema.js";

/** What a step does; `cloud` is somebody else's doing, and a step that names no action only watches. */
export type Action = "up" | "preview" | "kill" | "cloud" | "observe";

export function actionOf(step: ScenarioStep): Action {
  if (step.up !== undefined) return "up";
  if (step.preview !== undefined) return "preview";
  if (step.kill !== undefined) return "kill";
  return interventionsOf(step).length > 0 ? "cloud" : "observe";
}

/** The keys by which the step changes the cloud behind the program's back. */
export function interventionsOf(step: Intervention): (typeof INTERVENTIONS)[number][] {
  return INTERVENTIONS.filter((key) => step[key] !== undefined);
}

/** How a step is expected to end, in the words of the report. */
export function expectedOf(step: ScenarioStep): string {
  switch (actionOf(step)) {
    case "up":
      return step.up?.expect ?? "";
    case "preview":
      return step.preview?.expect ?? "";
    case "kill":
      return "killed";
    case "cloud":
      return "done";
    case "observe":
      return "observed";
  }
}

/** Whether a preview runs before the step's update and is compared with it. */
export function isPreviewed(step: ScenarioStep, scenario: Pick<Scenario, "previewed">): boolean {
  return step.up !== undefined && (step.previewed ?? scenario.previewed);
}

/** The step's name, or its number. */
export function nameOf(step: ScenarioStep, index: number): string {
  return step.name ?? `step ${index + 1}`;
}
