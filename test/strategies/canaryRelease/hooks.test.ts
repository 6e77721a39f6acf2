import * as pulumi from "@pulumi/pulumi";
import type { CanaryReleaseArgs } from "../../../src/index.js";
import { LISTENER, tg } from "../../gates/shift/fakeEntrance.js";
import { canaryArgs, type Versions } from "./programs.js";
import { Cloud, call, cloudWith, hooksOf, moveEntrance, resize } from "./stage.js";

jest.mock("../../../src/gates/connect.js");
jest.mock("../../../src/gates/pace.js", () => ({
  ...jest.requireActual("../../../src/gates/pace.js"),
  paceFromEnvironment: jest.fn(),
}));

const weightCalls = (cloud: Cloud) => cloud.calls.filter((text) => text.startsWith("weights"));
const code = (name: string) => expect.objectContaining({ codes: [name] });

describe("the entrance", () => {
  test("a new canary is attached first, and gets users when it is healthy", async () => {
    const cloud = cloudWith({ v1: 6, v2: 1 }, { v1: 100 }, { stable: "v1" });
    const program = await hooksOf(cloud, { stable: "v1", canary: ["v2", 10] });
    await moveEntrance(program, cloud);
    expect(weightCalls(cloud)).toEqual(["weights v1=100 v2=0", "weights v1=90 v2=10"]);
    expect(cloud.settings.at(-1)?.healthy.get(tg("v2"))).toBe(1);
  });

  test("a version without weight has to serve as well before the update is done", async () => {
    const cloud = cloudWith({ v1: 6, v2: 1 }, { v1: 100 }, { stable: "v1" });
    cloud.sicken("v2", 1);
    const program = await hooksOf(cloud, { stable: "v1", canary: ["v2", 0] });
    await expect(moveEntrance(program, cloud)).rejects.toEqual(code("HIT320"));
    expect(cloud.shares()).toEqual({ v1: 100, v2: 0 });
  });

  test("a newcomer that fails holds up everybody's weights, and they are as they were", async () => {
    const cloud = cloudWith({ v1: 6, v2: 3, v3: 1 }, { v1: 90, v2: 10 }, { stable: "v1", canary: "v2" });
    cloud.sicken("v3", 1);
    const program = await hooksOf(cloud, { stable: "v1", canary: ["v2", 50], others: [["v3", 0]] });
    await expect(moveEntrance(program, cloud)).rejects.toEqual(code("HIT320"));
    expect(cloud.shares()).toEqual({ v1: 90, v2: 10 });
  });

  test.each<[string, Versions, Partial<CanaryReleaseArgs>, string]>([
    ["over a step", { stable: "v1", canary: ["v2", 60] }, { steps: [10, 50] }, "HIT370"],
    ["stable below the last step", { stable: "v2", previous: "v1" }, { steps: [10, 50] }, "HIT371"],
    ["by more than maxStep", { stable: "v1", canary: ["v2", 41] }, { maxStep: 30 }, "HIT372"],
    ["stable by more than maxStep", { stable: "v2" }, { maxStep: 50 }, "HIT372"],
  ])("a jump %s is refused before anything moves", async (_what, versions, more, expected) => {
    const cloud = cloudWith({ v1: 6, v2: 6 }, { v1: 90, v2: 10 }, { stable: "v1", canary: "v2" });
    const program = await hooksOf(cloud, versions, more);
    await expect(moveEntrance(program, cloud)).rejects.toEqual(code(expected));
    expect(cloud.calls).toEqual([]);
  });

  test("going back to a version whose fleet is gone counts as a release: refused with steps, free without, or as previous", async () => {
    const gone = () => cloudWith({ v1: 6, v2: 6 }, { v2: 100 }, { stable: "v2" });
    const back = { stable: "v1", previous: "v2" };
    const cloud = gone();
    const stepped = await hooksOf(cloud, back, { steps: [10, 50] });
    await expect(call(stepped.group("v1"), "beforeCreate", {})).rejects.toThrow(/HIT371 .*named `previous`/s);
    expect(cloud.calls).toEqual([]);
    const free = gone();
    await moveEntrance(await hooksOf(free, back), free);
    expect(free.shares()).toEqual({ v1: 100, v2: 0 });
    const kept = cloudWith({ v1: 6, v2: 6 }, { v2: 100, v1: 0 }, { stable: "v2", previous: "v1" });
    await moveEntrance(await hooksOf(kept, back, { steps: [10, 50] }), kept);
    expect(kept.shares()).toEqual({ v1: 100, v2: 0 });
  });

  test("going back tells of users whom a cookie keeps where they are", async () => {
    const cloud = cloudWith({ v1: 6, v2: 6 }, { v2: 100, v1: 0 }, { stable: "v2", previous: "v1" });
    const warned = jest.mocked(pulumi.log.warn);
    warned.mockClear();
    await moveEntrance(await hooksOf(cloud, { stable: "v1", previous: "v2" }, { stickiness: { seconds: 60 } }), cloud);
    expect(warned.mock.calls.map(([text]) => text)).toContainEqual(
      expect.stringMatching(/cookie keeps users .* v2 there/),
    );
  });

  test("steps are counted from what AWS has: a shift that was cut off goes on from there", async () => {
    const cloud = cloudWith({ v1: 6, v2: 6 }, { v1: 50, v2: 50 }, { stable: "v1", canary: "v2" });
    const program = await hooksOf(cloud, { stable: "v2", previous: "v1" }, { steps: [10, 50] });
    const state = { targets: [{ targetGroupArn: tg("v1"), weight: 90 }, { targetGroupArn: tg("v2"), weight: 10 }] }; // biome-ignore format: one line
    await moveEntrance(program, cloud, state);
    expect(cloud.shares()).toEqual({ v2: 100, v1: 0 });
  });

  test.each<[string, Record<string, string>, Record<string, number>, Versions]>([
    ["a rollback to the previous", { stable: "v2", previous: "v1" }, { v2: 100, v1: 0 }, { stable: "v1", previous: "v2" }], // biome-ignore format: one line
    ["an abort", { stable: "v1", canary: "v2" }, { v1: 50, v2: 50 }, { stable: "v1" }],
    ["a smaller share", { stable: "v1", canary: "v2" }, { v1: 50, v2: 50 }, { stable: "v1", canary: ["v2", 10] }],
  ])("%s is held up neither by steps nor by the alarm that rings", async (_what, tags, shares, versions) => {
    const cloud = cloudWith({ v1: 6, v2: 6 }, shares, tags);
    cloud.alarmStates.set("errors", "ALARM");
    const rules = { steps: [10, 50], maxStep: 5, alarmNames: ["errors"], bakeSeconds: 600 };
    await moveEntrance(await hooksOf(cloud, versions, rules), cloud);
    expect(cloud.shares().v1).toBeGreaterThanOrEqual(90);
    expect(cloud.now).toBeLessThan(300); // not watched
  });

  test("a rollback waits for the capacity that its share needs, too", async () => {
    const cloud = cloudWith({ v1: 2, v2: 6 }, { v2: 100, v1: 0 }, { stable: "v2", previous: "v1" });
    await moveEntrance(await hooksOf(cloud, { stable: "v1", previous: "v2" }), cloud);
    expect(cloud.calls).toEqual(["size v1 6", "weights v1=100 v2=0"]);
    expect(cloud.settings.at(-1)?.healthy.get(tg("v1"))).toBe(6);
  });

  test("an alarm holds up a growing canary, and takes it back while it is watched", async () => {
    const cloud = cloudWith({ v1: 6, v2: 1 }, { v1: 100, v2: 0 }, { stable: "v1", canary: "v2" });
    const program = await hooksOf(cloud, { stable: "v1", canary: ["v2", 10] }, { alarmNames: ["errors"], bakeSeconds: 60 }); // biome-ignore format: one line
    cloud.alarmStates.set("errors", "ALARM");
    await expect(moveEntrance(program, cloud)).rejects.toEqual(code("HIT346"));
    expect(cloud.calls).toEqual([]);
    cloud.alarmStates.set("errors", "OK");
    cloud.at(cloud.now + 30, () => cloud.alarmStates.set("errors", "ALARM"));
    await expect(moveEntrance(program, cloud)).rejects.toEqual(code("HIT348"));
    expect(weightCalls(cloud)).toEqual(["weights v1=90 v2=10", "weights v1=100 v2=0"]);
  });

  test("what the running fleet declared counts, also where the program no longer says it", async () => {
    const cloud = cloudWith({ v1: 6, v2: 1 }, { v1: 100, v2: 0 }, { stable: "v1", canary: "v2" });
    cloud.tag("v1", { "hitless:data-writes": "7", "hitless:data-reads": "7" });
    const args = canaryArgs({ stable: "v1", canary: ["v2", 10] });
    const canary = { ...(args.canary as object), data: { writes: 8, reads: [7, 8] } } as CanaryReleaseArgs["canary"];
    const program = await hooksOf(cloud, { stable: "v1" }, { ...(canary ? { canary } : {}) });
    await expect(moveEntrance(program, cloud)).rejects.toEqual(code("HIT201"));
    expect(cloud.shares()).toEqual({ v1: 100, v2: 0 });
  });

  test("a fleet goes only after the last request that could still reach it could end", async () => {
    const cloud = cloudWith({ v1: 6, v2: 6 }, { v1: 50, v2: 50 }, { stable: "v1", canary: "v2" });
    await moveEntrance(await hooksOf(cloud, { stable: "v2" }, { drainSeconds: 90, spreadSeconds: 10 }), cloud);
    const moved = cloud.settings.at(-1)?.at ?? Number.NaN;
    expect(cloud.shares()).toEqual({ v2: 100 });
    expect(cloud.now - moved).toBeGreaterThanOrEqual(100);
  });

  test("after its creation every version has to serve", async () => {
    const cloud = cloudWith({ v1: 6, v2: 1 }, { v1: 90, v2: 10 }, {});
    cloud.sicken("v2", 1);
    const program = await hooksOf(cloud, { stable: "v1", canary: ["v2", 10] });
    const created = () => call(program.entrance, "afterCreate", { newOutputs: { arn: LISTENER } });
    await expect(created()).rejects.toEqual(code("HIT320"));
    cloud.heal("v2");
    await created();
  });

  test("after its update the weights are read back: others than the program's are told", async () => {
    const cloud = cloudWith({ v1: 6, v2: 1 }, { v1: 90, v2: 10 }, {});
    const program = await hooksOf(cloud, { stable: "v1", canary: ["v2", 10] });
    const updated = () => call(program.entrance, "afterUpdate", { newOutputs: { arn: LISTENER } });
    await updated();
    cloud.begin({ v1: 50, v2: 50 });
    await expect(updated()).rejects.toThrow(/HIT3\d\d/);
  });
});

