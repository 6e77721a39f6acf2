import { shiftWeights } from "../../../src/gates/shift/shiftWeights.js";
import { FakeEntrance, LISTENER, RULE, tg } from "./fakeEntrance.js";
import { expectHealth, refused, shiftOf } from "./shifting.js";

/** Blue with users and green idle, both in the action. */
function pair(size = 4): FakeEntrance {
  const cloud = new FakeEntrance();
  cloud.addFleet("blue", size);
  cloud.addFleet("green", size);
  cloud.begin({ blue: 100, green: 0 });
  return cloud;
}

describe("a switch", () => {
  test("takes one change of weights, and waits until it has spread", async () => {
    const cloud = pair();
    const { context, said } = shiftOf(cloud, { blue: 0, green: 100 }, { stickinessSeconds: 60 });
    await shiftWeights(context);
    expect(cloud.calls).toEqual(["weights blue=0 green=100"]);
    expect(cloud.action.stickinessSeconds).toBe(60);
    expect(cloud.now).toBeGreaterThanOrEqual(10);
    expect(said).toContain("weights: blue 0 % · green 100 %");
    expectHealth(cloud);
  });

  test("goes through its stages, watched in each", async () => {
    const cloud = pair();
    const { context } = shiftOf(cloud, { blue: 0, green: 100 }, { stages: [10, 50, 100], bakeSeconds: 30 });
    await shiftWeights(context);
    expect(cloud.settings.map(({ action }) => cloud.shares(action))).toEqual([
      { blue: 90, green: 10 },
      { blue: 50, green: 50 },
      { blue: 0, green: 100 },
    ]);
    const times = cloud.settings.map(({ at }) => at);
    expect((times[1] as number) - (times[0] as number)).toBeGreaterThanOrEqual(30);
    expect(cloud.now - (times[2] as number)).toBeGreaterThanOrEqual(30);
    expectHealth(cloud);
  });

  test("waits until AWS tells the new weights", async () => {
    const cloud = pair();
    cloud.staleReads = 3;
    await shiftWeights(shiftOf(cloud, { blue: 0, green: 100 }).context);
    expect(cloud.calls).toHaveLength(1);
    expect(cloud.now).toBeGreaterThan(8);
  });

  test("a rule can be the entrance", async () => {
    const cloud = pair();
    await shiftWeights(shiftOf(cloud, { blue: 0, green: 100 }, { entranceArn: RULE }).context);
    expect(cloud.shares()).toEqual({ blue: 0, green: 100 });
  });

  test("the strategy may refuse before anything is touched, by what AWS has", async () => {
    const cloud = pair();
    const seen: unknown[] = [];
    const allow = async (present: ReadonlyMap<string, number>): Promise<void> => {
      seen.push([...present]);
      throw new Error("not so fast");
    };
    await expect(shiftWeights(shiftOf(cloud, { blue: 0, green: 100 }, { allow }).context)).rejects.toThrow(
      "not so fast",
    );
    expect(cloud.calls).toEqual([]);
    expect(seen).toEqual([
      [
        [tg("blue"), 100],
        [tg("green"), 0],
      ],
    ]);
  });

  test("checks the targets that gain once their capacity stands, before any weight moves", async () => {
    const cloud = pair();
    cloud.sicken("green", 4);
    cloud.at(30, () => cloud.heal("green"));
    const verified: unknown[] = [];
    const verify = async (gaining: readonly { label: string }[]): Promise<void> => {
      verified.push(
        gaining.map(({ label }) => label),
        cloud.healthy().get(tg("green")),
        cloud.calls.length,
      );
    };
    await shiftWeights(shiftOf(cloud, { blue: 0, green: 100 }, { verify }).context);
    expect(verified).toEqual([["green"], 4, 0]);
  });

  test("a check that fails moves nothing, and detaches what was attached for it", async () => {
    const cloud = new FakeEntrance();
    cloud.addFleet("v1", 3);
    cloud.addFleet("v2", 3);
    cloud.begin({ v1: 100 });
    const verify = () => Promise.reject(new Error("/health answers 500"));
    await expect(shiftWeights(shiftOf(cloud, { v1: 90, v2: 10 }, { verify }).context)).rejects.toThrow("answers 500");
    expect(cloud.shares()).toEqual({ v1: 100 });
    expect(cloud.calls).toEqual(["weights v1=100 v2=0", "weights v1=100"]);
  });
});

