import { shiftWeights } from "../../../src/gates/shift/shiftWeights.js";
import { FakeEntrance, tg } from "./fakeEntrance.js";
import { expectHealth, refused, shiftOf } from "./shifting.js";

function pairOf(blue: number, green: number, more = {}): FakeEntrance {
  const cloud = new FakeEntrance();
  cloud.addFleet("blue", blue);
  cloud.addFleet("green", green, more);
  cloud.begin({ blue: 100, green: 0 });
  return cloud;
}

test("an autoscaler has grown blue from 4 to 8: green grows to 8 before it gets users", async () => {
  const cloud = pairOf(4, 4, { bootSeconds: 30 });
  cloud.resize("blue", 8);
  cloud.advance(60);
  await shiftWeights(shiftOf(cloud, { blue: 0, green: 100 }, { autoscaled: true }).context);
  expect(cloud.calls).toEqual(["size green 8", "weights blue=0 green=100"]);
  expect(cloud.settings[0]?.healthy.get(tg("green"))).toBe(8);
  expectHealth(cloud);
});

test("blue grows while green is still getting ready: green follows", async () => {
  const cloud = pairOf(4, 4);
  cloud.sicken("green", 4);
  cloud.at(20, () => cloud.resize("blue", 7));
  cloud.at(60, () => cloud.heal("green"));
  await shiftWeights(shiftOf(cloud, { blue: 0, green: 100 }).context);
  expect(cloud.calls).toEqual(["size green 7", "weights blue=0 green=100"]);
  expectHealth(cloud);
});

test("blue grows while a stage is watched: green follows before it gets more", async () => {
  const cloud = pairOf(4, 4);
  cloud.at(10, () => cloud.resize("blue", 8));
  await shiftWeights(
    shiftOf(cloud, { blue: 0, green: 100 }, { autoscaled: true, stages: [10, 100], bakeSeconds: 60 }).context,
  );
  expect(cloud.calls).toEqual(["weights blue=90 green=10", "size green 8", "weights blue=0 green=100"]);
  expectHealth(cloud);
});

test("a maxSize that is too small is refused by its name, before any weight moves", async () => {
  const cloud = pairOf(8, 4, { maxSize: 6 });
  const error = await refused(shiftWeights(shiftOf(cloud, { blue: 0, green: 100 }).context));
  expect(error.codes).toEqual(["HIT343"]);
  expect(error.message).toMatch(/green needs 8 servers for 100 %.*maxSize of green is 6/);
  expect(cloud.calls).toEqual([]);
});

test("together autoscaled fleets carry what users need; without an autoscaler the largest does", async () => {
  for (const [autoscaled, size] of [
    [true, 10],
    [false, 8],
  ] as const) {
    const cloud = new FakeEntrance();
    cloud.addFleet("stable", 8);
    cloud.addFleet("canary", 2);
    cloud.begin({ stable: 80, canary: 20 });
    await shiftWeights(shiftOf(cloud, { canary: 100 }, { autoscaled }).context);
    expect(cloud.calls).toEqual([`size canary ${size}`, "weights canary=100"]);
  }
});

test("a fleet that an earlier attempt has made ready does not make the next one ask for more", async () => {
  const cloud = new FakeEntrance();
  cloud.addFleet("stable", 8);
  cloud.addFleet("canary", 10);
  cloud.begin({ stable: 80, canary: 20 });
  await shiftWeights(shiftOf(cloud, { canary: 100 }, { autoscaled: true }).context);
  expect(cloud.calls).toEqual(["weights canary=100"]);
});

test("a share asks for its part, rounded up, and at least one server", async () => {
  const cloud = new FakeEntrance();
  cloud.addFleet("v1", 10);
  cloud.addFleet("v2", 1);
  cloud.addFleet("v3", 1);
  cloud.begin({ v1: 100, v2: 0, v3: 0 });
  await shiftWeights(shiftOf(cloud, { v1: 78.9, v2: 21, v3: 0.1 }).context);
  expect(cloud.calls).toEqual(["size v2 3", "weights v1=78.9 v2=21 v3=0.1"]);
  expectHealth(cloud);
});

test("going back waits for capacity as well: the same rule in both directions", async () => {
  const cloud = new FakeEntrance();
  cloud.addFleet("v1", 2, { bootSeconds: 40 });
  cloud.addFleet("v2", 6);
  cloud.begin({ v1: 0, v2: 100 });
  await shiftWeights(shiftOf(cloud, { v1: 100, v2: 0 }, { goingBack: true }).context);
  expect(cloud.calls).toEqual(["size v1 6", "weights v1=100 v2=0"]);
  expect(cloud.settings[0]?.at).toBeGreaterThanOrEqual(40);
  expectHealth(cloud);
});

test("servers that never get healthy: refused with their reasons, no weight moved", async () => {
  const cloud = pairOf(4, 4);
  cloud.sicken("green", 4);
  const { context, said } = shiftOf(cloud, { blue: 0, green: 100 });
  const error = await refused(shiftWeights(context));
  expect(error.codes).toEqual(["HIT344"]);
  expect(error.message).toMatch(/green: 0 of 4 servers healthy for 100 % after 120 s/);
  expect(error.message).toMatch(/is unhealthy \(Target\.Timeout\)/);
  expect(error.message).toMatch(/\| Error: out of memory/);
  expect(said.some((message) => message.startsWith("green: 0 of 4 servers healthy for 100 % ("))).toBe(true);
  expect(cloud.calls).toEqual([]);
});

