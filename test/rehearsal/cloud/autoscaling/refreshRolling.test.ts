import { World } from "./world.js";

/** Samples the group at every moment from now on. */
function watch(world: World): { lowest: number; highest: number; pictures: string[] } {
  const seen = { lowest: Number.POSITIVE_INFINITY, highest: 0, pictures: [] as string[] };
  world.clock.settled = () => {
    seen.lowest = Math.min(seen.lowest, world.healthy().length);
    seen.highest = Math.max(seen.highest, world.active().length);
    const picture = JSON.stringify(world.versions());
    if (seen.pictures.at(-1) !== picture) seen.pictures.push(picture);
  };
  return seen;
}

describe("a rolling instance refresh", () => {
  it("with surge keeps every server, goes in batches and replaces all [B-37]", async () => {
    const world = new World();
    await world.steadyGroup(6);
    const seen = watch(world);
    await world.refresh({ MinHealthyPercentage: 100, MaxHealthyPercentage: 134 });
    await world.untilStatus("Successful");
    expect(seen.lowest).toBe(6);
    expect(seen.highest).toBe(8);
    expect(world.versions()).toEqual({ "2": 6 });
    expect((await world.describe()).LaunchTemplate?.Version).toBe("2");
    expect(await world.latestRefresh()).toMatchObject({ PercentageComplete: 100, InstancesToUpdate: 0 });
  });

  it("without surge terminates a batch and launches its replacement together", async () => {
    const world = new World();
    await world.steadyGroup(6);
    const seen = watch(world);
    await world.refresh({ MinHealthyPercentage: 66, MaxHealthyPercentage: 100 });
    await world.untilStatus("Successful");
    expect(seen.lowest).toBe(4);
    expect(seen.highest).toBe(6);
    expect(seen.pictures).toEqual(['{"1":4,"2":2}', '{"1":2,"2":4}', '{"2":6}']);
  });

  it("takes a large batch in several looks, which are one moment to AWS's clock", async () => {
    const world = new World();
    await world.steadyGroup(45);
    const begun = world.clock.now();
    let moment: number | undefined;
    world.clock.settled = () => {
      if (moment === undefined && world.versions()["2"] === 45) moment = world.clock.now();
    };
    await world.refresh({ MinHealthyPercentage: 0, MaxHealthyPercentage: 100 });
    await world.untilStatus("Successful");
    expect(moment).toBe(begun);
  });

  it("where both bounds cannot hold, launches first only if the maximum was given [B-36]", async () => {
    const given = new World();
    await given.steadyGroup(5);
    const seenGiven = watch(given);
    await given.refresh({ MinHealthyPercentage: 90, MaxHealthyPercentage: 100 });
    await given.untilStatus("Successful");
    expect([seenGiven.lowest, seenGiven.highest]).toEqual([5, 6]);

    const omitted = new World();
    await omitted.steadyGroup(5);
    const seenOmitted = watch(omitted);
    await omitted.refresh({ MinHealthyPercentage: 90 });
    await omitted.untilStatus("Successful");
    expect([seenOmitted.lowest, seenOmitted.highest]).toEqual([4, 5]);
  });

  it("takes its percentages from the maintenance policy unless given [B-33]", async () => {
    const world = new World();
    await world.steadyGroup(4, { InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 150 } });
    const seen = watch(world);
    await world.refresh({});
    await world.untilStatus("Successful");
    expect([seen.lowest, seen.highest]).toEqual([4, 6]);
    expect((await world.latestRefresh()).Preferences).toMatchObject({
      MinHealthyPercentage: 100,
      MaxHealthyPercentage: 150,
    });
  });

  it("drains old instances before it terminates them, and does not wait for that [B-17]", async () => {
    const world = new World();
    await world.steadyGroup(2);
    world.targets.drainSeconds = 120;
    await world.refresh({ MinHealthyPercentage: 100, MaxHealthyPercentage: 200 });
    await world.untilStatus("Successful");
    expect(world.terminating()).toHaveLength(2);
    expect(world.compute.terminated).toEqual([]);
    const waiting = (await world.activities()).filter((one) => one.StatusCode === "WaitingForELBConnectionDraining");
    expect(waiting).toHaveLength(2);
    expect(waiting[0]?.Cause).toMatch(
      /^At \S+Z an instance was taken out of service in response to an instance refresh\. {2}At \S+Z instance i-0000\d was selected for termination\.$/,
    );
    await world.clock.advance(119);
    expect(world.compute.terminated).toEqual([]);
    await world.clock.advance(3);
    expect(world.compute.terminated.sort()).toEqual(["i-00001", "i-00002"]);
    expect(world.snapshot().instances).toHaveLength(2);
  });

  it("counts an instance only when it is healthy and its warm-up is over, and says what it waits for [B-52]", async () => {
    const world = new World();
    await world.steadyGroup(2);
    world.behave(2, { boot: 10, healthy: 20 });
    await world.refresh({ MinHealthyPercentage: 100, MaxHealthyPercentage: 150, InstanceWarmup: 60 });
    await world.clock.advance(1);
    expect((await world.latestRefresh()).StatusReason).toMatch(
      /insufficient data to evaluate its health with Amazon EC2/,
    );
    await world.clock.advance(14);
    expect((await world.latestRefresh()).StatusReason).toMatch(
      /insufficient data to evaluate its health with Elastic Load Balancing/,
    );
    await world.clock.advance(20);
    expect(await world.latestRefresh()).toMatchObject({
      Status: "InProgress",
      PercentageComplete: 0,
      InstancesToUpdate: 2,
      StatusReason: "Waiting for instances to warm up before continuing. For example: i-00003 is warming up.",
    });
    await world.clock.advance(33);
    expect((await world.latestRefresh()).PercentageComplete).toBe(0);
    await world.clock.advance(3);
    expect(await world.latestRefresh()).toMatchObject({ PercentageComplete: 50, InstancesToUpdate: 1 });
  });

  it("warms up for the default instance warmup, else for the grace period [B-38]", async () => {
    const world = new World();
    await world.steadyGroup(1, { DefaultInstanceWarmup: 40 });
    await world.call("StartInstanceRefresh", { AutoScalingGroupName: "web" });
    expect((await world.latestRefresh()).Preferences?.InstanceWarmup).toBe(40);
    const other = new World();
    await other.steadyGroup(1);
    await other.call("StartInstanceRefresh", { AutoScalingGroupName: "web" });
    expect((await other.latestRefresh()).Preferences).toMatchObject({ InstanceWarmup: 60, MinHealthyPercentage: 90 });
    expect((await other.latestRefresh()).Preferences?.MaxHealthyPercentage).toBeUndefined();
  });

  it("does not look at target health where the group's health checks do not", async () => {
    const world = new World();
    world.behave(1, { healthy: "never" });
    world.behave(2, { healthy: "never" });
    await world.group(3, { HealthCheckType: "EC2" });
    await world.clock.until(() => world.inService().length === 3);
    await world.refresh({ MinHealthyPercentage: 50 });
    await world.untilStatus("Successful");
  });

  it("replaces the oldest launch template first, and balances zones before that [B-50]", async () => {
    const world = new World();
    await world.steadyGroup(6, { TerminationPolicies: ["OldestInstance"] });
    await world.refresh({ MinHealthyPercentage: 50, MaxHealthyPercentage: 100 });
    await world.clock.advance(1);
    const gone = world.terminating().map((one) => one.instanceId);
    expect(gone.sort()).toEqual(["i-00001", "i-00002", "i-00003"]);
  });

  it("launches scale-outs from the desired configuration, and leaves the group on the old one until it succeeds [B-59]", async () => {
    const world = new World();
    await world.steadyGroup(4);
    await world.refresh({ MinHealthyPercentage: 100, MaxHealthyPercentage: 125 });
    await world.clock.advance(1);
    await world.call("SetDesiredCapacity", { AutoScalingGroupName: "web", DesiredCapacity: 7 });
    await world.clock.advance(1);
    expect(world.versions()).toMatchObject({ "1": 4, "2": 4 });
    expect((await world.describe()).LaunchTemplate?.Version).toBe("1");
    await world.untilStatus("Successful");
    expect(world.versions()).toEqual({ "2": 7 });
    expect((await world.describe()).LaunchTemplate?.Version).toBe("2");
  });

  it("follows a scale-in, old instances first", async () => {
    const world = new World();
    await world.steadyGroup(8);
    await world.refresh({ MinHealthyPercentage: 100, MaxHealthyPercentage: 125, InstanceWarmup: 30 });
    await world.clock.advance(1);
    await world.call("SetDesiredCapacity", { AutoScalingGroupName: "web", DesiredCapacity: 3 });
    await world.untilStatus("Successful");
    await world.clock.advance(1);
    expect(world.versions()).toEqual({ "2": 3 });
  });

  it("succeeds at once where nothing needs replacing", async () => {
    const world = new World();
    await world.steadyGroup(3);
    await world.refresh({ SkipMatching: true }, "1");
    await world.untilStatus("Successful");
    expect(world.compute.launches).toHaveLength(3);
    expect((await world.latestRefresh()).PercentageComplete).toBe(100);
  });

  it("skips what matches already [B-48]", async () => {
    const world = new World();
    await world.steadyGroup(2);
    await world.call("UpdateAutoScalingGroup", {
      AutoScalingGroupName: "web",
      DesiredCapacity: 5,
      LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "2" },
    });
    await world.clock.until(() => world.healthy().length === 5);
    await world.refresh({ SkipMatching: true, MinHealthyPercentage: 50 }, null);
    expect((await world.latestRefresh()).InstancesToUpdate).toBe(2);
    await world.untilStatus("Successful");
    expect(world.compute.launches).toHaveLength(7);
    expect(world.versions()).toEqual({ "2": 5 });
  });

  it("resolves $Latest when it launches", async () => {
    const world = new World();
    await world.steadyGroup(1);
    world.compute.latest = 12;
    await world.refresh({ MinHealthyPercentage: 0 }, "$Latest");
    await world.untilStatus("Successful");
    expect(world.versions()).toEqual({ "12": 1 });
  });

  it("replaces instances at the load balancer's word only in its turn when they never were healthy", async () => {
    const world = new World();
    world.behave(1, { healthy: "never" });
    await world.group(4);
    await world.clock.until(() => world.inService().length === 4);
    await world.refresh({ MinHealthyPercentage: 50, MaxHealthyPercentage: 100 });
    await world.clock.advance(1);
    expect(world.versions()).toEqual({ "1": 2, "2": 2 });
    await world.untilStatus("Successful");
    expect(world.versions()).toEqual({ "2": 4 });
  });

  it("manages a thousand instances", async () => {
    const world = new World();
    await world.steadyGroup(1000);
    await world.refresh({ MinHealthyPercentage: 90, MaxHealthyPercentage: 110 });
    await world.untilStatus("Successful");
    expect(world.versions()).toEqual({ "2": 1000 });
  });
});
