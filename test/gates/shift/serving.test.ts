import { runGate } from "../../../src/gates/gate.js";
import { readBack } from "../../../src/gates/shift/readBack.js";
import { entranceServing, targetsServing } from "../../../src/gates/shift/serving.js";
import { sharesOf } from "../../../src/gates/shift/sharesInState.js";
import { entranceIn } from "../../../src/traffic/entranceIn.js";
import { FakeEntrance, LISTENER, tg } from "./fakeEntrance.js";
import { refused, shiftOf, targetsOf } from "./shifting.js";

function entrance(): FakeEntrance {
  const cloud = new FakeEntrance();
  cloud.addFleet("v1", 3);
  cloud.addFleet("v2", 2);
  cloud.begin({ v1: 90, v2: 10 });
  return cloud;
}

const wish = {
  subject: 'CanaryRelease "web"',
  targets: [
    { label: "v1", targetGroupArn: tg("v1"), healthy: 3 },
    { label: "v2", targetGroupArn: tg("v2"), healthy: 2 },
  ],
  deadlineSeconds: 60,
};

describe("serving", () => {
  test("waits for every fleet, and tells how it goes", async () => {
    const cloud = entrance();
    cloud.sicken("v2", 1);
    cloud.at(20, () => cloud.heal("v2"));
    const { context, said } = shiftOf(cloud, {});
    await entranceServing(wish, context);
    expect(said[0]).toBe("v1: 3 of 3 servers healthy, v2: 1 of 2 servers healthy (0 s)");
    expect(cloud.now).toBe(20);
  });

  test("says in time which servers do not serve, and why", async () => {
    const cloud = entrance();
    cloud.sicken("v2", 1);
    const error = await refused(entranceServing(wish, shiftOf(cloud, {}).context));
    expect(error.codes).toEqual(["HIT320"]);
    expect(error.message).toMatch(/v2: 1 of 2 servers healthy after 60 s/);
    expect(error.message).toMatch(/i-4 is unhealthy \(Target\.Timeout\)/);
  });

  test("a fleet of which nothing is asked may be empty", async () => {
    const cloud = new FakeEntrance();
    const gate = targetsServing({ ...wish, targets: [{ label: "x", targetGroupArn: tg("x"), healthy: 0 }] }, cloud);
    await runGate(gate, shiftOf(cloud, {}).context);
    const some = targetsServing({ ...wish, targets: [{ label: "x", targetGroupArn: tg("x"), healthy: 1 }] }, cloud);
    expect((await refused(runGate(some, shiftOf(cloud, {}).context))).message).toMatch(/no other server is registered/);
  });
});

describe("reading back", () => {
  const back = (percents: Record<string, number>) => ({
    subject: "x",
    entranceArn: LISTENER,
    targets: targetsOf(percents),
  });

  test("passes for the same shares, in whatever numbers", async () => {
    const cloud = entrance();
    cloud.begin({ v1: 9, v2: 1 });
    await readBack(back({ v1: 90, v2: 10 }), shiftOf(cloud, {}).context);
  });

  test("refuses what somebody else has moved, and says who may have", async () => {
    const cloud = entrance();
    const error = await refused(readBack(back({ v1: 80, v2: 20 }), shiftOf(cloud, {}).context));
    expect(error.codes).toEqual(["HIT341"]);
    expect(error.message).toMatch(/AWS has v1 90 % · v2 10 %, where v1 80 % · v2 20 % was set.*CloudTrail/s);
    cloud.action = { targets: [] };
    expect((await refused(readBack(back({ v1: 80, v2: 20 }), shiftOf(cloud, {}).context))).message).toMatch(
      /no forward action any more/,
    );
  });
});

test("the shares in a hook's properties", () => {
  const forward = {
    targetGroups: [
      { arn: "a", weight: 999 },
      { arn: "b", weight: 1 },
    ],
  };
  expect([...sharesOf(entranceIn({ defaultActions: [{ forward }] }).targets)]).toEqual([
    ["a", 99.9],
    ["b", 0.1],
  ]);
  expect([...sharesOf(entranceIn({ actions: [{ targetGroupArn: "a" }] }).targets)]).toEqual([["a", 100]]);
  expect(sharesOf(entranceIn({}).targets).size).toBe(0);
});
