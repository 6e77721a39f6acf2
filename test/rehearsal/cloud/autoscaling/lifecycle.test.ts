import { refusal, World } from "./world.js";

const WEB = { AutoScalingGroupName: "web" };

describe("launching", () => {
  it("goes from Pending to InService when the instance runs, and then registers it", async () => {
    const world = new World();
    world.behave(1, { boot: 10, healthy: 20 });
    await world.group(1);
    await world.clock.settle();
    expect(world.snapshot().instances).toMatchObject([{ instanceId: "i-00001", lifecycleState: "Pending" }]);
    expect(world.targets.log).toEqual([]);
    expect((await world.activities())[0]).toMatchObject({
      StatusCode: "PreInService",
      Description: "Launching a new EC2 instance: i-00001",
      Details: '{"Subnet ID":"subnet-a","Availability Zone":"us-east-1a"}',
    });
    expect((await world.activities())[0]?.EndTime).toBeUndefined();
    await world.clock.advance(10);
    expect(world.snapshot().instances).toMatchObject([{ lifecycleState: "InService", targetHealth: "initial" }]);
    expect(world.targets.log).toEqual(["register i-00001"]);
    const [activity] = await world.activities();
    expect(activity).toMatchObject({ StatusCode: "Successful", Progress: 100 });
    expect(activity?.Cause).toMatch(
      /^At \S+Z a user request created an AutoScalingGroup changing the desired capacity from 0 to 1\. {2}At \S+Z an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 0 to 1\.$/,
    );
    await world.clock.advance(20);
    const [instance] = world.snapshot().instances;
    expect(instance).toMatchObject({ targetHealth: "healthy", healthStatus: "Healthy", launchTemplateVersion: "1" });
    expect(instance?.firstHealthyAt).toBe((instance?.launchedAt ?? 0) + 30_000);
  });

  it("gives instances the propagating tags and AWS's own", async () => {
    const world = new World();
    await world.group(1, {
      Tags: [
        { Key: "hitless:version", Value: "v1", PropagateAtLaunch: true },
        { Key: "team", Value: "web", PropagateAtLaunch: false },
      ],
    });
    await world.clock.settle();
    expect(world.snapshot().instances[0]?.tags).toEqual({
      "hitless:version": "v1",
      "aws:autoscaling:groupName": "web",
      "aws:ec2launchtemplate:id": "lt-1",
      "aws:ec2launchtemplate:version": "1",
    });
  });

  it("spreads instances over zones", async () => {
    const world = new World();
    await world.steadyGroup(7);
    const zones = (await world.describe()).Instances?.map((one) => one.AvailabilityZone).sort();
    expect(zones).toEqual(["a", "a", "a", "b", "b", "c", "c"].map((zone) => `us-east-1${zone}`));
  });

  it("that is refused is a failed activity, tried again later and later", async () => {
    const world = new World();
    world.behave(1, { refused: "You have requested more vCPU capacity than your current limit." });
    await world.group(2);
    await world.clock.advance(20);
    const failed = await world.activities();
    expect(failed.every((one) => one.StatusCode === "Failed" && one.Progress === 100)).toBe(true);
    expect(failed).toHaveLength(3);
    world.behave(1, {});
    await world.clock.until(() => world.healthy().length === 2);
  });

  it("without free addresses says so", async () => {
    const world = new World();
    world.compute.freeAddresses = 0;
    await world.group(1);
    await world.clock.settle();
    expect((await world.activities())[0]?.StatusMessage).toMatch(
      /no free addresses in the group's subnets \(subnet-a, subnet-b, subnet-c\)/,
    );
  });

  it("that ends before it is in service is cancelled with EC2's reason", async () => {
    const world = new World();
    world.behave(1, { boot: "manual" });
    await world.group(1);
    await world.clock.settle();
    world.compute.die("i-00001", "exit code 1: no such file");
    await world.clock.settle();
    expect((await world.activities())[0]).toMatchObject({
      StatusCode: "Cancelled",
      StatusMessage:
        "Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: exit code 1: no such file",
    });
    await world.clock.advance(6);
    expect(world.active()).toHaveLength(1);
  });

  it("reports a target group that takes no instances", async () => {
    const world = new World();
    world.targets.refuseRegistration = true;
    await world.group(1);
    await world.clock.advance(20);
    const failed = (await world.activities()).filter((one) => one.StatusCode === "Failed");
    expect(failed).toHaveLength(1);
    expect(failed[0]?.StatusMessage).toBe("the targets were refused");
    world.targets.refuseRegistration = false;
    await world.clock.until(() => world.healthy().length === 1);
  });

  it("does not begin where the target group is gone", async () => {
    const world = new World();
    await world.group(0);
    world.targets.groups.delete("tg-1");
    await world.call("SetDesiredCapacity", { ...WEB, DesiredCapacity: 1 });
    await world.clock.settle();
    expect((await world.activities())[0]?.StatusMessage).toMatch(/^Provided Target Groups may not be valid/);
    expect(world.compute.launches).toHaveLength(0);
  });
});

