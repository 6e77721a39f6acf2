import { refusal, World } from "./world.js";

const WEB = { AutoScalingGroupName: "web" };
const SICK = { state: "unhealthy", reason: "Target.Timeout" } as const;

describe("health checks", () => {
  it("replace an instance that the load balancer calls unhealthy, after draining", async () => {
    const world = new World();
    await world.steadyGroup(3);
    await world.clock.advance(60);
    world.targets.say("tg-1", "i-00002", SICK);
    await world.clock.settle();
    expect(world.terminating().map((one) => one.instanceId)).toEqual(["i-00002"]);
    expect(world.active()).toHaveLength(3);
    const [launch, terminate] = await world.activities();
    expect(terminate?.Cause).toMatch(
      /an instance was taken out of service in response to an ELB system health check failure\./,
    );
    expect(launch?.Cause).toMatch(
      /an instance was launched in response to an unhealthy instance needing to be replaced\.$/,
    );
    await world.clock.until(() => world.healthy().length === 3);
    await world.clock.advance(40);
    expect(world.compute.terminated).toEqual(["i-00002"]);
  });

  it("leave it alone during its grace period, and look again at the end of it", async () => {
    const world = new World();
    world.behave(1, { healthy: "failing" });
    await world.group(1);
    await world.clock.advance(64); // 5 to run, 60 of grace
    expect(world.terminating()).toHaveLength(0);
    await world.clock.advance(2);
    expect(world.terminating().map((one) => one.instanceId)).toEqual(["i-00001"]);
  });

  it("do not protect an instance that no longer runs, whatever the grace period [B-05]", async () => {
    const world = new World();
    await world.steadyGroup(2, { HealthCheckGracePeriod: 3600 });
    world.targets.drainSeconds = 300;
    world.compute.die("i-00001");
    await world.clock.advance(2);
    expect(world.snapshot().instances.map((one) => one.instanceId)).toEqual(["i-00002", "i-00003"]);
    expect((await world.activities()).map((one) => one.Cause).join()).toMatch(
      /EC2 health check indicating it has been terminated or stopped/,
    );
  });

  it("of type EC2 ignore the load balancer", async () => {
    const world = new World();
    await world.steadyGroup(1, { HealthCheckType: "EC2", HealthCheckGracePeriod: 0 });
    world.targets.say("tg-1", "i-00001", SICK);
    await world.clock.advance(600);
    expect(world.terminating()).toHaveLength(0);
  });

  it("replace at most a tenth of the group at a time, and one at least [B-09]", async () => {
    const world = new World();
    await world.steadyGroup(30, { HealthCheckGracePeriod: 0, DefaultInstanceWarmup: 30 });
    for (let i = 1; i <= 12; i++) world.targets.say("tg-1", `i-${String(i).padStart(5, "0")}`, SICK);
    await world.clock.settle();
    expect(world.terminating()).toHaveLength(3);
    let most = 0;
    world.clock.settled = () => {
      most = Math.max(
        most,
        world.active().filter((one) => one.targetHealth !== "healthy" && Number(one.instanceId.slice(2)) > 30).length,
      );
    };
    await world.clock.advance(34);
    expect(world.compute.terminated).toHaveLength(3); // the warm-up of the replacements still runs
    expect(world.terminating()).toHaveLength(0);
    await world.clock.advance(2);
    expect(world.terminating()).toHaveLength(3);
    await world.clock.until(() => world.healthy().length === 30);
    expect(most).toBeLessThanOrEqual(3);
  });

  it("keep replacing one place's failing replacements", async () => {
    const world = new World();
    await world.steadyGroup(3, { HealthCheckGracePeriod: 10 });
    await world.clock.advance(20);
    world.behave(1, { healthy: "failing" });
    world.targets.say("tg-1", "i-00001", SICK);
    world.targets.say("tg-1", "i-00002", SICK);
    await world.clock.advance(300);
    expect(world.compute.launches.length).toBeGreaterThan(8);
    expect(world.snapshot().instances.find((one) => one.instanceId === "i-00002")?.lifecycleState).toBe("InService");
  });

  it("launch before they terminate where the maintenance policy says so [B-10]", async () => {
    const world = new World();
    await world.steadyGroup(4, {
      HealthCheckGracePeriod: 0,
      InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 125 },
    });
    world.targets.say("tg-1", "i-00001", SICK);
    await world.clock.advance(6);
    expect(world.active()).toHaveLength(5);
    expect(world.terminating()).toHaveLength(0);
    await world.clock.advance(6);
    expect(world.terminating().map((one) => one.instanceId)).toEqual(["i-00001"]);
    expect(world.healthy()).toHaveLength(4);
    await world.clock.advance(60);
    expect(world.snapshot().instances).toHaveLength(4);
  });

  it("act on the load balancer's word only once a later attachment is InService [B-11]", async () => {
    const world = new World();
    world.behave(1, { healthy: "failing" });
    await world.group(2, { TargetGroupARNs: [], HealthCheckGracePeriod: 0 });
    await world.clock.until(() => world.inService().length === 2);
    await world.call("AttachTrafficSources", { ...WEB, TrafficSources: [{ Identifier: "tg-2", Type: "elbv2" }] });
    await world.clock.advance(60);
    expect((await world.call("DescribeTrafficSources", WEB)).TrafficSources[0].State).toBe("Added");
    expect(world.terminating()).toHaveLength(0);
    world.targets.say("tg-2", "i-00001", { state: "healthy" });
    await world.clock.settle();
    expect((await world.call("DescribeTrafficSources", WEB)).TrafficSources[0].State).toBe("InService");
    expect(world.terminating().map((one) => one.instanceId)).toEqual(["i-00002"]);
  });

  it("stand still while HealthCheck or ReplaceUnhealthy is suspended", async () => {
    const world = new World();
    await world.steadyGroup(2, { HealthCheckGracePeriod: 0 });
    await world.call("SuspendProcesses", { ...WEB, ScalingProcesses: ["HealthCheck"] });
    world.targets.say("tg-1", "i-00001", SICK);
    await world.clock.advance(60);
    expect((await world.describe()).Instances?.[0]?.HealthStatus).toBe("Healthy");
    await world.call("SuspendProcesses", { ...WEB, ScalingProcesses: ["ReplaceUnhealthy"] });
    await world.call("ResumeProcesses", { ...WEB, ScalingProcesses: ["HealthCheck"] });
    await world.clock.advance(60);
    expect((await world.describe()).Instances?.[0]).toMatchObject({
      HealthStatus: "Unhealthy",
      LifecycleState: "InService",
    });
    await world.call("ResumeProcesses", WEB);
    await world.clock.settle();
    expect(world.terminating()).toHaveLength(1);
    expect((await world.describe()).SuspendedProcesses).toEqual([]);
  });

  it("of the user replace at once, but respect the grace period unless told not to", async () => {
    const world = new World();
    await world.steadyGroup(1, { HealthCheckGracePeriod: 600 });
    const set = { InstanceId: "i-00001", HealthStatus: "Unhealthy" };
    await world.call("SetInstanceHealth", set);
    await world.clock.settle();
    expect(world.terminating()).toHaveLength(0);
    await world.call("SetInstanceHealth", { ...set, ShouldRespectGracePeriod: false });
    await world.clock.settle();
    expect(world.terminating()).toHaveLength(1);
    expect((await world.activities())[1]?.Cause).toMatch(/in response to a user health-check\./);
    expect(await refusal(world.call("SetInstanceHealth", { ...set, InstanceId: "i-none" }))).toMatch(
      /Instance Id not found/,
    );
    expect(await refusal(world.call("SetInstanceHealth", { InstanceId: "i-00002", HealthStatus: "So so" }))).toMatch(
      /So so/,
    );
  });
});
