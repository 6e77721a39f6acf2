import * as pulumi from "@pulumi/pulumi";
import { gateHook } from "../../gates/hook.js";
import { connectKube } from "../../gates/kubernetes/connectKube.js";
import { kubeSettingsIfKnown, kubeSettingsOf } from "../../gates/kubernetes/kubeSettings.js";
import { assertCluster, type ClusterNeeds } from "../../gates/kubernetes/namespaceGate.js";
import type { ObjectMeta } from "../../gates/kubernetes/objects.js";
import { raiseToMinimum } from "../../gates/kubernetes/raise.js";
import { subjectOf } from "../../gates/kubernetes/selectorHooks.js";
import { plain } from "../../inputs/plain.js";

interface Named {
  readonly metadata?: Partial<ObjectMeta>;
}

/**
 * Looks at the cluster before the first object of a fleet is made: its namespace, and what the pods' target needs. A preview says it too,
 * as far as the cluster is there already.
 */
export function clusterHooks(
  component: pulumi.ComponentResource,
  name: string,
  needs: Pick<ClusterNeeds, "behind">,
): pulumi.ResourceHookBinding {
  const subject = subjectOf(component);
  const known = kubeSettingsIfKnown(component);
  const run = async (args: pulumi.ResourceHookArgs): Promise<void> => {
    const preview = pulumi.runtime.isDryRun();
    const settings = await known;
    const given = (args.newInputs as Named | undefined)?.metadata?.namespace as unknown;
    // In a preview it may be an unknown value, which is never awaited.
    const namespace = preview || typeof given === "string" ? given : await plain<unknown>(given);
    if (settings === undefined || typeof namespace !== "string") return;
    await assertCluster(connectKube(subject, settings), { ...needs, namespace, preview });
  };
  return { beforeCreate: [gateHook(component, subject, `${name}:cluster`, run, { onDryRun: true })] };
}

/** Sees to it that a Deployment of no said size has its fewest pods, before other hooks wait for them. */
export function raiseHooks(component: pulumi.ComponentResource, name: string): pulumi.ResourceHookBinding {
  const subject = subjectOf(component);
  const settings = kubeSettingsOf(component);
  const hook = gateHook(component, subject, `${name}:raise`, async (args) => {
    const { metadata } = await plain<Named>(args.newOutputs ?? {});
    if (metadata?.namespace === undefined || metadata.name === undefined) return;
    await raiseToMinimum(connectKube(subject, await settings), metadata.namespace, metadata.name);
  });
  return { afterCreate: [hook], afterUpdate: [hook] };
}

/** Hooks of two kinds on one resource; those of the first run first. */
export function joinHooks(
  one: pulumi.ResourceHookBinding,
  other: pulumi.ResourceHookBinding | undefined,
): pulumi.ResourceHookBinding {
  const joined: Record<string, unknown[]> = {};
  for (const binding of [one, other ?? {}]) {
    for (const [moment, hooks] of Object.entries(binding) as [string, unknown[] | undefined][]) {
      joined[moment] = [...(joined[moment] ?? []), ...(hooks ?? [])];
    }
  }
  return joined as pulumi.ResourceHookBinding;
}
