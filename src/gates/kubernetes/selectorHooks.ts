import * as pulumi from "@pulumi/pulumi";
import { refusal } from "../../errors/faults.js";
import { gateHook } from "../hook.js";
import { canonical } from "./rollout/census.js";

/** `RollingFleet "web"`: how messages call a component. */
export function subjectOf(component: pulumi.ComponentResource): string {
  const { __pulumiType: type, __name: name } = component as unknown as { __pulumiType?: string; __name?: string };
  return `${type?.split(":").at(-1) ?? "component"} "${name ?? ""}"`;
}

interface Selecting {
  readonly spec?: { readonly selector?: unknown };
}

/**
 * Refuses, in a preview already, that a Service or a budget of a fleet selects other pods than it did. The labels are made of names that
 * stay (project, stack, component, fleet), so one of these has been changed while its resources were kept.
 * @param kind tells apart the objects of one fleet
 */
export function selectorHooks(
  component: pulumi.ComponentResource,
  name: string,
  kind: "service" | "budget",
): pulumi.ResourceHookBinding {
  const subject = subjectOf(component);
  const run = async ({ oldInputs, newInputs }: pulumi.ResourceHookArgs): Promise<void> => {
    const [before, after] = [oldInputs, newInputs].map((inputs) => (inputs as Selecting | undefined)?.spec?.selector);
    if (before === undefined || after === undefined || pulumi.containsUnknowns(after)) return;
    if (canonical(before) === canonical(after)) return;
    throw refusal(subject, {
      code: "HIT260",
      problem: `the pods of ${name} are selected by ${JSON.stringify(before)}, and would be by ${JSON.stringify(after)}.`,
      fix: "take the new name of the project, the stack or the component back; to rename it, set up a second component beside this one, move the users over, and then take this one out",
    });
  };
  return { beforeUpdate: [gateHook(component, subject, `${name}:${kind}-selector`, run, { onDryRun: true })] };
}
