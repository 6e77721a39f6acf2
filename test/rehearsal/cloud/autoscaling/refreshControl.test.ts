import { refusal, World } from "./world.js";

const WEB = { AutoScalingGroupName: "web" };
const SURGE = { MinHealthyPercentage: 100, MaxHealthyPercentage: 134 };

describe("starting a refresh", () => {
  it("is refused while another one is active [B-53]", async () => {
    const world = new World();
    await world.steadyGroup(3);
    await world.refresh(SURGE);
    expect(await refusal(world.refresh(SURGE, "3"))).toBe(
      "InstanceRefreshInProgress: An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.",
    );
    await world.untilStatus("Successful");
    await world.refresh(SURGE, "3");
    const { InstanceRefreshes } = await world.call("DescribeInstanceRefreshes", WEB);
    expect(InstanceRefreshes).toHaveLength(2);
  });

  it.each([
    [{ MinHealthyPercentage: 101 }, /MinHealthyPercentage is 101/],
    [{ MinHealthyPercentage: 50, MaxHealthyPercentage: 99 }, /MaxHealthyPercentage is 99/],
    [{ MaxHealthyPercentage: 120 }, /must also specify MinHealthyPercentage/],
    [{ MinHealthyPercentage: 50, MaxHealthyPercentage: 151 }, /cannot be greater than 100/],
    [{ CheckpointPercentages: [50, 50] }, /unique and in ascending order/],
    [{ CheckpointPercentages: [0] }, /CheckpointPercentages is 0/],
    [{ CheckpointDelay: 5 }, /must also specify CheckpointPercentages/],
    [{ BakeTime: 200_000 }, /BakeTime is 200000/],
    [{ ScaleInProtectedInstances: "Maybe" }, /ScaleInProtectedInstances is 'Maybe'/],
    [{ StandbyInstances: "Maybe" }, /StandbyInstances is 'Maybe'/],
    [{ AlarmSpecification: { Alarms: ["none"] } }, /alarm 'none' does not exist/],
    [{ AlarmSpecification: { Alarms: Array(11).fill("x") } }, /at most 10 alarms/],
  ])("refuses %j [B-33, B-39, B-41, B-44, B-45, B-46, B-47]", async (preferences, message) => {
    const world = new World();
    await world.steadyGroup(1);
    expect(await refusal(world.refresh(preferences as object))).toMatch(message);
    expect(world.snapshot().refresh).toBeUndefined();
  });

  it("refuses AutoRollback where there is nothing to roll back to, and what is not served [B-56]", async () => {
    const world = new World();
    await world.steadyGroup(1);
    expect(await refusal(world.refresh({ AutoRollback: true }, null))).toMatch(
      /^ValidationError: The request isn't valid\. The AutoRollback parameter cannot be set to true when the DesiredConfiguration parameter is empty\./,
    );
    expect(await refusal(world.call("StartInstanceRefresh", { ...WEB, Strategy: "ReplaceRootVolume" }))).toMatch(
      /not served/,
    );
    const mixed = { ...WEB, DesiredConfiguration: { MixedInstancesPolicy: {} } };
    expect(await refusal(world.call("StartInstanceRefresh", mixed))).toMatch(/MixedInstancesPolicy is not served/);
    expect(await refusal(world.refresh(SURGE, "nonsense"))).toMatch(/^InvalidLaunchTemplateId.VersionNotFound/);
    await world.call("UpdateAutoScalingGroup", {
      ...WEB,
      LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "$Default" },
    });
    expect(await refusal(world.refresh({ AutoRollback: true }))).toMatch(
      /AutoRollback cannot be set to true.*\$Default/,
    );
  });

  it("keeps the group's launch template from being updated while a desired configuration is being rolled out, and target groups from being attached [B-31]", async () => {
    const world = new World();
    await world.steadyGroup(2);
    await world.refresh(SURGE);
    const update = { ...WEB, LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "3" } };
    expect(await refusal(world.call("UpdateAutoScalingGroup", update))).toMatch(
      /^ValidationError: An active instance refresh with a desired configuration exists\./,
    );
    await world.call("UpdateAutoScalingGroup", { ...WEB, HealthCheckGracePeriod: 5 });
    expect(
      await refusal(world.call("AttachTrafficSources", { ...WEB, TrafficSources: [{ Identifier: "tg-2" }] })),
    ).toMatch(/^InstanceRefreshInProgress/);
  });
});

