import { shiftWeights } from "../../../src/gates/shift/shiftWeights.js";
import { FakeEntrance, tg } from "./fakeEntrance.js";
import { expectHealth, lostFrom, refused, shiftOf } from "./shifting.js";

const STATE = new Map([[tg("v1"), 100]]);
const MORE = {
  stages: [10, 50, 100],
  bakeSeconds: 12,
  stickinessSeconds: 60,
  leaveAfterSeconds: 12,
  known: STATE,
  autoscaled: true,
  alarmNames: ["errors"],
};

function fleets(): FakeEntrance {
  const cloud = new FakeEntrance();
  cloud.addFleet("v1", 6);
  cloud.addFleet("v2", 2, { bootSeconds: 10, maxSize: 6 });
  cloud.begin({ v1: 100 });
  cloud.alarmStates.set("errors", "OK");
  return cloud;
}

/** How often a shift that is left alone asks whether its engine is there. */
async function looksOfAWholeShift(): Promise<number> {
  let looks = 0;
  const { context } = shiftOf(fleets(), { v2: 100 }, MORE);
  await shiftWeights({
    ...context,
    assertWatched: async () => {
      looks += 1;
    },
  });
  return looks;
}

test("an engine that goes at any moment: nothing is done after it, and the next shift goes on to the end", async () => {
  const looks = await looksOfAWholeShift();
  expect(looks).toBeGreaterThan(20);
  for (let look = 1; look <= looks; look += 1) {
    const cloud = fleets();
    const gone = lostFrom(look);
    let lostAt: number | undefined;
    const { context } = shiftOf(cloud, { v2: 100 }, MORE);
    const watched = async (): Promise<void> => {
      try {
        await gone();
      } catch (error) {
        lostAt ??= cloud.calls.length;
        throw error;
      }
    };
    expect((await refused(shiftWeights({ ...context, assertWatched: watched }))).codes).toEqual(["HIT330"]);
    expect(cloud.calls).toHaveLength(lostAt as number);

    await shiftWeights(shiftOf(cloud, { v2: 100 }, MORE).context);
    expect(cloud.shares()).toEqual({ v2: 100 });
    expect(cloud.fleets.get("v2")?.desired).toBe(6); // both fleets stood in between: that is no reason to double
    expectHealth(cloud);
  }
});

test("the last thing before anything is changed is a look at the engine, and after its loss nothing is even asked", async () => {
  const MUTATIONS = new Set(["setForwardAction", "setDesiredCapacity"]);
  for (const ring of [false, true]) {
    for (const lost of [Number.POSITIVE_INFINITY, 10, 15, 20]) {
      const cloud = fleets();
      cloud.others.set("old", { priority: "5", action: { targets: [{ targetGroupArn: tg("v1"), weight: 1 }] } });
      if (ring) cloud.at(30, () => cloud.alarmStates.set("errors", "ALARM"));
      const log: string[] = [];
      const watched = new Proxy(cloud, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name, target);
          if (typeof value !== "function") return value;
          return (...args: unknown[]) => {
            log.push(String(name));
            return value.apply(target, args);
          };
        },
      });
      const gone = lostFrom(lost);
      const assertWatched = async (): Promise<void> => {
        log.push("look");
        await gone();
      };
      const { context } = shiftOf(cloud, { v2: 100 }, MORE);
      await shiftWeights({ ...context, cloud: watched, assertWatched }).catch(() => undefined);
      const changes = log.flatMap((name, index) => (MUTATIONS.has(name) ? [log[index - 1]] : []));
      expect(changes.length).toBeGreaterThan(1);
      expect(new Set(changes)).toEqual(new Set(["look"]));
      const looks = log.filter((name) => name === "look").length;
      if (looks < lost) continue; // refused, or done, before
      expect([looks, log.at(-1)]).toEqual([lost, "look"]);
    }
  }
});

test("going back after an interruption takes the weights home", async () => {
  const cloud = fleets();
  const gone = lostFrom(1);
  const assertWatched = async (): Promise<void> => {
    if ((cloud.shares().v2 ?? 0) > 0) await gone();
  };
  await refused(shiftWeights({ ...shiftOf(cloud, { v2: 100 }, MORE).context, assertWatched }));
  expect(cloud.shares()).toEqual({ v1: 90, v2: 10 });
  const { context, said } = shiftOf(cloud, { v1: 100 }, { known: STATE, goingBack: true });
  await shiftWeights(context);
  expect(cloud.shares()).toEqual({ v1: 100 });
  expect(said[0]).toMatch(/somebody else moved the weights, or an update was interrupted/);
});

test("weights that were all moved before the engine went: what has left waits for them to spread", async () => {
  const cloud = fleets();
  cloud.resize("v2", 6);
  cloud.begin({ v2: 100 });
  cloud.others.set("old", { priority: "5", action: { targets: [{ targetGroupArn: tg("v1"), weight: 1 }] } });
  const { context } = shiftOf(cloud, { v2: 100 }, MORE);
  await shiftWeights(context);
  expect(cloud.calls).toEqual(["rule 5 v2=100"]);
  expect(cloud.now).toBeGreaterThanOrEqual(10);
});
