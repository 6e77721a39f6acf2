import type { ShiftRequest } from "../../../src/gates/shift/shiftRequest.js";
import { shiftWeights } from "../../../src/gates/shift/shiftWeights.js";
import { FakeEntrance, tg } from "./fakeEntrance.js";
import { expectHealth, refused, shiftOf, targetsOf } from "./shifting.js";

function canary(): FakeEntrance {
  const cloud = new FakeEntrance();
  cloud.addFleet("v1", 4);
  cloud.addFleet("v2", 4);
  cloud.begin({ v1: 100, v2: 0 });
  cloud.alarmStates.set("errors", "OK");
  return cloud;
}

const WATCHED: Partial<ShiftRequest> = { alarmNames: ["errors"], bakeSeconds: 60, stages: [20, 100] };

describe("alarms", () => {
  test("one that rings beforehand, and one that does not exist, are refused before any weight moves", async () => {
    const cloud = canary();
    cloud.alarmStates.set("errors", "ALARM");
    const error = await refused(shiftWeights(shiftOf(cloud, { v1: 50, v2: 50 }, WATCHED).context));
    expect(error.codes).toEqual(["HIT346"]);
    expect(error.message).toMatch(/alarm "errors" is in ALARM \(5 errors > 1\)/);
    const missing = { ...WATCHED, alarmNames: ["errors", "latency"] };
    cloud.alarmStates.set("errors", "INSUFFICIENT_DATA");
    const other = await refused(shiftWeights(shiftOf(cloud, { v1: 50, v2: 50 }, missing).context));
    expect(other.codes).toEqual(["HIT347"]);
    expect(other.message).toMatch(/no alarm named "latency"/);
    expect(cloud.calls).toEqual([]);
  });

  test("one that rings while a stage is watched puts the weights back in one call", async () => {
    const cloud = canary();
    cloud.at(30, () => cloud.alarmStates.set("errors", "ALARM"));
    const error = await refused(shiftWeights(shiftOf(cloud, { v1: 0, v2: 100 }, WATCHED).context));
    expect(error.codes).toEqual(["HIT348"]);
    expect(error.faults[0]?.problem).toBe(
      'with v1 80 % · v2 20 %, alarm "errors" went into ALARM (5 errors > 1). The weights are back as they were (v1 100 % · v2 0 %).',
    );
    expect(cloud.calls).toEqual(["weights v1=80 v2=20", "weights v1=100 v2=0"]);
    expect(cloud.now).toBeLessThan(40);
  });

  test("one that rings after the last stage does so too, and one that vanishes", async () => {
    const cloud = canary();
    cloud.at(90, () => cloud.alarmStates.delete("errors"));
    expect((await refused(shiftWeights(shiftOf(cloud, { v1: 0, v2: 100 }, WATCHED).context))).codes).toEqual([
      "HIT347",
    ]);
    expect(cloud.calls.at(-1)).toBe("weights v1=100 v2=0");
    expect(cloud.calls).toHaveLength(3);
  });

  test("on the way back an alarm that rings is told, and holds nothing up", async () => {
    const cloud = canary();
    cloud.begin({ v1: 0, v2: 100 });
    cloud.alarmStates.set("errors", "ALARM");
    const { context, said } = shiftOf(cloud, { v1: 100, v2: 0 }, { ...WATCHED, stages: [100], goingBack: true });
    await shiftWeights(context);
    expect(cloud.calls).toEqual(["weights v1=100 v2=0"]);
    expect(said.some((message) => /"errors" is in ALARM.*Users go back/.test(message))).toBe(true);
  });
});

describe("servers that fail under load", () => {
  test("more than half of what the share needs: the weights go back, with the console", async () => {
    const cloud = canary();
    cloud.at(80, () => cloud.sicken("v2", 3));
    const error = await refused(shiftWeights(shiftOf(cloud, { v1: 0, v2: 100 }, WATCHED).context));
    expect(error.codes).toEqual(["HIT349"]);
    expect(error.message).toMatch(/v2 is down to 1 healthy servers of the 4/);
    expect(error.message).toMatch(/\| Error: out of memory/);
    expect(cloud.shares()).toEqual({ v1: 100, v2: 0 });
    expectHealth(cloud);
  });

  test("weights do not go back to a fleet that has died meanwhile", async () => {
    const cloud = canary();
    cloud.at(80, () => {
      cloud.sicken("v1", 4);
      cloud.alarmStates.set("errors", "ALARM");
    });
    const error = await refused(shiftWeights(shiftOf(cloud, { v1: 0, v2: 100 }, WATCHED).context));
    expect(error.codes).toEqual(["HIT348"]);
    expect(error.message).toMatch(
      /v1, which had these users before, has no healthy server any more, so the weights stay/,
    );
    expect(cloud.shares()).toEqual({ v1: 0, v2: 100 });
    expectHealth(cloud);
  });
});