describe("cancelling a refresh", () => {
  it("lets what is under way finish, reverts nothing and leaves the group at its size [B-54, B-55]", async () => {
    const world = new World();
    await world.steadyGroup(6);
    let lowest = 6;
    world.clock.settled = () => {
      lowest = Math.min(lowest, world.healthy().length);
    };
    world.behave(2, { boot: 20 });
    await world.refresh(SURGE);
    await world.clock.until(() => world.healthy("2").length === 2);
    await world.clock.advance(1);
    await world.call("CancelInstanceRefresh", WEB);
    expect(world.status()).toBe("Cancelling");
    expect(await refusal(world.refresh(SURGE, "3"))).toMatch(/^InstanceRefreshInProgress/);
    await world.untilStatus("Cancelled");
    await world.clock.advance(100);
    expect(world.versions()).toEqual({ "1": 2, "2": 4 });
    expect(lowest).toBe(6);
    expect((await world.describe()).LaunchTemplate?.Version).toBe("1");
    expect(await refusal(world.call("CancelInstanceRefresh", WEB))).toBe(
      "ActiveInstanceRefreshNotFound: No in progress or pending Instance Refresh found for Auto Scaling group web",
    );
  });

  it("at once, when told not to wait: then another version supersedes it without losing a server", async () => {
    const world = new World();
    await world.steadyGroup(6);
    let lowest = 6;
    let highest = 0;
    world.clock.settled = () => {
      lowest = Math.min(lowest, world.healthy().length);
      highest = Math.max(highest, world.active().length);
    };
    await world.refresh(SURGE);
    await world.clock.advance(12);
    await world.call("CancelInstanceRefresh", { ...WEB, WaitForTransitioningInstances: false });
    expect(world.status()).toBe("Cancelled");
    await world.refresh(SURGE, "3");
    await world.untilStatus("Successful");
    expect(world.versions()).toEqual({ "3": 6 });
    expect([lowest, highest]).toEqual([6, 8]);
  });

  it("also stops a rollback", async () => {
    const world = new World();
    await world.steadyGroup(4);
    await world.refresh({ MinHealthyPercentage: 50 });
    await world.clock.until(() => world.healthy("2").length === 2);
    await world.call("RollbackInstanceRefresh", WEB);
    await world.call("CancelInstanceRefresh", { ...WEB, WaitForTransitioningInstances: false });
    await world.clock.advance(100);
    expect(world.status()).toBe("Cancelled");
    expect(world.active()).toHaveLength(4);
  });
});

describe("checkpoints, bake time and alarms", () => {
  it("pauses at each checkpoint once its instances are warm, for the delay [B-41]", async () => {
    const world = new World();
    await world.steadyGroup(10);
    const started = world.clock.now();
    const times: Record<string, number> = {};
    world.clock.settled = () => {
      const count = String(world.versions()["2"] ?? 0);
      times[count] ??= (world.clock.now() - started) / 1000;
    };
    // The user guide's example: 20 and 50 percent, a delay of 15 minutes, a minimum of 80 percent.
    await world.refresh({
      MinHealthyPercentage: 80,
      InstanceWarmup: 595,
      CheckpointPercentages: [20, 50],
      CheckpointDelay: 900,
    });
    await world.untilStatus("Successful");
    expect(times).toMatchObject({ "2": 0, "4": 600 + 900, "5": 600 + 900 + 600 });
    expect((world.clock.now() - started) / 1000).toBe(2700);
    expect(world.versions()).toEqual({ "1": 5, "2": 5 });
    expect(await world.latestRefresh()).toMatchObject({ PercentageComplete: 50, InstancesToUpdate: 5 });
    expect((await world.describe()).LaunchTemplate?.Version).toBe("2");
  });

  it("may pass several checkpoints with one replacement [B-42]", async () => {
    const world = new World();
    await world.steadyGroup(2);
    const started = world.clock.now();
    await world.refresh({ CheckpointPercentages: [10, 40, 100], CheckpointDelay: 1000 });
    await world.clock.advance(500);
    expect((await world.latestRefresh()).StatusReason).toMatch(/Waiting 1000 seconds at the checkpoint/);
    expect(world.versions()).toEqual({ "1": 1, "2": 1 });
    await world.untilStatus("Successful");
    expect((world.clock.now() - started) / 1000).toBeLessThan(1100);
  });

  it("bakes before it is complete, and only then updates the group [B-51]", async () => {
    const world = new World();
    await world.steadyGroup(2);
    await world.refresh({ ...SURGE, BakeTime: 300 });
    await world.untilStatus("Baking");
    expect((await world.describe()).LaunchTemplate?.Version).toBe("1");
    await world.clock.advance(299);
    expect(world.status()).toBe("Baking");
    await world.clock.advance(2);
    expect(world.status()).toBe("Successful");
    expect((await world.describe()).LaunchTemplate?.Version).toBe("2");
  });

  it("fails when an alarm goes off, also while baking [B-45]", async () => {
    const world = new World();
    await world.steadyGroup(2);
    world.monitoring.set("errors", "OK");
    await world.refresh({ ...SURGE, BakeTime: 300, AlarmSpecification: { Alarms: ["errors"] } });
    await world.untilStatus("Baking");
    world.monitoring.set("errors", "ALARM");
    await world.clock.settle();
    expect(world.status()).toBe("Failed");
    expect((await world.describe()).LaunchTemplate?.Version).toBe("1");
  });
});

