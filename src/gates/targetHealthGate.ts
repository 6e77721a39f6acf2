import { refusal } from "../errors/faults.js";
import type { FleetCloud, TargetView } from "./fleetCloud.js";
import type { Gate, GateState } from "./gate.js";
import { because } from "./refresh/newServers.js";

export interface TargetHealthWish {
  readonly subject: string;
  readonly targetGroupArn: string;
  /** How many servers have to be healthy in the load balancer's own eyes. */
  readonly healthy: number;
  readonly deadlineSeconds: number;
}

/** Passes when enough targets of a target group are healthy in the load balancer's own eyes. */
export function targetHealthGate(wish: TargetHealthWish, cloud: FleetCloud): Gate {
  let targets: readonly TargetView[] = [];
  return {
    name: "target health",
    waitsFor: `${wish.healthy} healthy servers`,
    deadlineSeconds: wish.deadlineSeconds,
    async check(): Promise<GateState> {
      targets = await cloud.targets(wish.targetGroupArn);
      const healthy = targets.filter((target) => target.state === "healthy").length;
      if (healthy >= wish.healthy) return { state: "passed" };
      return { state: "waiting", progress: `${healthy} of ${wish.healthy} servers healthy` };
    },
    expired(lastProgress) {
      const unready = targets.filter((target) => target.state !== "healthy");
      const why = unready.map((target) => `${target.instanceId} is ${target.state}${because(target)}`).join("\n");
      return refusal(wish.subject, {
        code: "HIT320",
        problem: `${lastProgress} after ${wish.deadlineSeconds} s.`,
        fix: "see to the health check path, the port, the servers' security group and startupSeconds, then run `pulumi up` again",
        ...(why ? { why } : {}),
      });
    },
  };
}
