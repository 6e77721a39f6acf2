/** Both sides of each limit of instance refreshes, and their defaults. */
import { World } from "../../rehearsal/cloud/autoscaling/world.js";
import { statement } from "../statement.js";

const WEB = { AutoScalingGroupName: "web" };
const SURGE = { MinHealthyPercentage: 100, MaxHealthyPercentage: 200 };

/** What a refresh with these preferences is refused with; undefined when it starts. */
async function start(preferences: object): Promise<string | undefined> {
  const world = new World();
  await world.steadyGroup(1);
  try {
    await world.refresh(preferences);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

statement("B-33", async () => {
  const bounds = (MinHealthyPercentage?: number, MaxHealthyPercentage?: number) =>
    start({ MinHealthyPercentage, MaxHealthyPercentage });
  for (const [min, max] of [
    [0, 100],
    [100, 200],
    [50, undefined],
  ])
    expect(await bounds(min, max)).toBeUndefined();
  for (const [min, max] of [
    [-1, 100],
    [101, undefined],
    [50, 99],
    [100, 201],
  ]) {
    expect(await bounds(min, max)).toMatch(/HealthyPercentage is/);
  }
  expect(await bounds(99, 200)).toMatch(/cannot be greater than 100/);
  expect(await bounds(undefined, 100)).toMatch(/must also specify MinHealthyPercentage/);
});

statement("B-39", async () => {
  const points = (...CheckpointPercentages: number[]) => start({ CheckpointPercentages });
  for (const all of [[1], [100], [1, 50, 100]]) expect(await points(...all)).toBeUndefined();
  for (const all of [
    [50, 50],
    [50, 20],
  ])
    expect(await points(...all)).toMatch(/unique and in ascending order/);
  for (const all of [[0], [101], [50, 101]]) expect(await points(...all)).toMatch(/CheckpointPercentages is/);
});

statement("B-41", async () => {
  const delay = (CheckpointDelay: number) => start({ CheckpointPercentages: [50, 100], CheckpointDelay });
  for (const seconds of [0, 172_800]) expect(await delay(seconds)).toBeUndefined();
  for (const seconds of [-1, 172_801]) expect(await delay(seconds)).toMatch(/CheckpointDelay is/);
  const world = new World();
  await world.steadyGroup(2);
  await world.refresh({ CheckpointPercentages: [50, 100] });
  expect((await world.latestRefresh()).Preferences?.CheckpointDelay).toBe(3600);
});

statement("B-44", async () => {
  for (const BakeTime of [0, 172_800]) expect(await start({ BakeTime })).toBeUndefined();
  for (const BakeTime of [-1, 172_801]) expect(await start({ BakeTime })).toMatch(/BakeTime is/);
});

statement("B-45", async () => {
  const names = Array.from({ length: 11 }, (_, index) => `alarm-${index}`);
  const world = new World();
  await world.steadyGroup(1);
  for (const name of names) world.monitoring.set(name, "OK");
  const refresh = (count: number) => world.refresh({ ...SURGE, AlarmSpecification: { Alarms: names.slice(0, count) } });
  await expect(refresh(11)).rejects.toThrow(/at most 10 alarms/);
  await refresh(10);
  world.monitoring.set("alarm-9", "ALARM");
  await world.clock.settle();
  expect(world.status()).toBe("Failed");
});

statement("B-46", async () => {
  const world = new World();
  await world.steadyGroup(1);
  await world.refresh(SURGE);
  expect((await world.latestRefresh()).Preferences).toMatchObject({
    ScaleInProtectedInstances: "Wait",
    StandbyInstances: "Wait",
  });
  // One that is passed over does not count among those that remain.
  const other = new World();
  await other.steadyGroup(3);
  await other.call("SetInstanceProtection", { ...WEB, InstanceIds: ["i-00002"], ProtectedFromScaleIn: true });
  await other.refresh({ ...SURGE, ScaleInProtectedInstances: "Ignore" });
  await other.clock.advance(1);
  expect(await other.latestRefresh()).toMatchObject({ InstancesToUpdate: 2, PercentageComplete: 0 });
  await other.untilStatus("Successful");
  expect(await other.latestRefresh()).toMatchObject({ InstancesToUpdate: 0, PercentageComplete: 100 });
  expect(other.versions()).toEqual({ "1": 1, "2": 2 });
});

statement("B-47", async () => {
  const world = new World();
  await world.steadyGroup(2);
  await world.call("EnterStandby", { ...WEB, InstanceIds: ["i-00001"], ShouldDecrementDesiredCapacity: true });
  await world.clock.advance(40);
  const started = world.clock.now();
  await world.refresh({ MinHealthyPercentage: 0 });
  await world.untilStatus("Failed", "Successful");
  expect(world.status()).toBe("Failed");
  expect((world.clock.now() - started) / 1000).toBeGreaterThanOrEqual(3600);
});

statement("B-48", async () => {
  const world = new World();
  await world.steadyGroup(2);
  await world.refresh(SURGE, "1");
  await world.untilStatus("Successful");
  expect(world.compute.launches).toHaveLength(4);
  await world.refresh({ ...SURGE, SkipMatching: true }, "1");
  await world.untilStatus("Successful");
  expect(world.compute.launches).toHaveLength(4);
});

statement("B-50", async () => {
  for (const [policy, first] of [
    ["NewestInstance", "i-00004"],
    ["OldestInstance", "i-00001"],
  ] as const) {
    const world = new World();
    const one = { TerminationPolicies: [policy], VPCZoneIdentifier: "subnet-a" };
    await world.steadyGroup(1, one);
    for (const DesiredCapacity of [2, 3, 4]) {
      await world.clock.advance(100);
      await world.call("SetDesiredCapacity", { ...WEB, DesiredCapacity });
      await world.clock.until(() => world.healthy().length === DesiredCapacity);
    }
    await world.refresh({ MinHealthyPercentage: 75 });
    await world.clock.advance(1);
    expect(world.terminating().map(({ instanceId }) => instanceId)).toEqual([first]);
  }
});

statement("B-58", async () => {
  const world = new World();
  await world.steadyGroup(20);
  const started = world.clock.now();
  // A pause of two days behind each server: all of them would take forty days.
  const CheckpointPercentages = Array.from({ length: 20 }, (_, index) => 5 * (index + 1));
  await world.refresh({ MinHealthyPercentage: 95, CheckpointPercentages, CheckpointDelay: 172_800 });
  const days = (count: number) => count * 86_400;
  await world.clock.until(() => world.status() === "Failed", days(20));
  expect((world.clock.now() - started) / 1000).toBeGreaterThanOrEqual(days(14));
  expect((world.clock.now() - started) / 1000).toBeLessThan(days(14) + 3600);
  expect((await world.latestRefresh()).StatusReason).toMatch(/14 days/);
});