describe("instances that stand in a refresh's way", () => {
  it.each([
    ["Ignore", "Successful", { "1": 1, "2": 2 }],
    ["Refresh", "Successful", { "2": 3 }],
    ["Wait", "Failed", { "1": 1, "2": 2 }],
  ])("protected from scale-in with %s: %s [B-46]", async (choice, end, versions) => {
    const world = new World();
    await world.steadyGroup(3);
    await world.call("SetInstanceProtection", { ...WEB, InstanceIds: ["i-00002"], ProtectedFromScaleIn: true });
    await world.refresh({ MinHealthyPercentage: 50, ScaleInProtectedInstances: choice as "Wait" });
    if (choice === "Wait") {
      await world.clock.advance(600);
      expect((await world.latestRefresh()).StatusReason).toBe(
        "Waiting for remaining instances to be available. For example: i-00002 is protected. Remove instance scale-in protection to continue.",
      );
    }
    await world.untilStatus("Successful", "Failed");
    expect(world.status()).toBe(end);
    await world.clock.advance(60);
    expect(world.versions()).toEqual(versions);
  });

  it("protected with Wait go on once the protection is lifted [B-46]", async () => {
    const world = new World();
    await world.steadyGroup(2, { NewInstancesProtectedFromScaleIn: true });
    await world.refresh({ MinHealthyPercentage: 50 });
    await world.clock.advance(600);
    expect(world.versions()).toEqual({ "1": 2 });
    await world.call("SetInstanceProtection", {
      ...WEB,
      InstanceIds: ["i-00001", "i-00002"],
      ProtectedFromScaleIn: false,
    });
    await world.untilStatus("Successful");
    expect(world.versions()).toEqual({ "2": 2 });
  });

  it.each([
    ["Ignore", "Successful", 1],
    ["Terminate", "Successful", 0],
    ["Wait", "Failed", 1],
  ])("in standby with %s: %s [B-47]", async (choice, end, left) => {
    const world = new World();
    await world.steadyGroup(3);
    await world.call("EnterStandby", { ...WEB, InstanceIds: ["i-00001"], ShouldDecrementDesiredCapacity: true });
    await world.clock.advance(40);
    await world.refresh({ MinHealthyPercentage: 50, StandbyInstances: choice as "Wait" });
    await world.untilStatus("Successful", "Failed");
    await world.clock.advance(60);
    expect(world.status()).toBe(end);
    expect(world.versions()).toEqual({ "2": 2 });
    expect(world.snapshot().instances.filter((one) => one.lifecycleState === "Standby")).toHaveLength(left);
  });

  it("stalls while Launch, Terminate or InstanceRefresh is suspended, and goes on after [B-26]", async () => {
    for (const process of ["Launch", "Terminate", "InstanceRefresh"]) {
      const world = new World();
      await world.steadyGroup(3);
      await world.call("SuspendProcesses", { ...WEB, ScalingProcesses: [process] });
      await world.refresh(SURGE);
      await world.clock.advance(600);
      expect(["Pending", "InProgress"]).toContain(world.status());
      expect((await world.latestRefresh()).StatusReason).toMatch(process);
      expect(world.healthy("1")).toHaveLength(3);
      await world.call("ResumeProcesses", { ...WEB, ScalingProcesses: [process] });
      await world.untilStatus("Successful");
      expect(world.versions()).toEqual({ "2": 3 });
    }
  });

  it("an old instance that dies in the middle is simply replaced by a new one", async () => {
    const world = new World();
    await world.steadyGroup(6);
    world.behave(2, { boot: 30 });
    await world.refresh(SURGE);
    await world.clock.advance(10);
    const victim = world.healthy("1")[0]?.instanceId ?? "";
    world.compute.die(victim);
    await world.untilStatus("Successful");
    expect(world.versions()).toEqual({ "2": 6 });
  });

  it("a new version that cannot be launched at all leaves the old servers alone", async () => {
    const world = new World();
    await world.steadyGroup(6);
    world.behave(2, { refused: "The image id '[ami-2]' does not exist" });
    await world.refresh({ ...SURGE, AutoRollback: true });
    await world.clock.advance(60);
    expect(world.versions()).toEqual({ "1": 6 });
    expect((await world.latestRefresh()).StatusReason).toMatch(/does not exist/);
    const failed = (await world.activities()).filter((one) => one.StatusCode === "Failed");
    expect(failed.length).toBeGreaterThan(1);
    expect(failed.length).toBeLessThan(10);
    expect(failed[0]).toMatchObject({
      Progress: 100,
      StatusMessage: "The image id '[ami-2]' does not exist Launching EC2 instance failed.",
      Description:
        "Launching a new EC2 instance.  Status Reason: The image id '[ami-2]' does not exist Launching EC2 instance failed.",
    });
    await world.call("RollbackInstanceRefresh", WEB);
    await world.untilStatus("RollbackSuccessful");
    expect(world.healthy("1")).toHaveLength(6);
  });

  it("a new version that crashes on boot is tried again at growing intervals", async () => {
    const world = new World();
    await world.steadyGroup(6);
    world.behave(2, { boot: 1, healthy: "never", dies: 3 });
    await world.refresh(SURGE);
    await world.clock.advance(600);
    expect(world.healthy("1")).toHaveLength(6);
    expect(world.compute.launches.length).toBeGreaterThan(10);
    expect(world.compute.launches.length).toBeLessThan(40);
  });
});
