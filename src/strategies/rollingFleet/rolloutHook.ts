import type * as pulumi from "@pulumi/pulumi";
import type { GateSurroundings } from "../../gates/gate.js";
import { gateHook } from "../../gates/hook.js";
import type { RolloutNumbers } from "../../gates/rollout.js";
import { entranceServing } from "../../gates/shift/serving.js";
import { lookForLeftBehind } from "../../gates/shift/tellLeftBehind.js";
import { stageFor } from "../../gates/stage.js";
import type { Links } from "../shared/parts.js";
import type { RollingFleetPlan } from "./checkRollingFleet.js";

/** What the hooks of a fleet's workload need, some of it known only later. */
export interface FleetHookWish {
  readonly subject: string;
  /** `COMPONENT_TAG`'s value. */
  readonly component: string;
  readonly plan: RollingFleetPlan;
  readonly numbers: Promise<RolloutNumbers>;
  readonly reach: Links;
}

/**
 * The hooks of a rolling fleet's workload.
 * - Before an update: when what servers start with changes, roll it out and wait. Only then does the update itself go through, which by then
 *   changes no server. A refused rollout fails here, and Pulumi's state keeps the release that still serves.
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
  const { platform } = wish.reach;
  const change = await platform.change(args);
  if (!change.replaces) return;
  const numbers = await wish.numbers;
  const { release, batch, whenBusy } = wish.plan;
  const { version, data } = release;
  const order = { subject: wish.subject, release: { version, ...(data ? { data } : {}) }, batch, whenBusy, ...numbers };
  const stage = await stageFor(wish, change.guardedId, surroundings);
  await platform.rollOut(order, change, stage);
  await lookForLeftBehind(wish, stage, new Set(change.target.after === undefined ? [] : [change.target.after]));
}

async function afterCreate(
  wish: FleetHookWish,
  args: pulumi.ResourceHookArgs,
  surroundings: GateSurroundings,
): Promise<void> {
  const { guardedId, target, servers } = await wish.reach.platform.created(args);
  const { replacementTimeoutSeconds } = await wish.numbers;
  const stage = await stageFor(wish, guardedId, surroundings);
  const healthy = servers ?? wish.plan.fleet.desiredCapacity;
  const { subject, component, plan } = wish;
  const targets = [{ label: plan.release.version, targetGroupArn: target, healthy }];
  await entranceServing({ subject, component, targets, deadlineSeconds: replacementTimeoutSeconds }, stage);
  await lookForLeftBehind(wish, stage, new Set([target]));
}
