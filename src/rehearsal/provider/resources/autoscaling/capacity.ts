/**
 * Waiting for a group's capacity, by the rules of the real provider (terraform-provider-aws, internal/service/autoscaling/group.go):
 * an instance counts if it is Healthy and InService; in the balancer's eyes it counts unless it is registered and not healthy.
 */
import { type Activity, type AutoScalingGroup, DescribeScalingActivitiesCommand } from "@aws-sdk/client-auto-scaling";
import { secondsOf } from "../../config/credentials.js";
import type { Values } from "../../protocol/values.js";
import type { Call } from "../../resource.js";
import { mustDescribeGroup } from "./groupState.js";

/** What must hold, and on which occasion: a creation takes at least the wanted number, an update exactly it. */
export interface CapacityGoal {
  readonly occasion: "create" | "update";
  readonly planned: Values;
  /** Failed scaling activities since then end the wait. */
  readonly since: Date;
}

export async function waitForCapacity(call: Call, name: string, goal: CapacityGoal): Promise<void> {
  const { planned } = goal;
  const seconds = secondsOf(planned.waitForCapacityTimeout ?? "10m");
  if (seconds === 0) return;
  await call.waiter.until({
    what: `the capacity of Auto Scaling group ${name}`,
    deadlineSeconds: seconds,
    everySeconds: 2,
    observe: async () => {
      const group = await mustDescribeGroup(call, name);
      if (!planned.ignoreFailedScalingActivities) await refuseFailures(call, name, goal.since);
      const { inService, inBalancer } = await count(call, group);
      const missing = shortfall(goal, group, inService, inBalancer);
      return missing ? { progress: missing } : { done: true, progress: `${inService} instances in service` };
    },
  });
}

/** What is still missing, in words; `undefined` when nothing is. */
export function shortfall(
  { occasion, planned }: Pick<CapacityGoal, "occasion" | "planned">,
  group: AutoScalingGroup,
  inService: number,
  inBalancer: number,
): string | undefined {
  const wanted = group.DesiredCapacity || group.MinSize || 0;
  const exact = occasion === "update";
  if (exact ? inService !== wanted : inService < wanted) {
    return `${inService} of ${wanted} instances in service`;
  }
  const exactBalancer = planned.waitForElbCapacity || undefined;
  const least = exactBalancer ?? (exact ? 0 : (planned.minElbCapacity ?? 0));
  if (exactBalancer !== undefined && exact ? inBalancer !== exactBalancer : inBalancer < least) {
    return `${inBalancer} of ${least} instances healthy in the load balancer`;
  }
  return undefined;
}

async function count(call: Call, group: AutoScalingGroup): Promise<{ inService: number; inBalancer: number }> {
  const states = await targetStates(call, group.TargetGroupARNs ?? []);
  const serving = (group.Instances ?? []).filter(
    ({ HealthStatus, LifecycleState }) => HealthStatus === "Healthy" && LifecycleState === "InService",
  );
  // An instance that a target group does not list counts as good, an `unused` one never does.
  const good = serving.filter(({ InstanceId }) =>
    states.every((byInstance) => (byInstance.get(InstanceId) ?? "healthy") === "healthy"),
  );
  return { inService: serving.length, inBalancer: good.length };
}

async function targetStates(
  { aws }: Call,
  targetGroupArns: readonly string[],
): Promise<Map<string | undefined, string | undefined>[]> {
  if (targetGroupArns.length === 0) return [];
  const { DescribeTargetHealthCommand } = await import("@aws-sdk/client-elastic-load-balancing-v2");
  return await Promise.all(
    targetGroupArns.map(async (TargetGroupArn) => {
      const { TargetHealthDescriptions = [] } = await aws.elbv2.send(
        new DescribeTargetHealthCommand({ TargetGroupArn }),
      );
      return new Map(TargetHealthDescriptions.map(({ Target, TargetHealth }) => [Target?.Id, TargetHealth?.State]));
    }),
  );
}

async function refuseFailures({ aws }: Call, name: string, since: Date): Promise<void> {
  const { Activities = [] } = await aws.autoscaling.send(
    new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name }),
  );
  const failed = Activities.filter(
    ({ StatusCode, Progress, StartTime }: Activity) =>
      StatusCode === "Failed" && Progress === 100 && StartTime !== undefined && StartTime >= since,
  );
  if (failed.length === 0) return;
  const reasons = failed.map(({ Description, StatusMessage }) => `${Description ?? "activity"}: ${StatusMessage}`);
  throw new Error(`Auto Scaling group ${name} had failed scaling activities: ${[...new Set(reasons)].join("; ")}`);
}