describe("target groups that are not in the action", () => {
  test("are attached at weight 0 first: their health checks begin, nobody's share changes", async () => {
    const cloud = new FakeEntrance();
    cloud.addFleet("v1", 10);
    cloud.addFleet("v2", 1, { bootSeconds: 20 });
    cloud.begin({ v1: 100 });
    await shiftWeights(shiftOf(cloud, { v1: 90, v2: 10 }).context);
    expect(cloud.calls).toEqual(["weights v1=100 v2=0", "weights v1=90 v2=10"]);
    expect(cloud.settings[1]?.at).toBeGreaterThanOrEqual(26);
    expectHealth(cloud);
  });

  test("five are the limit: one that leaves and has no weight makes room", async () => {
    const cloud = new FakeEntrance();
    for (const name of ["v1", "v2", "v3", "v4", "v5", "v6"]) cloud.addFleet(name, 4);
    cloud.begin({ v1: 70, v2: 10, v3: 10, v4: 10, v5: 0 });
    await shiftWeights(shiftOf(cloud, { v1: 60, v2: 10, v3: 10, v4: 10, v6: 10 }).context);
    expect(cloud.calls[0]).toBe("weights v1=70 v2=10 v3=10 v4=10 v6=0");
    expect(cloud.shares()).toEqual({ v1: 60, v2: 10, v3: 10, v4: 10, v6: 10 });
    expectHealth(cloud);
  });

  test("a sixth beside five with users is refused", async () => {
    const cloud = new FakeEntrance();
    for (const name of ["v1", "v2", "v3", "v4", "v5", "v6"]) cloud.addFleet(name, 4);
    cloud.begin({ v1: 60, v2: 10, v3: 10, v4: 10, v5: 10 });
    const wanted = { v1: 60, v2: 10, v3: 10, v4: 10, v6: 10 };
    expect((await refused(shiftWeights(shiftOf(cloud, wanted).context))).codes).toEqual(["HIT342"]);
    expect(cloud.calls).toEqual([]);
  });
});

describe("what leaves", () => {
  function leaving(): FakeEntrance {
    const cloud = new FakeEntrance();
    cloud.addFleet("v1", 4);
    cloud.addFleet("v2", 4);
    cloud.begin({ v1: 90, v2: 10 });
    return cloud;
  }

  test("loses its weight, then its place, then the time that takes to spread", async () => {
    const cloud = leaving();
    await shiftWeights(shiftOf(cloud, { v1: 100 }).context);
    expect(cloud.calls).toEqual(["weights v1=100"]);
    expect(cloud.now).toBeGreaterThanOrEqual(10);
  });

  test("rules that lead there are pointed where the entrance leads; others are left alone", async () => {
    const cloud = leaving();
    const to = (...names: [string, number][]) => ({
      targets: names.map(([name, weight]) => ({ targetGroupArn: tg(name), weight })),
    });
    cloud.others.set("alone", { priority: "5", action: to(["v2", 1]) });
    cloud.others.set("both", { priority: "6", action: to(["v1", 1], ["v2", 1]) });
    cloud.others.set("other", { priority: "7", action: to(["v1", 1]) });
    const { context, said } = shiftOf(cloud, { v1: 100 });
    await shiftWeights(context);
    expect(cloud.calls).toEqual(["weights v1=100", "rule 5 v1=100", "rule 6 v1=100"]);
    expect(said.some((message) => /rule of priority 5 led to v2/.test(message))).toBe(true);
    expect(cloud.now).toBeGreaterThanOrEqual(10);
  });

  test("the rules of what the program keeps stay as they are", async () => {
    const cloud = leaving();
    const preview = { targets: [{ targetGroupArn: tg("v2"), weight: 1 }] };
    cloud.others.set("preview", { priority: "5", action: preview });
    await shiftWeights(shiftOf(cloud, { v1: 100 }, { remaining: [tg("v2")] }).context);
    expect(cloud.others.get("preview")?.action).toBe(preview);
  });

  test("a fleet that is dead loses its users at once, without stages", async () => {
    const cloud = leaving();
    cloud.begin({ v1: 50, v2: 50 });
    cloud.sicken("v2", 4);
    await shiftWeights(shiftOf(cloud, { v1: 100 }, { stages: [10, 50, 100], bakeSeconds: 30 }).context);
    expect(cloud.calls).toEqual(["weights v1=100"]);
  });
});

