import { refusal, World } from "./world.js";

const WEB = { AutoScalingGroupName: "web" };
const SURGE = { MinHealthyPercentage: 100, MaxHealthyPercentage: 134 };

describe("rolling a refresh back", () => {
  it("on request takes the never healthy new instances away and keeps every old one [B-51]", async () => {
    const world = new World();
    await world.steadyGroup(6);
    world.behave(2, { healthy: "failing" });
    let lowest = 6;
    world.clock.settled = () => {
      lowest = Math.min(lowest, world.healthy("1").length);
    };
    await world.refresh(SURGE);
    await world.clock.advance(20);
    expect(world.versions()).toEqual({ "1": 6, "2": 2 });
    expect((await world.latestRefresh()).StatusReason).toMatch(
      /is unhealthy with Elastic Load Balancing \(Target.Timeout\)/,
    );
    await world.call("RollbackInstanceRefresh", WEB);
    expect(world.status()).toBe("RollbackInProgress");
    await world.untilStatus("RollbackSuccessful");
    expect(lowest).toBe(6);
    expect(world.versions()).toEqual({ "1": 6 });
    expect(world.compute.launches).toHaveLength(8);
    const refresh = await world.latestRefresh();
    expect(refresh).toMatchObject({
      PercentageComplete: 0,
      RollbackDetails: {
        RollbackReason: "Rollback started by user request.",
        PercentageCompleteOnRollback: 0,
        InstancesToUpdateOnRollback: 6,
      },
    });
    expect((await world.describe()).LaunchTemplate?.Version).toBe("1");
  });

  it("replaces healthy new instances by old ones, newest first, while its percentage falls to 0 [B-52]", async () => {
    const world = new World();
    await world.steadyGroup(6);
    await world.refresh({ MinHealthyPercentage: 66, MaxHealthyPercentage: 100 });
    await world.clock.until(() => world.healthy("2").length === 4);
    const before = await world.latestRefresh();
    expect(before).toMatchObject({ PercentageComplete: 66, InstancesToUpdate: 2 });
    await world.call("RollbackInstanceRefresh", WEB);
    await world.clock.advance(0);
    const gone = world.terminating().filter((one) => one.launchTemplateVersion === "2");
    expect(gone.map((one) => one.instanceId).sort()).toEqual(
      ["i-00009", "i-00010", "i-00011", "i-00012"].slice(-gone.length),
    );
    const percentages: number[] = [];
    world.clock.settled = () => percentages.push(world.snapshot().refresh?.percentageComplete ?? -1);
    await world.untilStatus("RollbackSuccessful");
    expect(percentages).toEqual([...percentages].sort((a, b) => b - a));
    expect(percentages.at(-1)).toBe(0);
    expect(world.versions()).toEqual({ "1": 6 });
    expect((await world.latestRefresh()).RollbackDetails).toMatchObject({ InstancesToUpdateOnRollback: 2 });
  });

  it("happens by itself when an alarm goes off [B-45]", async () => {
    const world = new World();
    await world.steadyGroup(4);
    world.monitoring.set("errors", "OK");
    await world.refresh({ ...SURGE, AutoRollback: true, AlarmSpecification: { Alarms: ["errors"] } });
    await world.clock.until(() => world.healthy("2").length === 2);
    world.monitoring.set("errors", "ALARM");
    await world.clock.settle();
    expect(world.status()).toBe("RollbackInProgress");
    await world.untilStatus("RollbackSuccessful");
    expect((await world.latestRefresh()).StatusReason).toBe("The CloudWatch alarm errors is in the ALARM state.");
    expect(world.versions()).toEqual({ "1": 4 });
  });

  it("happens by itself after an hour without progress; the failing instances were replaced again and again meanwhile", async () => {
    const world = new World();
    await world.steadyGroup(6);
    world.behave(2, { healthy: "failing" });
    await world.refresh({ ...SURGE, AutoRollback: true });
    await world.clock.advance(3500);
    expect(world.status()).toBe("InProgress");
    expect(world.compute.launches.length).toBeGreaterThan(20);
    expect(world.healthy("1")).toHaveLength(6);
    await world.untilStatus("RollbackSuccessful");
    expect((await world.latestRefresh()).RollbackDetails?.RollbackReason).toMatch(/no progress for one hour/);
    expect(world.versions()).toEqual({ "1": 6 });
  });

  it("without AutoRollback such a refresh fails, and the group goes back to its size, old instances first kept [B-57]", async () => {
    const world = new World();
    await world.steadyGroup(6);
    world.behave(2, { healthy: "never" });
    await world.refresh(SURGE);
    await world.clock.advance(3700);
    expect(world.status()).toBe("Failed");
    expect(world.versions()).toEqual({ "1": 6 });
    expect((await world.latestRefresh()).StatusReason).toMatch(/no progress for one hour.*insufficient data/);
  });

  it("also rolls back while baking", async () => {
    const world = new World();
    await world.steadyGroup(2);
    await world.refresh({ ...SURGE, BakeTime: 600 });
    await world.untilStatus("Baking");
    expect(world.versions()).toEqual({ "2": 2 });
    await world.clock.advance(300);
    await world.call("RollbackInstanceRefresh", WEB);
    await world.untilStatus("RollbackSuccessful");
    expect(world.versions()).toEqual({ "1": 2 });
  });

  it("fails when its own launches make no progress for an hour", async () => {
    const world = new World();
    await world.steadyGroup(2);
    await world.refresh({ MinHealthyPercentage: 0 });
    await world.clock.until(() => world.healthy("2").length === 1 || world.versions()["2"] === 2);
    world.behave(1, { refused: "You have reached a limit." });
    await world.call("RollbackInstanceRefresh", WEB);
    await world.untilStatus("RollbackFailed");
    expect((await world.latestRefresh()).StatusReason).toMatch(/no progress for one hour.*You have reached a limit/);
  });

  it("is refused where it is impossible [B-56]", async () => {
    const world = new World();
    await world.steadyGroup(2);
    expect(await refusal(world.call("RollbackInstanceRefresh", WEB))).toMatch(/^ActiveInstanceRefreshNotFound: /);
    await world.refresh(SURGE, null);
    expect(await refusal(world.call("RollbackInstanceRefresh", WEB))).toMatch(
      /^IrreversibleInstanceRefresh: .*desired configuration/,
    );
    expect(await refusal(new World().call("RollbackInstanceRefresh", WEB))).toMatch(/^ValidationError: .*not found/);

    const latest = new World();
    await latest.steadyGroup(1, { LaunchTemplate: { LaunchTemplateName: "web", Version: "$Latest" } });
    await latest.refresh(SURGE);
    expect(await refusal(latest.call("RollbackInstanceRefresh", WEB))).toMatch(
      /^IrreversibleInstanceRefresh: .*\$Latest/,
    );

    const alias = new World();
    await alias.steadyGroup(1);
    alias.compute.images.set("2", "resolve:ssm:/ami");
    await alias.refresh(SURGE);
    expect(await refusal(alias.call("RollbackInstanceRefresh", WEB))).toMatch(
      /^IrreversibleInstanceRefresh: .*Systems Manager/,
    );
    await alias.untilStatus("Successful");
    expect(await refusal(alias.call("RollbackInstanceRefresh", WEB))).toMatch(/^ActiveInstanceRefreshNotFound/);
  });
});
