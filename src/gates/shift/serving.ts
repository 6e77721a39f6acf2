import { refusal } from "../../errors/faults.js";
import type { TargetView } from "../balancerCloud.js";
import { type Gate, type GateState, runGate } from "../gate.js";
import type { GateCloud } from "../gateCloud.js";
import { describeUnready } from "../refresh/findings.js";
import type { Stage } from "../stage.js";
import { Fleets, troublesOf } from "./fleets.js";
import { isHealthy } from "./health.js";

/** A fleet, and how many of its servers have to serve. */
export interface ServingTarget {
  /** What messages call it, such as `green (v2)`. */
  readonly label: string;
  readonly targetGroupArn: string;
  /** How many servers have to be healthy in the load balancer's own eyes; 0 asks for none. */
  readonly healthy: number;
}

export interface ServingWish {
  /** What messages begin with, such as `BlueGreenPair "shop"`. */
  readonly subject: string;
  /** `COMPONENT_TAG`'s value: what hinders servers that the load balancer does not know is asked of its fleets. */
  readonly component?: string;
  readonly targets: readonly ServingTarget[];
  readonly deadlineSeconds: number;
}

/**
 * Waits until every fleet has its healthy servers: after the creation of an entrance (those with weight), after the creation of
 * an idle group, before a rule leads to a fleet.
 */
export function entranceServing(wish: ServingWish, stage: Stage): Promise<void> {
  return runGate(targetsServing(wish, stage.cloud), stage);
}

/** Passes when every target group has its healthy servers in the load balancer's own eyes. */
export function targetsServing(wish: ServingWish, cloud: GateCloud): Gate {
  const asked = wish.targets.filter((target) => target.healthy > 0);
  const seen = new Map<string, readonly TargetView[]>();
  const healthy = ({ targetGroupArn }: ServingTarget): number =>
    (seen.get(targetGroupArn) ?? []).filter(isHealthy).length;
  return {
    name: "serving",
    waitsFor: asked.map((target) => `${target.healthy} healthy servers of ${target.label}`).join(", "),
    deadlineSeconds: wish.deadlineSeconds,
    async check(): Promise<GateState> {
      for (const { targetGroupArn } of asked) seen.set(targetGroupArn, await cloud.targets(targetGroupArn));
      if (asked.every((target) => healthy(target) >= target.healthy)) return { state: "passed" };
      const progress = asked.map(
        (target) => `${target.label}: ${healthy(target)} of ${target.healthy} servers healthy`,
      );
      return { state: "waiting", progress: progress.join(", ") };
    },
    async expired(lastProgress) {
      const reasons: string[] = [];
      const fleets = new Fleets(wish.component === undefined ? [] : await cloud.fleetsOf(wish.component));
      for (const target of asked) {
        if (healthy(target) >= target.healthy) continue;
        const unready = (seen.get(target.targetGroupArn) ?? []).filter((each) => !isHealthy(each));
        const troubles = await troublesOf(cloud, fleets.of(target.targetGroupArn));
        if (unready.length === 0 && troubles.length === 0) {
          reasons.push(`${target.label}: no other server is registered with its target group`);
        }
        reasons.push(...troubles);
        if (unready.length > 0)
          reasons.push(
            await describeUnready(
              cloud,
              unready.map((each) => each.instanceId),
              unready,
            ),
          );
      }
      return refusal(wish.subject, {
        code: "HIT320",
        problem: `${lastProgress} after ${wish.deadlineSeconds} s.`,
        fix: "see to the health check path, the port, the servers' security group and startupSeconds, then run `pulumi up` again",
        why: reasons.join("\n"),
      });
    },
  };
}