describe("data contracts", () => {
  const data = (writes: number, ...reads: number[]) => ({ writes, reads });

  test("a running fleet that is not in the program counts, by the tags of its group", async () => {
    const cloud = canary();
    cloud.addFleet("old", 4, { tags: { "hitless:data-writes": "5", "hitless:data-reads": "5" } });
    cloud.begin({ v1: 90, v2: 0, old: 10 });
    const targets = targetsOf({ v1: 50, v2: 50 }).map((target) => ({ ...target, data: data(7, 6, 7) }));
    const error = await refused(shiftWeights(shiftOf(cloud, {}, { targets }).context));
    expect(error.codes).toEqual(["HIT201"]);
    expect(error.message).toMatch(/old writes 5, but v2 reads only 6, 7; v2 writes 7, but old reads only 5/);
    expect(cloud.calls).toEqual([]);
  });

  test("without users it does not count, nor where both read the other", async () => {
    const cloud = canary();
    cloud.addFleet("old", 4, { tags: { "hitless:data-writes": "5", "hitless:data-reads": "5" } });
    cloud.tag("v1", { "hitless:data-writes": "6", "hitless:data-reads": "6 7" });
    cloud.begin({ v1: 100, v2: 0, old: 0 });
    const targets = targetsOf({ v1: 50, v2: 50 }).map((target) => ({ ...target, data: data(7, 6, 7) }));
    await shiftWeights(shiftOf(cloud, {}, { targets }).context);
    expect(cloud.shares()).toEqual({ v1: 50, v2: 50 });
  });

  test("tags that are no contract do not pass for one that fits", async () => {
    const cloud = canary();
    cloud.tag("v1", { "hitless:data-writes": "seven", "hitless:data-reads": "7" });
    expect((await refused(shiftWeights(shiftOf(cloud, { v1: 50, v2: 50 }).context))).message).toMatch(
      /no data contract/,
    );
  });
});

describe("somebody else moves the weights", () => {
  const foreign = {
    targets: [
      { targetGroupArn: tg("v1"), weight: 3 },
      { targetGroupArn: tg("v2"), weight: 1 },
    ],
  };

  test("before: told, and gone on from", async () => {
    const cloud = canary();
    cloud.action = foreign;
    const known = new Map([
      [tg("v1"), 100],
      [tg("v2"), 0],
    ]);
    const { context, said } = shiftOf(cloud, { v1: 50, v2: 50 }, { known, stages: [50, 100] });
    await shiftWeights(context);
    expect(said[0]).toMatch(/AWS sends v1 75 % · v2 25 %, but Pulumi's state has v1 100 % · v2 0 %: somebody else/);
    expect(cloud.settings.map(({ action }) => cloud.shares(action))).toEqual([
      { v1: 62.5, v2: 37.5 },
      { v1: 50, v2: 50 },
    ]);
  });

  test("between two stages: refused, and left as they are", async () => {
    const cloud = canary();
    cloud.at(30, () => {
      cloud.action = foreign;
    });
    const error = await refused(shiftWeights(shiftOf(cloud, { v1: 0, v2: 100 }, WATCHED).context));
    expect(error.codes).toEqual(["HIT341"]);
    expect(error.message).toMatch(/AWS has v1 75 % · v2 25 %, where v1 80 % · v2 20 % was set/);
    expect(error.message).toMatch(/left as somebody else has set them/);
    expect(cloud.calls).toEqual(["weights v1=80 v2=20"]);
  });

  test("at the very moment: the read-back differs, refused", async () => {
    const cloud = canary();
    const set = cloud.setForwardAction.bind(cloud);
    cloud.setForwardAction = async (arn, action) => {
      await set(arn, action);
      cloud.action = foreign;
    };
    const error = await refused(shiftWeights(shiftOf(cloud, { v1: 0, v2: 100 }).context));
    expect(error.codes).toEqual(["HIT341"]);
    expect(cloud.calls).toHaveLength(1);
    expect(cloud.now).toBe(0);
  });

  test("AWS never tells the new weights: refused in time, and put back", async () => {
    const cloud = canary();
    cloud.staleReads = 1000;
    const error = await refused(shiftWeights(shiftOf(cloud, { v1: 0, v2: 100 }).context));
    expect(error.codes).toEqual(["HIT341"]);
    expect(cloud.now).toBeLessThan(200);
  });
});

test("a call that fails half way is put back, and says so", async () => {
  const cloud = canary();
  const read = cloud.targets.bind(cloud);
  cloud.at(30, () => {
    cloud.targets = async (arn) => {
      cloud.targets = read;
      void arn;
      throw new Error("socket hang up");
    };
  });
  const { context, said } = shiftOf(cloud, { v1: 0, v2: 100 }, WATCHED);
  await expect(shiftWeights(context)).rejects.toThrow("socket hang up");
  expect(cloud.shares()).toEqual({ v1: 100, v2: 0 });
  expect(said.at(-1)).toMatch(/The weights are back as they were/);
});