test("an empty group is refused at once, never weighted", async () => {
  const cloud = pairOf(4, 0);
  expect((await refused(shiftWeights(shiftOf(cloud, { blue: 50, green: 50 }).context))).codes).toEqual(["HIT345"]);
  expect(cloud.now).toBe(0);
  expect(cloud.calls).toEqual([]);
});

test("a dead fleet does not keep a share of users", async () => {
  const cloud = pairOf(4, 4);
  cloud.begin({ blue: 50, green: 50 });
  cloud.sicken("green", 4);
  const error = await refused(shiftWeights(shiftOf(cloud, { blue: 90, green: 10 }).context));
  expect(error.codes).toEqual(["HIT345"]);
  expect(error.message).toMatch(/green should have 10 % .* none of its servers is healthy/);
});

test("a target group without a group of the component cannot grow", async () => {
  const cloud = pairOf(4, 2, { tags: { "hitless:component": "other/prod/web" } });
  expect((await refused(shiftWeights(shiftOf(cloud, { blue: 0, green: 100 }).context))).codes).toEqual(["HIT351"]);
});

test("fleets that fail later get no further share", async () => {
  const cloud = pairOf(4, 4);
  const more = { stages: [50, 100], bakeSeconds: 30, capacitySeconds: 60 };
  cloud.at(5, () => cloud.sicken("green", 2)); // half of them: enough for half of the users, not for all
  const error = await refused(shiftWeights(shiftOf(cloud, { blue: 0, green: 100 }, more).context));
  expect(error.codes).toEqual(["HIT344"]);
  expect(error.message).toMatch(/The weights are back as they were \(blue 100 % · green 0 %\)/);
  expect(cloud.calls).toEqual(["weights blue=50 green=50", "weights blue=100 green=0"]);
  expectHealth(cloud);
});

describe("warm-up", () => {
  test("servers that have just become healthy wait; a failure begins it anew", async () => {
    const cloud = pairOf(2, 0);
    cloud.resize("green", 2);
    cloud.at(20, () => cloud.sicken("green", 1));
    cloud.at(25, () => cloud.heal("green"));
    await shiftWeights(shiftOf(cloud, { blue: 0, green: 100 }, { warmupSeconds: 30 }).context);
    expect(cloud.settings[0]?.at).toBeGreaterThanOrEqual(25 + 30);
    expect(cloud.settings[0]?.at).toBeLessThan(25 + 30 + 10);
  });

  test("servers that were launched long ago do not", async () => {
    const cloud = pairOf(2, 2);
    await shiftWeights(shiftOf(cloud, { blue: 0, green: 100 }, { warmupSeconds: 30 }).context);
    expect(cloud.settings[0]?.at).toBe(0);
  });

  describe("where the platform tells since when servers are ready", () => {
    /** Green has been launched at 0; each of its servers is ready since the moment that is given. */
    function readyPair(...since: number[]): FakeEntrance {
      const cloud = pairOf(since.length, 0);
      cloud.resize("green", since.length);
      const green = cloud.fleets.get("green");
      cloud.seniority = async ({ name }) => ({
        since: "ready",
        moments: new Map(
          name === "green"
            ? green?.servers.map(({ instanceId }, index) => [instanceId, new Date((since[index] as number) * 1000)])
            : [],
        ),
      });
      return cloud;
    }
    const warmly = { warmupSeconds: 30, capacitySeconds: 300 };

    test("those that have been so for the warm-up do not wait, as on the way back to a side that has just served", async () => {
      const cloud = readyPair(6, 8);
      cloud.advance(40);
      await shiftWeights(shiftOf(cloud, { blue: 0, green: 100 }, warmly).context);
      expect(cloud.settings[0]?.at).toBe(40);
    });

    test("the others wait for what is missing", async () => {
      const cloud = readyPair(6, 20);
      cloud.advance(40);
      await shiftWeights(shiftOf(cloud, { blue: 0, green: 100 }, warmly).context);
      expect(cloud.settings[0]?.at).toBeGreaterThanOrEqual(50);
      expect(cloud.settings[0]?.at).toBeLessThan(50 + 4);
    });

    test("a failure begins it anew", async () => {
      const cloud = readyPair(6, 20);
      cloud.advance(40);
      cloud.at(41, () => cloud.sicken("green", 2));
      cloud.at(45, () => cloud.heal("green"));
      await shiftWeights(shiftOf(cloud, { blue: 0, green: 100 }, warmly).context);
      expect(cloud.settings[0]?.at).toBeGreaterThanOrEqual(45 + 30);
    });
  });

  test("servers that were launched a while ago wait until they must have been healthy for it", async () => {
    for (const age of [320, 330]) {
      const cloud = pairOf(2, 0);
      cloud.resize("green", 2);
      cloud.advance(age);
      const more = { warmupSeconds: 30, capacitySeconds: 300 };
      await shiftWeights(shiftOf(cloud, { blue: 0, green: 100 }, more).context);
      expect(cloud.settings[0]?.at).toBeGreaterThanOrEqual(330);
      expect(cloud.settings[0]?.at).toBeLessThan(330 + 4);
    }
  });

  test("servers that do not stay healthy are refused in time", async () => {
    const cloud = pairOf(2, 0);
    cloud.resize("green", 2);
    for (let at = 15; at < 400; at += 20) {
      cloud.at(at, () => cloud.sicken("green", 1));
      cloud.at(at + 5, () => cloud.heal("green"));
    }
    const error = await refused(shiftWeights(shiftOf(cloud, { blue: 0, green: 100 }, { warmupSeconds: 30 }).context));
    expect(error.codes).toEqual(["HIT352"]);
    expect(cloud.calls).toEqual([]);
  });
});