describe("a place in the action and cookies", () => {
  test("one that leaves keeps its place for the cookies' time, watched, and then loses it", async () => {
    const cloud = new FakeEntrance();
    for (const name of ["blue", "green"]) cloud.addFleet(name, 4);
    cloud.begin({ blue: 100, green: 0 });
    cloud.action = { targets: [{ targetGroupArn: tg("blue"), weight: 100 }], stickinessSeconds: 60 };
    const sticky = { stickinessSeconds: 60, leaveAfterSeconds: 60, checkedAlready: new Set([tg("green")]) };
    await shiftWeights(shiftOf(cloud, { green: 100 }, { ...sticky, remaining: [tg("blue"), tg("green")] }).context);
    // Not attached at weight 0 first: a cookie from before would lead there.
    expect(cloud.calls).toEqual(["weights green=100 blue=0", "weights green=100"]);
    const [moved, left] = cloud.settings;
    expect((left?.at ?? 0) - (moved?.at ?? 0)).toBeGreaterThanOrEqual(60);
    expect(moved?.action.stickinessSeconds).toBe(60);
    expectHealth(cloud);
  });

  test("an alarm in that time takes everybody back, also those who had come over", async () => {
    const cloud = new FakeEntrance();
    for (const name of ["blue", "green"]) cloud.addFleet(name, 4);
    cloud.begin({ blue: 100, green: 0 });
    cloud.action = { targets: [{ targetGroupArn: tg("blue"), weight: 100 }], stickinessSeconds: 60 };
    cloud.alarmStates.set("errors", "OK");
    cloud.at(40, () => cloud.alarmStates.set("errors", "ALARM"));
    const { context } = shiftOf(
      cloud,
      { green: 100 },
      {
        stickinessSeconds: 60,
        leaveAfterSeconds: 60,
        checkedAlready: new Set([tg("green")]),
        alarmNames: ["errors"],
      },
    );
    expect((await refused(shiftWeights(context))).codes).toEqual(["HIT348"]);
    expect(cloud.calls).toEqual(["weights green=100 blue=0", "weights blue=100"]);
  });

  test("one without users and without cookies leaves at once; one that cookies may lead to does not", async () => {
    const plain = pair();
    await shiftWeights(shiftOf(plain, { blue: 100 }, { stickinessSeconds: 60, leaveAfterSeconds: 60 }).context);
    expect(plain.now).toBeLessThan(60);
    const sticky = pair();
    sticky.action = { ...sticky.action, stickinessSeconds: 60 };
    await shiftWeights(shiftOf(sticky, { blue: 100 }, { stickinessSeconds: 60, leaveAfterSeconds: 60 }).context);
    expect(sticky.now).toBeGreaterThanOrEqual(60);
    expect(sticky.calls.at(-1)).toBe("weights blue=100");
  });
});

test("weights that are all 0 are refused before anything is touched", async () => {
  const cloud = pair();
  const { context } = shiftOf(cloud, { blue: 0, green: 0 });
  expect((await refused(shiftWeights(context))).codes).toEqual(["HIT353"]);
  expect((await refused(shiftWeights(shiftOf(cloud, {}).context))).codes).toEqual(["HIT353"]);
  expect(cloud.calls).toEqual([]);
});