describe("lifecycle hooks", () => {
  const launching = {
    LifecycleHookName: "up",
    LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
    HeartbeatTimeout: 60,
  };
  const terminating = {
    LifecycleHookName: "down",
    LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
    HeartbeatTimeout: 60,
  };

  it("hold a launching instance back before it is registered, until they are completed [B-15]", async () => {
    const world = new World();
    await world.group(1, { LifecycleHookSpecificationList: [launching, { ...launching, LifecycleHookName: "up2" }] });
    await world.clock.advance(10);
    expect(world.snapshot().instances[0]?.lifecycleState).toBe("Pending:Wait");
    expect((await world.activities())[0]?.StatusCode).toBe("MidLifecycleAction");
    expect(world.targets.log).toEqual([]);
    const complete = { ...WEB, InstanceId: "i-00001", LifecycleActionResult: "CONTINUE" };
    await world.call("CompleteLifecycleAction", { ...complete, LifecycleHookName: "up" });
    await world.clock.settle();
    expect(world.snapshot().instances[0]?.lifecycleState).toBe("Pending:Wait");
    await world.call("CompleteLifecycleAction", { ...complete, LifecycleHookName: "up2" });
    await world.clock.settle();
    expect(world.snapshot().instances[0]?.lifecycleState).toBe("InService");
    expect(world.targets.log).toEqual(["register i-00001"]);
    expect(await refusal(world.call("CompleteLifecycleAction", { ...complete, LifecycleHookName: "up" }))).toBe(
      "ValidationError: No active Lifecycle Action found with instance ID i-00001",
    );
  });

  it("abandoned or timed out replace the launching instance and say why [B-14]", async () => {
    const world = new World();
    await world.group(1, { LifecycleHookSpecificationList: [launching] });
    await world.clock.advance(10);
    await world.call("CompleteLifecycleAction", {
      ...WEB,
      InstanceId: "i-00001",
      LifecycleHookName: "up",
      LifecycleActionResult: "ABANDON",
    });
    await world.clock.advance(30);
    const launch = (await world.activities()).find((one) =>
      one.Description?.startsWith("Launching a new EC2 instance: i-00001"),
    );
    expect(launch).toMatchObject({ StatusCode: "Cancelled" });
    expect(launch?.StatusMessage).toMatch(
      /^Instance failed to complete user's Lifecycle Action: Lifecycle Action with token \S+ was abandoned: Lifecycle Action Completed with ABANDON Result$/,
    );
    expect(world.compute.terminated).toEqual(["i-00001"]);
    expect(world.snapshot().instances.map((one) => one.instanceId)).toEqual(["i-00002"]);
    await world.clock.advance(100);
    const second = (await world.activities()).find(
      (one) => one.Description?.includes("i-00002") && one.StatusCode === "Cancelled",
    );
    expect(second?.StatusMessage).toMatch(/Heartbeat Timeout$/);
  });

  it("with default result CONTINUE let the instance pass; a heartbeat gives it more time", async () => {
    const world = new World();
    await world.group(1, { LifecycleHookSpecificationList: [{ ...launching, DefaultResult: "CONTINUE" }] });
    await world.clock.advance(35);
    await world.call("RecordLifecycleActionHeartbeat", { ...WEB, InstanceId: "i-00001", LifecycleHookName: "up" });
    await world.clock.advance(40);
    expect(world.snapshot().instances[0]?.lifecycleState).toBe("Pending:Wait");
    await world.clock.advance(30);
    expect(world.snapshot().instances[0]?.lifecycleState).toBe("InService");
  });

  it("run on the way out after the drain and before EC2 terminates [B-16]", async () => {
    const world = new World();
    await world.steadyGroup(1);
    await world.call("PutLifecycleHook", { ...WEB, ...terminating });
    await world.call("SetDesiredCapacity", { ...WEB, DesiredCapacity: 0 });
    await world.clock.advance(29);
    expect(world.snapshot().instances[0]?.lifecycleState).toBe("Terminating");
    expect((await world.activities())[0]?.StatusCode).toBe("WaitingForELBConnectionDraining");
    await world.clock.advance(2);
    expect(world.snapshot().instances[0]?.lifecycleState).toBe("Terminating:Wait");
    expect((await world.activities())[0]?.StatusCode).toBe("MidLifecycleAction");
    expect(world.compute.terminated).toEqual([]);
    await world.clock.advance(60);
    expect(world.compute.terminated).toEqual(["i-00001"]);
    expect(world.snapshot().instances).toEqual([]);
    expect(world.targets.log).toEqual(["register i-00001", "deregister i-00001", "drained i-00001"]);
  });

  it("that are deleted complete their outstanding actions", async () => {
    const world = new World();
    await world.steadyGroup(1);
    await world.call("PutLifecycleHook", { ...WEB, ...terminating, HeartbeatTimeout: 7200 });
    await world.call("SetDesiredCapacity", { ...WEB, DesiredCapacity: 0 });
    await world.clock.advance(40);
    expect(world.snapshot().instances[0]?.lifecycleState).toBe("Terminating:Wait");
    await world.call("DeleteLifecycleHook", { ...WEB, LifecycleHookName: "down" });
    await world.clock.advance(2);
    expect(world.snapshot().instances).toEqual([]);
  });

  it("are described with their defaults, updated in place and refused where wrong [B-12, B-13]", async () => {
    const world = new World();
    await world.group(0);
    await world.call("PutLifecycleHook", { ...WEB, ...terminating, HeartbeatTimeout: undefined });
    await world.call("PutLifecycleHook", { ...WEB, LifecycleHookName: "down", HeartbeatTimeout: 300 });
    expect((await world.call("DescribeLifecycleHooks", WEB)).LifecycleHooks).toEqual([
      {
        LifecycleHookName: "down",
        AutoScalingGroupName: "web",
        LifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
        HeartbeatTimeout: 300,
        GlobalTimeout: 30_000,
        DefaultResult: "ABANDON",
      },
    ]);
    const put = (more: object) => refusal(world.call("PutLifecycleHook", { ...WEB, ...launching, ...more }));
    expect(await put({ HeartbeatTimeout: 10 })).toMatch(/between 30 and 7200/);
    expect(await put({ LifecycleTransition: "sideways" })).toMatch(/sideways/);
    expect(await put({ DefaultResult: "MAYBE" })).toMatch(/MAYBE/);
    expect(await put({ NotificationTargetARN: "arn:aws:sqs:x" })).toMatch(
      /NotificationTargetARN of lifecycle hook 'up' is not served/,
    );
    expect(await put({ LifecycleHookName: "a b" })).toMatch(/regular expression/);
  });
});

