import type * as pulumi from "@pulumi/pulumi";
import type { ProviderSettings } from "../gates/aws/providerSettings.js";
import { connect } from "../gates/connect.js";
import type { FleetCloud, TemplateRef } from "../gates/fleetCloud.js";
import { type GateSurroundings, runGate } from "../gates/gate.js";
import { gateHook } from "../gates/hook.js";
import { plain } from "../gates/plain.js";
import { rollOut } from "../gates/refresh/rollOut.js";
import { targetHealthGate } from "../gates/targetHealthGate.js";
import type { RollingFleetPlan, RolloutNumbers } from "./checkRollingFleet.js";

/** What the hooks of a fleet's group need, some of it known only later. */
export interface FleetHookWish {
  readonly subject: string;
  readonly plan: RollingFleetPlan;
  readonly numbers: Promise<RolloutNumbers>;
  readonly provider: Promise<ProviderSettings>;
}

/** The part of a group's properties that hooks look at. */
interface GroupProperties {
  readonly name?: string;
  readonly arn?: string;
  readonly desiredCapacity?: number;
  readonly targetGroupArns?: readonly string[];
  readonly launchTemplate?: { readonly id?: string; readonly version?: string };
}

/**
 * The hooks of a rolling fleet's group.
 * - Before an update: when the template changes, roll it out and wait. Only then does the update itself go through, which by then
 *   changes nothing in AWS. A refused rollout fails here, and Pulumi's state keeps the release that still serves.
 * - After the creation: wait until the load balancer finds the servers healthy. The provider waits too, but takes a server that
 *   is not registered yet for a healthy one.
 */
export function fleetHooks(component: pulumi.ComponentResource, wish: FleetHookWish): pulumi.ResourceHookBinding {
  return {
    beforeUpdate: [gateHook(component, wish.subject, "rollout", (args, around) => beforeUpdate(wish, args, around))],
    afterCreate: [gateHook(component, wish.subject, "serving", (args, around) => afterCreate(wish, args, around))],
  };
}

async function beforeUpdate(
  wish: FleetHookWish,
  args: pulumi.ResourceHookArgs,
  surroundings: GateSurroundings,
): Promise<void> {
  const next = await plain<GroupProperties>(args.newInputs ?? {});
  const inputs = await plain<GroupProperties>(args.oldInputs ?? {});
  const outputs = await plain<GroupProperties>(args.oldOutputs ?? {});
  const wanted = template(next);
  // Sizes, tags and so on are the provider's business: nothing has to be replaced for them.
  if (!wanted || (equal(wanted, template(inputs)) && equal(wanted, template(outputs)))) return;
  const arn = outputs.arn ?? "";
  const numbers = await wish.numbers;
  const { release, batch, whenBusy } = wish.plan;
  await rollOut({
    ...surroundings,
    cloud: await cloudFor(wish, arn),
    request: {
      subject: wish.subject,
      groupName: outputs.name ?? args.id,
      groupArn: arn,
      targetGroupArn: next.targetGroupArns?.[0] ?? "",
      wanted,
      release: { version: release.version, ...(release.data ? { data: release.data } : {}) },
      batch,
      whenBusy,
      ...numbers,
    },
  });
}

async function afterCreate(
  wish: FleetHookWish,
  args: pulumi.ResourceHookArgs,
  surroundings: GateSurroundings,
): Promise<void> {
  const group = await plain<GroupProperties>(args.newOutputs ?? {});
  const { replacementTimeoutSeconds } = await wish.numbers;
  const gate = targetHealthGate(
    {
      subject: wish.subject,
      targetGroupArn: group.targetGroupArns?.[0] ?? "",
      healthy: group.desiredCapacity ?? wish.plan.fleet.desiredCapacity,
      deadlineSeconds: replacementTimeoutSeconds,
    },
    await cloudFor(wish, group.arn ?? ""),
  );
  await runGate(gate, surroundings);
}

async function cloudFor(wish: FleetHookWish, guardedArn: string): Promise<FleetCloud> {
  return connect(wish.subject, await wish.provider, guardedArn);
}

function template(properties: GroupProperties): TemplateRef | undefined {
  const { id, version } = properties.launchTemplate ?? {};
  return id === undefined || version === undefined ? undefined : { id, version: String(version) };
}

function equal(one: TemplateRef, other: TemplateRef | undefined): boolean {
  return one.id === other?.id && one.version === other.version;
}