describe("the time that weights take to spread", () => {
  test("is waited for where somebody loses a part only: that fleet may be made smaller next", async () => {
    const cloud = pair();
    await shiftWeights(shiftOf(cloud, { blue: 90, green: 10 }).context);
    expect(cloud.now).toBeGreaterThanOrEqual(10);
  });

  test("is waited for where one leaves that has no weight: nobody knows since when", async () => {
    const cloud = pair();
    await shiftWeights(shiftOf(cloud, { blue: 100 }).context);
    expect(cloud.now).toBeGreaterThanOrEqual(10);
  });

  test("is not where nobody loses: the same weights, a newcomer without any, the first users of all", async () => {
    for (const [before, after] of [
      [
        { blue: 100, green: 0 },
        { blue: 100, green: 0 },
      ],
      [{ blue: 100 }, { blue: 100, green: 0 }],
      [
        { blue: 0, green: 0 },
        { blue: 0, green: 100 },
      ],
    ] as const) {
      const cloud = pair();
      cloud.begin(before);
      await shiftWeights(shiftOf(cloud, after).context);
      expect(cloud.shares()).toEqual(after);
      expect(cloud.now).toBe(0);
    }
  });
});

describe("nothing to move", () => {
  test("weights that are there already are only told, in whatever numbers AWS has them", async () => {
    const cloud = pair();
    cloud.begin({ blue: 500, green: 500 });
    const { context, said } = shiftOf(cloud, { blue: 50, green: 50 });
    await shiftWeights(context);
    expect(cloud.calls).toEqual([]);
    expect(said).toContain("the entrance already has these weights");
  });

  test("but not when a fleet with weight is dead", async () => {
    const cloud = pair();
    cloud.sicken("blue", 4);
    expect((await refused(shiftWeights(shiftOf(cloud, { blue: 100, green: 0 }).context))).codes).toEqual(["HIT345"]);
  });

  test("an entrance that is gone is refused", async () => {
    const cloud = new FakeEntrance();
    const error = await refused(shiftWeights(shiftOf(cloud, { blue: 100 }).context));
    expect(error.codes).toEqual(["HIT340"]);
    expect(error.message).toContain(LISTENER);
  });
});

test("a group that an interrupted update left behind is named, with what to do", async () => {
  const cloud = pair();
  cloud.addFleet("green-2", 1, { arn: tg("green") });
  cloud.addFleet("lost", 1);
  const { context, said } = shiftOf(cloud, { blue: 0, green: 100 });
  await shiftWeights(context);
  expect(said.some((message) => /green and green-2 are .* delete-auto-scaling-group/.test(message))).toBe(true);
  expect(said.some((message) => /^lost \(lost\) belongs to/.test(message))).toBe(true);
});

test("what nothing uses is named, with the command that deletes it; who may not look is told so", async () => {
  const cloud = pair();
  const lost = { id: tg("lost"), what: "target group", remove: "aws elbv2 delete-target-group" };
  const idle = { ...lost, id: tg("green") };
  const template = { id: "lt-9", what: "launch template", remove: "aws ec2 delete-launch-template" };
  Object.assign(cloud, { unusedTargets: async () => [lost, idle], unusedParts: async () => [template] });
  const { context, said } = shiftOf(cloud, { blue: 0, green: 100 });
  await shiftWeights(context);
  const told = said.filter((message) => message.includes("nothing uses"));
  expect(told).toEqual([
    expect.stringMatching(/lost.*target group of shop\/prod\/web.*aws elbv2 delete-target-group/),
    expect.stringMatching(/lt-9 is a launch template .*aws ec2 delete-launch-template/),
  ]);

  const denied = pair();
  Object.assign(denied, {
    unusedTargets: async () => {
      throw new Error("AccessDenied");
    },
  });
  const shift = shiftOf(denied, { blue: 0, green: 100 });
  await shiftWeights(shift.context);
  expect(shift.said).toContainEqual(expect.stringMatching(/could not look for .*AccessDenied/));
  expect(denied.shares()).toEqual({ blue: 0, green: 100 });
});
