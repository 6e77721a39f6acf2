import type * as pulumi from "@pulumi/pulumi";
import type { ProviderSettings } from "../../gates/aws/providerSettings.js";
import { type GateSurroundings, runGate } from "../../gates/gate.js";
import { gateHook } from "../../gates/hook.js";
import { rollOut } from "../../gates/refresh/rollOut.js";
import { stageFor } from "../../gates/stage.js";
import { targetHealthGate } from "../../gates/targetHealthGate.js";
import { plain } from "../../inputs/plain.js";
import { type GroupProperties, groupChange } from "../shared/groupChange.js";
import type { RollingFleetPlan, RolloutNumbers } from "./checkRollingFleet.js";

/** What the hooks of a fleet's group need, some of it known only later. */
export interface FleetHookWish {
  readonly subject: string;
  readonly plan: RollingFleetPlan;
  readonly numbers: Promise<RolloutNumbers>;
  readonly provider: Promise<ProviderSettings>;
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
  const { name, arn, next, wanted } = await groupChange(args);
  if (!wanted) return;
  const numbers = await wish.numbers;
  const { release, batch, whenBusy } = wish.plan;
  await rollOut({
    ...(await stageFor(wish, arn, surroundings)),
    request: {
      subject: wish.subject,
      groupName: name,
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
  const stage = await stageFor(wish, group.arn ?? "", surroundings);
  const gate = targetHealthGate(
    {
      subject: wish.subject,
      targetGroupArn: group.targetGroupArns?.[0] ?? "",
      healthy: group.desiredCapacity ?? wish.plan.fleet.desiredCapacity,
      deadlineSeconds: replacementTimeoutSeconds,
    },
    stage.cloud,
  );
  await runGate(gate, stage);
}
