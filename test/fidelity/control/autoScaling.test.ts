import { refusal, World } from "../../rehearsal/cloud/autoscaling/world.js";
import { statement } from "../statement.js";

const WEB = { AutoScalingGroupName: "web" };

statement("B-24", async () => {
  const { Processes } = await new World().call("DescribeScalingProcessTypes");
  expect(Processes.map((one: { ProcessName: string }) => one.ProcessName).sort()).toEqual([
    "AZRebalance",
    "AddToLoadBalancer",
    "AlarmNotification",
    "HealthCheck",
    "InstanceRefresh",
    "Launch",
    "ReplaceUnhealthy",
    "ScheduledActions",
    "Terminate",
  ]);
  const world = new World();
  await world.group(0);
  expect(await refusal(world.call("SuspendProcesses", { ...WEB, ScalingProcesses: ["Dream"] }))).toMatch(
    /^ValidationError: .*Dream/,
  );
});

statement("B-27", async () => {
  const world = new World();
  await world.group(0);
  const arns = Array.from({ length: 11 }, (_, index) => `tg-x${index}`);
  expect(await refusal(world.call("AttachLoadBalancerTargetGroups", { ...WEB, TargetGroupARNs: arns }))).toMatch(
    /At most 10 target groups/,
  );
});

statement("B-29", async () => {
  const world = new World();
  await world.group(1);
  const { LoadBalancerTargetGroups } = await world.call("DescribeLoadBalancerTargetGroups", WEB);
  expect(LoadBalancerTargetGroups).toEqual([{ LoadBalancerTargetGroupARN: "tg-1", State: "InService" }]);
});

statement("B-40", async () => {
  const world = new World();
  await world.steadyGroup(4);
  await world.refresh({
    MinHealthyPercentage: 100,
    MaxHealthyPercentage: 200,
    CheckpointPercentages: [50],
    CheckpointDelay: 60,
  });
  await world.untilStatus("Successful", "Failed");
  expect(world.status()).toBe("Successful");
  await world.clock.advance(60);
  expect(world.versions()).toEqual({ "1": 2, "2": 2 });
});
