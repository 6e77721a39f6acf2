import { AsyncResource } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import { engineWatch } from "./engineWatch.js";
import type { GateSurroundings, Reporter } from "./gate.js";
import { paceFromEnvironment } from "./pace.js";

/**
 * A resource hook that runs gates: it fails the operation when they refuse, tells the display how they go, and works in inline
 * programs too. Make it while the component is built.
 * @param purpose tells apart the hooks of one component
 * @param options `onDryRun` runs it in previews too, where new inputs may hold unknown values
 */
export function gateHook(
  component: pulumi.ComponentResource,
  subject: string,
  purpose: string,
  run: (args: pulumi.ResourceHookArgs, surroundings: GateSurroundings) => Promise<void>,
  options?: pulumi.ResourceHookOptions,
): pulumi.ResourceHook {
  const surroundings: GateSurroundings = {
    pace: paceFromEnvironment(),
    report: reporter(component),
    assertWatched: engineWatch(subject),
  };
  // Under the Automation API the engine calls hooks outside the program's async context, in which logs go nowhere.
  const bound = AsyncResource.bind((args: pulumi.ResourceHookArgs) => run(args, surroundings));
  return new pulumi.ResourceHook(`${pathOf(component)}:${purpose}`, (args) => bound(args), options);
}

/** Messages go to the component, never to the guarded resource: that one has no URN before its hooks are done. */
function reporter(component: pulumi.ComponentResource): Reporter {
  return {
    progress: (message) => pulumi.log.info(message, component, undefined, true),
    note: (message) => pulumi.log.info(message, component),
    warn: (message) => pulumi.log.warn(message, component),
  };
}

interface Named {
  readonly __pulumiType?: string;
  readonly __name?: string;
  readonly __parentResource?: Named;
}

/**
 * A name that is unique in the stack and the same in every run: hooks are registered by name, and the engine keeps the names in
 * the state. It is built as a URN is: the types of the parents, then type and name.
 */
function pathOf(component: pulumi.ComponentResource): string {
  const types: string[] = [];
  for (let at: Named | undefined = component as unknown as Named; at; at = at.__parentResource) {
    if (at.__pulumiType !== undefined) types.unshift(at.__pulumiType);
  }
  return `${types.join("$")}::${(component as unknown as Named).__name ?? ""}`;
}