describe("a group", () => {
  test("that shrinks hands its users over first: weights before capacity", async () => {
    const cloud = cloudWith({ v1: 6, v2: 6 }, { v1: 50, v2: 50 }, { stable: "v1", canary: "v2" });
    const program = await hooksOf(cloud, { stable: "v2", others: [["v1", 10]] });
    await resize(program, "v1", 6, 1);
    expect(cloud.calls).toEqual(["weights v2=90 v1=10"]);
    expect(cloud.settings[0]?.healthy.get(tg("v1"))).toBe(6);
    expect(cloud.now - (cloud.settings[0]?.at ?? 0)).toBeGreaterThanOrEqual(10); // and they have spread
  });

  test("that shrinks leaves the shares of everybody else alone, known to the program or not", async () => {
    const cloud = cloudWith({ v1: 6, v2: 3, v0: 2 }, { v1: 30, v2: 50, v0: 20 }, { stable: "v1", canary: "v2" });
    cloud.addFleet("v3", 3);
    const program = await hooksOf(cloud, { stable: "v1", canary: ["v3", 50], others: [["v2", 20]] });
    await resize(program, "v2", 3, 2);
    expect(cloud.shares()).toEqual({ v1: 60, v2: 20, v0: 20 });
  });

  test("that shrinks waits until the stable one carries what it hands over", async () => {
    const cloud = cloudWith({ v1: 6, v2: 3 }, { v1: 50, v2: 50 }, { stable: "v1", canary: "v2" });
    const program = await hooksOf(cloud, { stable: "v2", others: [["v1", 10]] });
    await resize(program, "v1", 6, 1);
    expect(cloud.calls).toEqual(["size v2 6", "weights v2=90 v1=10"]);
    expect(cloud.settings[0]?.healthy.get(tg("v2"))).toBe(6);
  });

  test.each<[string, string, number, number]>([
    ["grows", "v2", 1, 3],
    ["shrinks without having too many users", "v2", 3, 1],
    ["is stable and shrinks because the program says so", "v1", 6, 4],
  ])("that %s moves no weight", async (_what, version, from, to) => {
    const cloud = cloudWith({ v1: 6, v2: 3 }, { v1: 90, v2: 10 }, { stable: "v1", canary: "v2" });
    await resize(await hooksOf(cloud, { stable: "v1", canary: ["v2", 10] }), version, from, to);
    expect(cloud.calls).toEqual([]);
  });

  test("two that shrink at once take turns", async () => {
    const cloud = cloudWith({ v1: 6, v2: 3, v3: 2 }, { v1: 20, v2: 50, v3: 30 }, { stable: "v1", canary: "v2" });
    const program = await hooksOf(cloud, { stable: "v1", canary: ["v2", 10], others: [["v3", 10]] });
    await Promise.all([resize(program, "v2", 3, 1), resize(program, "v3", 2, 1)]);
    expect(cloud.calls).toEqual(["weights v1=60 v2=10 v3=30", "weights v1=80 v2=10 v3=10"]);
  });

  test("no servers start for a jump that is refused", async () => {
    const cloud = cloudWith({ v1: 6, v2: 1 }, { v1: 90, v2: 10 }, { stable: "v1", canary: "v2" });
    const program = await hooksOf(cloud, { stable: "v1", canary: ["v2", 80] }, { steps: [10, 50] });
    await expect(resize(program, "v2", 1, 5)).rejects.toEqual(code("HIT370"));
    const another = await hooksOf(cloud, { stable: "v1", canary: ["v3", 80] }, { steps: [10, 50] });
    await expect(call(another.group("v3"), "beforeCreate")).rejects.toEqual(code("HIT370"));
    expect(cloud.calls).toEqual([]);
  });

  test("where nothing stands yet, nothing is a jump", async () => {
    const program = await hooksOf(new Cloud(), { stable: "v1", canary: ["v2", 80] }, { steps: [10, 50] });
    await call(program.group("v1"), "beforeCreate");
    await call(program.group("v2"), "beforeCreate");
  });

  test("another target group is refused: its servers would leave their users", async () => {
    const cloud = cloudWith({ v1: 6 }, { v1: 100 }, { stable: "v1" });
    const program = await hooksOf(cloud, { stable: "v1" });
    const before = { arn: "arn:aws:autoscaling:us-east-1:1:g", targetGroupArns: [tg("v1")], desiredCapacity: 6 };
    const newInputs = { ...before, targetGroupArns: [tg("another")] };
    const update = call(program.group("v1"), "beforeUpdate", { oldInputs: before, oldOutputs: before, newInputs });
    await expect(update).rejects.toEqual(code("HIT321"));
  });
});