describe("standby", () => {
  it("takes an instance out of its target groups and back, and keeps it out of health checks", async () => {
    const world = new World();
    await world.steadyGroup(2);
    const ids = { ...WEB, InstanceIds: ["i-00001"] };
    const { Activities } = await world.call("EnterStandby", { ...ids, ShouldDecrementDesiredCapacity: true });
    expect(Activities[0].Description).toBe("Moving EC2 instance to Standby: i-00001");
    expect((await world.describe()).Instances?.[0]?.LifecycleState).toBe("EnteringStandby");
    await world.clock.advance(31);
    expect((await world.describe()).Instances?.[0]?.LifecycleState).toBe("Standby");
    expect((await world.describe()).DesiredCapacity).toBe(1);
    expect(world.compute.launches).toHaveLength(2);
    await world.call("ExitStandby", ids);
    await world.clock.advance(10);
    expect(world.healthy()).toHaveLength(2);
    expect((await world.describe()).DesiredCapacity).toBe(2);
    expect(world.targets.log).toEqual([
      "register i-00001",
      "register i-00002",
      "deregister i-00001",
      "drained i-00001",
      "register i-00001",
    ]);
  });

  it("without decrement is replaced; with it, the minimum holds", async () => {
    const world = new World();
    await world.steadyGroup(2, { MinSize: 2 });
    const ids = { ...WEB, InstanceIds: ["i-00001"] };
    expect(await refusal(world.call("EnterStandby", { ...ids, ShouldDecrementDesiredCapacity: true }))).toMatch(
      /min-size=2/,
    );
    await world.call("EnterStandby", { ...ids, ShouldDecrementDesiredCapacity: false });
    await world.clock.advance(40);
    expect(world.healthy()).toHaveLength(2);
    expect(world.snapshot().instances).toHaveLength(3);
    expect(await refusal(world.call("ExitStandby", { ...WEB, InstanceIds: ["i-00002"] }))).toMatch(/is not in Standby/);
    expect(await refusal(world.call("EnterStandby", { ...ids, ShouldDecrementDesiredCapacity: false }))).toMatch(
      /is not in InService/,
    );
  });
});
