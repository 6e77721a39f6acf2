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