test("an audience is led to a version only when somebody is there", async () => {
  const cloud = cloudWith({ v1: 6, v2: 1 }, { v1: 100, v2: 0 }, { stable: "v1" });
  const program = await hooksOf(cloud, { stable: "v1", canary: ["v2", 0] });
  cloud.sicken("v2", 1);
  await expect(call(program.audience("v2"), "beforeCreate")).rejects.toEqual(code("HIT320"));
  await expect(call(program.audience("v2"), "beforeUpdate")).rejects.toEqual(code("HIT320"));
  cloud.at(cloud.now + 20, () => cloud.heal("v2"));
  await call(program.audience("v2"), "beforeCreate");
});

test("an audience rule that an interrupted update has left behind is named", async () => {
  const cloud = cloudWith({ v1: 6, v2: 1 }, { v1: 100, v2: 0 }, { stable: "v1" });
  const program = await hooksOf(cloud, { stable: "v1", canary: ["v2", 0] });
  const newInputs = { listenerArn: LISTENER, priority: 100 };
  const rule = (targetGroupArn: string) => ({
    arn: "the rule",
    priority: "100",
    targetGroupArns: [targetGroupArn],
    headers: {},
  });
  const create = () => call(program.audience("v2"), "beforeCreate", { newInputs });
  jest.spyOn(cloud, "rules").mockResolvedValue([rule(tg("v2"))]);
  await expect(create()).rejects.toEqual(code("HIT195"));
  await expect(create()).rejects.toThrow(/delete-rule --rule-arn the rule/);
  // Somebody else's: AWS says so itself.
  jest.spyOn(cloud, "rules").mockResolvedValue([rule("another's")]);
  await create();
  jest.spyOn(cloud, "rules").mockResolvedValue([{ ...rule(tg("v2")), priority: "101" }]);
  await create();
});
