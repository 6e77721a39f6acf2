/** Both sides of each limit of Auto Scaling groups, and what they keep to by default. */
import { refusal, World } from "../../rehearsal/cloud/autoscaling/world.js";
import { statement } from "../statement.js";

const WEB = { AutoScalingGroupName: "web" };

/** What a call is refused with; undefined when it is taken. */
async function outcome(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
const create = (more: object) => outcome(new World().group(1, more));

statement("B-03", async () => {
  const world = new World();
  await world.group(0, { HealthCheckType: "ELB,EC2" });
  expect((await world.describe()).HealthCheckType).toBe("ELB,EC2");
  expect(await create({ HealthCheckType: "EC2" })).toBeUndefined();
  // Known by name and not served here; what AWS does not know is another refusal.
  for (const type of ["EBS", "VPC_LATTICE"]) {
    expect(await create({ HealthCheckType: `EC2,${type}` })).toMatch(new RegExp(`${type} is not served`));
  }
  expect(await create({ HealthCheckType: "EC2,ALB" })).toMatch(/Unsupported health check type 'ALB'/);
});

statement("B-06", async () => {
  expect((await describedWith({})).DefaultInstanceWarmup).toBeUndefined();
  for (const seconds of [0, 3600]) {
    expect((await describedWith({ DefaultInstanceWarmup: seconds })).DefaultInstanceWarmup).toBe(seconds);
  }
  for (const seconds of [-2, 3601])
    expect(await create({ DefaultInstanceWarmup: seconds })).toMatch(/DefaultInstanceWarmup/);
});

async function describedWith(more: object) {
  const world = new World();
  await world.group(1, more);
  return world.describe();
}

statement("B-13", async () => {
  const world = new World();
  await world.group(0);
  const hook = { LifecycleHookName: "up", LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING" };
  await world.call("PutLifecycleHook", { ...WEB, ...hook });
  const shown = async () => (await world.call("DescribeLifecycleHooks", WEB)).LifecycleHooks[0];
  // 100 heartbeats would be longer than 48 hours.
  expect(await shown()).toMatchObject({ HeartbeatTimeout: 3600, GlobalTimeout: 172_800 });
  await world.call("PutLifecycleHook", { ...WEB, ...hook, HeartbeatTimeout: 30 });
  expect(await shown()).toMatchObject({ HeartbeatTimeout: 30, GlobalTimeout: 3000 });
  // However often it beats, the action ends with its last heartbeat's time.
  await world.call("UpdateAutoScalingGroup", { ...WEB, DesiredCapacity: 1 });
  await world.clock.until(() => world.snapshot().instances[0]?.lifecycleState === "Pending:Wait");
  const began = world.clock.now();
  const beat = { ...WEB, LifecycleHookName: "up", InstanceId: "i-00001" };
  while (world.snapshot().instances[0]?.lifecycleState === "Pending:Wait" && world.clock.now() - began < 4_000_000) {
    await world.call("RecordLifecycleActionHeartbeat", beat);
    await world.clock.advance(20);
  }
  const seconds = (world.clock.now() - began) / 1000;
  expect(seconds).toBeGreaterThan(2960);
  expect(seconds).toBeLessThan(3040);
});

statement("B-19", async () => {
  const put = async (ResourceLabel: string) => {
    const world = new World();
    await world.steadyGroup(1);
    const metric = { PredefinedMetricType: "ALBRequestCountPerTarget", ResourceLabel };
    const TargetTrackingConfiguration = { PredefinedMetricSpecification: metric, TargetValue: 10 };
    const policy = { ...WEB, PolicyName: "p", PolicyType: "TargetTrackingScaling", TargetTrackingConfiguration };
    return outcome(world.call("PutScalingPolicy", policy));
  };
  expect(await put("app/lb/1/targetgroup/tg-1/1")).toBeUndefined();
  for (const label of [
    "",
    "app/lb/1",
    "targetgroup/tg-1/1",
    "net/lb/1/targetgroup/tg-1/1",
    "app/lb/1/targetgroup/tg-1",
  ]) {
    expect(await put(label)).toMatch(/must have the form app/);
  }
});

statement("B-22", async () => {
  const served = [
    "AllocationStrategy",
    "ClosestToNextInstanceHour",
    "Default",
    "NewestInstance",
    "OldestInstance",
    "OldestLaunchConfiguration",
    "OldestLaunchTemplate",
  ];
  for (const policy of served) expect(await create({ TerminationPolicies: [policy] })).toBeUndefined();
  expect(await create({ TerminationPolicies: served })).toBeUndefined();
  expect(await create({ TerminationPolicies: ["arn:aws:lambda:us-east-1:1:function:f:1"] })).toMatch(/not served/);
  expect(await create({ TerminationPolicies: ["Oldest"] })).toMatch(/Unsupported termination policy 'Oldest'/);
});

statement("B-27", async () => {
  const world = new World();
  await world.group(0, { TargetGroupARNs: [] });
  const attach = (from: number, count: number) => {
    const TargetGroupARNs = Array.from({ length: count }, (_, index) => `tg-x${from + index}`);
    return outcome(world.call("AttachLoadBalancerTargetGroups", { ...WEB, TargetGroupARNs }));
  };
  for (const name of Array.from({ length: 60 }, (_, index) => `tg-x${index}`))
    world.targets.groups.set(name, new Map());
  expect(await attach(0, 11)).toMatch(/At most 10/);
  for (const from of [0, 10, 20, 30, 40]) expect(await attach(from, 10)).toBeUndefined();
  expect(await attach(50, 1)).toMatch(/at most 50/);
});

statement("B-32", async () => {
  const policy = (MinHealthyPercentage?: number, MaxHealthyPercentage?: number) =>
    create({ InstanceMaintenancePolicy: { MinHealthyPercentage, MaxHealthyPercentage } });
  for (const [min, max] of [
    [0, 100],
    [100, 200],
    [100, 100],
  ])
    expect(await policy(min, max)).toBeUndefined();
  for (const [min, max] of [
    [-2, 90],
    [101, 200],
    [50, 99],
    [100, 201],
    [99, 200],
  ]) {
    expect(await policy(min, max)).toMatch(/0 to 100 and 100 to 200, at most 100 apart/);
  }
  expect(await policy(50)).toMatch(/needs both/);
  expect(await policy(undefined, 150)).toMatch(/needs both/);
});

statement("B-10", async () => {
  const world = new World();
  await world.steadyGroup(4, { HealthCheckGracePeriod: 0 });
  world.targets.say("tg-1", "i-00001", { state: "unhealthy", reason: "Target.Timeout" });
  await world.clock.settle();
  expect(world.terminating().map((one) => one.instanceId)).toEqual(["i-00001"]);
  const [newest, before] = (await world.activities()).map((one) => one.Description);
  expect(newest).toMatch(/^Launching/);
  expect(before).toMatch(/^Terminating EC2 instance: i-00001/);
});

statement("B-25", async () => {
  const world = new World();
  await world.steadyGroup(1);
  await world.call("SuspendProcesses", { ...WEB, ScalingProcesses: ["AddToLoadBalancer"] });
  await world.call("SetDesiredCapacity", { ...WEB, DesiredCapacity: 2 });
  await world.clock.until(() => world.inService().length === 2);
  await world.call("ResumeProcesses", { ...WEB, ScalingProcesses: ["AddToLoadBalancer"] });
  await world.clock.advance(600);
  expect(world.targets.log).toEqual(["register i-00001"]);
  await world.call("SetDesiredCapacity", { ...WEB, DesiredCapacity: 3 });
  await world.clock.until(() => world.inService().length === 3);
  expect(world.targets.log).toEqual(["register i-00001", "register i-00003"]);
});

test("of a name that is there is refused, whatever its settings", async () => {
  const world = new World();
  await world.group(1);
  expect(await refusal(world.group(2))).toMatch(/^AlreadyExists: /);
});
