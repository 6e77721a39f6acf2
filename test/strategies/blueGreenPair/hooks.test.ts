import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type * as pulumi from "@pulumi/pulumi";
import { connect } from "../../../src/gates/connect.js";
import * as pace from "../../../src/gates/pace.js";
import type { VerifyFunction } from "../../../src/gates/verify/verifyArgs.js";
import type { BlueGreenPairArgs } from "../../../src/index.js";
import { settled } from "../../../src/inputs/plain.js";
import { checkBlueGreenPair } from "../../../src/strategies/blueGreenPair/checkBlueGreenPair.js";
import { pairEntranceHooks } from "../../../src/strategies/blueGreenPair/entranceHooks.js";
import { pairGroupHooks } from "../../../src/strategies/blueGreenPair/groupHooks.js";
import type { PairWish } from "../../../src/strategies/blueGreenPair/pairWish.js";
import { linksOf } from "../../../src/strategies/shared/parts.js";
import { COMPONENT, LISTENER, tg, violations } from "../../gates/shift/fakeEntrance.js";
import { BALANCER } from "../shared/surroundings.js";
import { FakePair, groupOf, listenerOf } from "./fakePair.js";
import { goodPair, runPair } from "./programs.js";

jest.mock("../../../src/gates/connect.js");
jest.mock("../../../src/gates/pace.js", () => ({
  ...jest.requireActual("../../../src/gates/pace.js"),
  paceFromEnvironment: jest.fn(),
}));

const SUBJECT = 'BlueGreenPair "shop"';
let cloud: FakePair;

beforeEach(() => {
  cloud = new FakePair();
  jest
    .mocked(connect)
    .mockReset()
    .mockImplementation(() => cloud);
  jest.mocked(pace.paceFromEnvironment).mockReturnValue({
    now: () => cloud.now,
    sleep: async (seconds) => cloud.advance(Math.max(seconds, 0.001)),
    secondsSince: (moment) => cloud.now - moment.getTime() / 1000,
  });
});

type Hooks = pulumi.ResourceHookBinding;
type Kind = "beforeUpdate" | "afterUpdate" | "afterCreate";

async function call(hooks: Hooks, kind: Kind, args: Partial<pulumi.ResourceHookArgs>): Promise<void> {
  const [hook] = hooks[kind] ?? [];
  await (hook as pulumi.ResourceHook).callback({ urn: "urn", id: "id", name: "shop", type: "t", ...args } as never);
}

/** The hooks of a pair whose AWS is the fake one. */
async function hooksOf(change: Partial<BlueGreenPairArgs> = {}, functions: readonly VerifyFunction[] = []) {
  const { pair } = await runPair();
  const plan = checkBlueGreenPair("shop", { ...goodPair(), ...change });
  const wish: PairWish = {
    subject: SUBJECT,
    component: COMPONENT,
    plan,
    numbers: settled(plan.numbers),
    reach: linksOf(pair, plan, COMPONENT),
    targetGroupArns: Promise.resolve({ blue: tg("blue"), green: tg("green") }),
    place: Promise.resolve({ id: BALANCER }),
    functions,
  };
  return {
    entrance: pairEntranceHooks(pair, wish),
    blue: pairGroupHooks(pair, wish, "blue"),
    green: pairGroupHooks(pair, wish, "green"),
  };
}

const toGreen = {
  oldInputs: listenerOf({ blue: 100, green: 0 }),
  oldOutputs: listenerOf({ blue: 100, green: 0 }),
  newInputs: listenerOf({ blue: 0, green: 100 }),
};
const release = (name: string, from: string, to: string) => ({
  oldInputs: groupOf(name, from),
  oldOutputs: groupOf(name, from),
  newInputs: groupOf(name, to),
});

describe("a switch", () => {
  test("is one change of the weights when green carries what blue does", async () => {
    const { entrance } = await hooksOf({ live: "green" });
    await call(entrance, "beforeUpdate", toGreen);
    expect(cloud.calls).toEqual(["weights blue=0 green=100"]);
    expect(violations(cloud)).toEqual([]);
    await call(entrance, "afterUpdate", { newOutputs: listenerOf({ blue: 0, green: 100 }) });
  });

  test("is read back after the update: weights that are others by then are told", async () => {
    const { entrance } = await hooksOf({ live: "green" });
    const after = { newOutputs: listenerOf({ blue: 0, green: 100 }) };
    await expect(call(entrance, "afterUpdate", after)).rejects.toMatchObject({ codes: ["HIT341"] });
  });

  test("to cold takes blue out of the action, and leaves its preview route where it leads", async () => {
    const { entrance } = await hooksOf({ live: "green", idle: "cold" });
    cloud.begin({ blue: 100 });
    const cold = { oldInputs: listenerOf({ blue: 100 }), oldOutputs: listenerOf({ blue: 100 }) };
    await call(entrance, "beforeUpdate", { ...cold, newInputs: listenerOf({ green: 100 }) });
    expect(cloud.calls).toEqual(["weights blue=100 green=0", "weights green=100"]);
  });

  test("makes green as large as blue has grown", async () => {
    cloud.resize("blue", 8);
    cloud.advance(60);
    const { entrance } = await hooksOf({ live: "green" });
    await call(entrance, "beforeUpdate", toGreen);
    expect(cloud.calls).toEqual(["size green 8", "weights blue=0 green=100"]);
    expect(violations(cloud)).toEqual([]);
  });

  test("goes in stages", async () => {
    const { entrance } = await hooksOf({ live: "green", shift: [10, 50, 100], bakeSeconds: 30 });
    await call(entrance, "beforeUpdate", toGreen);
    expect(cloud.calls).toEqual(["weights blue=90 green=10", "weights blue=50 green=50", "weights blue=0 green=100"]);
    expect(cloud.now).toBeGreaterThanOrEqual(90);
  });

  test("keeps the old side's place as long as a cookie keeps users there; on the way back it goes at once", async () => {
    const stickiness = { seconds: 900 };
    cloud.action = { targets: [{ targetGroupArn: tg("blue"), weight: 100 }], stickinessSeconds: 900 };
    // The preview routes: the load balancer goes on checking what has no place in the entrance.
    const routes = ["blue", "green"].map((name) => ({ targetGroupArn: tg(name), weight: 1 }));
    cloud.others.set("previews", { priority: "1", action: { targets: routes } });
    const there = await hooksOf({ live: "green", stickiness });
    const change = { oldInputs: listenerOf({ blue: 100 }), oldOutputs: listenerOf({ blue: 100 }) };
    await call(there.entrance, "beforeUpdate", { ...change, newInputs: listenerOf({ green: 100 }) });
    expect(cloud.calls).toEqual(["weights green=100 blue=0", "weights green=100"]);
    expect(cloud.now).toBeGreaterThanOrEqual(900);
    await call(there.entrance, "afterUpdate", { newOutputs: listenerOf({ green: 100 }) });

    cloud.served.set("blue", "v1");
    const begin = cloud.now;
    const back = await hooksOf({ live: "blue", stickiness });
    const reverse = { oldInputs: listenerOf({ green: 100 }), oldOutputs: listenerOf({ green: 100 }) };
    await call(back.entrance, "beforeUpdate", { ...reverse, newInputs: listenerOf({ blue: 100 }) });
    expect(cloud.calls.slice(2)).toEqual(["weights blue=100"]);
    expect(cloud.now - begin).toBeLessThan(60);
  });

  test("to the version that is live is refused", async () => {
    const { entrance } = await hooksOf({ live: "green", green: { ...goodPair().green, version: "v1" } });
    await expect(call(entrance, "beforeUpdate", toGreen)).rejects.toMatchObject({ codes: ["HIT360"] });
    expect(cloud.calls).toEqual([]);
  });

  test("does not begin while an alarm rings, but back to what users had it does", async () => {
    cloud.alarmStates.set("errors", "ALARM");
    const { entrance } = await hooksOf({ live: "green", alarmNames: ["errors"] });
    await expect(call(entrance, "beforeUpdate", toGreen)).rejects.toMatchObject({ codes: ["HIT346"] });
    expect(cloud.calls).toEqual([]);
    cloud.served.set("green", "v0");
    await expect(call(entrance, "beforeUpdate", toGreen)).rejects.toMatchObject({ codes: ["HIT346"] });
    cloud.served.set("green", "v2");
    await call(entrance, "beforeUpdate", toGreen);
    expect(cloud.shares()).toEqual({ blue: 0, green: 100 });
  });

  test("is taken back by an alarm in the rollback window", async () => {
    cloud.alarmStates.set("errors", "OK");
    cloud.at(100, () => cloud.alarmStates.set("errors", "ALARM"));
    const { entrance } = await hooksOf({ live: "green", alarmNames: ["errors"], rollbackWindowSeconds: 600 });
    await expect(call(entrance, "beforeUpdate", toGreen)).rejects.toMatchObject({ codes: ["HIT365"] });
    expect(cloud.calls).toEqual(["weights blue=0 green=100", "weights blue=100 green=0"]);
  });

  test("stands when the rollback window was quiet", async () => {
    cloud.alarmStates.set("errors", "OK");
    const { entrance } = await hooksOf({ live: "green", alarmNames: ["errors"], rollbackWindowSeconds: 600 });
    await call(entrance, "beforeUpdate", toGreen);
    expect(cloud.now).toBeGreaterThanOrEqual(600);
    expect(cloud.shares()).toEqual({ blue: 0, green: 100 });
  });

  test("onto an environment without servers is refused", async () => {
    cloud.resize("green", 0);
    const { entrance } = await hooksOf({ live: "green" });
    await expect(call(entrance, "beforeUpdate", toGreen)).rejects.toMatchObject({ codes: ["HIT345"] });
    expect(cloud.calls).toEqual([]);
  });
});

describe("verification", () => {
  let server: Server;
  let answers: { status: number; body: string };
  let asked: { path: string | undefined; side: unknown; host: unknown }[];

  beforeEach(async () => {
    [answers, asked] = [{ status: 200, body: "welcome to v2" }, []];
    server = createServer((request, response) => {
      asked.push({ path: request.url, side: request.headers["x-hitless-preview"], host: request.headers.host });
      response.writeHead(answers.status).end(answers.body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    jest
      .spyOn(cloud, "listener")
      .mockImplementation(async (arn) => ({ arn, protocol: "HTTP", port, dnsName: "127.0.0.1" }));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const verify = [{ path: "/hello", bodyContains: "welcome", inARow: 2, deadlineSeconds: 10 }];

  test("goes through the preview route of the side that is about to get users", async () => {
    const { entrance } = await hooksOf({ live: "green", verify });
    await call(entrance, "beforeUpdate", toGreen);
    expect(asked).toEqual(Array(2).fill({ path: "/hello", side: "green", host: "shop.example.com" }));
    expect(cloud.shares()).toEqual({ blue: 0, green: 100 });
  });

  test("that fails moves no weight, and says what was seen", async () => {
    answers = { status: 500, body: "out of order" };
    const { entrance } = await hooksOf({ live: "green", verify });
    await expect(call(entrance, "beforeUpdate", toGreen)).rejects.toThrow(
      /HIT363 .*green \(v2\) failed verify\[0\].*status is 500, expected 200; .*"out of order"/,
    );
    expect(cloud.calls).toEqual([]);
  });

  test("does not believe a route that leads elsewhere", async () => {
    cloud.previews.set("2", { value: "green", arn: tg("blue") });
    const { entrance } = await hooksOf({ live: "green", verify });
    await expect(call(entrance, "beforeUpdate", toGreen)).rejects.toMatchObject({ codes: ["HIT362"] });
    cloud.previews.delete("2");
    await expect(call(entrance, "beforeUpdate", toGreen)).rejects.toMatchObject({ codes: ["HIT362"] });
    expect(asked).toEqual([]);
    expect(cloud.calls).toEqual([]);
  });

  test("by functions of the program", async () => {
    const seen: unknown[] = [];
    const good = await hooksOf({ live: "green" }, [
      ({ url, headers, version, environment }) => void seen.push({ url, headers, version, environment }),
    ]);
    await call(good.entrance, "beforeUpdate", toGreen);
    expect(seen).toMatchObject([
      {
        url: expect.stringMatching(/^http:\/\/127.0.0.1:\d+$/),
        headers: { "x-hitless-preview": "green" },
        version: "v2",
        environment: "green",
      },
    ]);
  });

  test("by a function that refuses", async () => {
    const bad = await hooksOf({ live: "green" }, [
      async () => {
        throw new Error("the basket is empty");
      },
    ]);
    await expect(call(bad.entrance, "beforeUpdate", toGreen)).rejects.toThrow(/HIT364 .*the basket is empty/);
    expect(cloud.calls).toEqual([]);
  });
});

describe("a release", () => {
  beforeEach(() => {
    cloud.templates.set("3", { version: "v3", image: "ami-v3" });
    cloud.templates.set("4", { version: "v1", image: "ami-v1", network: "sg-2" });
    cloud.templates.set("5", { version: "v1", image: "ami-v1" });
  });

  test("for the idle side replaces all of it at once, whatever alarms say", async () => {
    cloud.alarmStates.set("errors", "ALARM");
    const { green } = await hooksOf({ green: { ...goodPair().green, version: "v3" }, alarmNames: ["errors"] });
    await call(green, "beforeUpdate", release("green", "2", "3"));
    expect(cloud.orders).toMatchObject([
      {
        group: "green",
        minHealthyPercentage: 0,
        maxHealthyPercentage: 100,
        alarmNames: [],
        template: { version: "3" },
      },
    ]);
    expect(cloud.calls).toEqual([]);
  });

  test("for an idle side without servers needs nothing but the update", async () => {
    cloud.resize("green", 0);
    const { green } = await hooksOf({ idle: "cold", green: { ...goodPair().green, version: "v3" } });
    await call(green, "beforeUpdate", release("green", "2", "3"));
    expect(cloud.orders).toEqual([]);
  });

  test("for the live side is refused", async () => {
    const { blue } = await hooksOf({ blue: { ...goodPair().blue, version: "v3" } });
    await expect(call(blue, "beforeUpdate", release("blue", "1", "3"))).rejects.toMatchObject({ codes: ["HIT361"] });
    expect(cloud.orders).toEqual([]);
  });

  test("is refused where AWS has users, whatever the program calls idle", async () => {
    cloud.begin({ blue: 90, green: 10 });
    const { green } = await hooksOf({ green: { ...goodPair().green, version: "v3" } });
    await expect(call(green, "beforeUpdate", release("green", "2", "3"))).rejects.toThrow(
      /HIT361 .*green has 10 % of the users/,
    );
  });

  test("is refused where a cookie may still lead users, although the weight is 0", async () => {
    cloud.action = { ...cloud.action, stickinessSeconds: 600 };
    const { green } = await hooksOf({ green: { ...goodPair().green, version: "v3" }, stickiness: { seconds: 600 } });
    await expect(call(green, "beforeUpdate", release("green", "2", "3"))).rejects.toThrow(/HIT361 .*by a cookie/);
    expect(cloud.orders).toEqual([]);
  });

  test("that the live side has already needs nothing", async () => {
    const { blue } = await hooksOf();
    await call(blue, "beforeUpdate", release("blue", "1", "5"));
    expect(cloud.orders).toEqual([]);
  });

  test("other settings go through the live side batch by batch", async () => {
    const { blue } = await hooksOf();
    await call(blue, "beforeUpdate", release("blue", "1", "4"));
    expect(cloud.orders).toMatchObject([{ group: "blue", minHealthyPercentage: 100, maxHealthyPercentage: 125 }]);
  });
});

describe("capacity leaves last", () => {
  const cooling = (name: string) => ({
    oldInputs: groupOf(name, "1"),
    oldOutputs: groupOf(name, "1"),
    newInputs: groupOf(name, "1", { maxSize: 0, desiredCapacity: 0 }),
  });

  test("a side with users keeps its servers", async () => {
    const { blue } = await hooksOf({ live: "green", idle: "cold" });
    await expect(call(blue, "beforeUpdate", cooling("blue"))).rejects.toMatchObject({ codes: ["HIT366"] });
  });

  test("a side without may go", async () => {
    cloud.begin({ green: 100 });
    const { blue } = await hooksOf({ live: "green", idle: "cold" });
    await call(blue, "beforeUpdate", cooling("blue"));
  });

  test("a side with users keeps its target group", async () => {
    const { blue } = await hooksOf();
    const moving = {
      oldInputs: groupOf("blue", "1"),
      oldOutputs: groupOf("blue", "1"),
      newInputs: groupOf("blue", "1", { targetGroupArns: ["other"] }),
    };
    await expect(call(blue, "beforeUpdate", moving)).rejects.toMatchObject({ codes: ["HIT321"] });
  });
});

test("after the creation of the entrance it waits for the live side, after that of an idle group for that one", async () => {
  const { entrance, green, blue } = await hooksOf();
  await call(entrance, "afterCreate", { newOutputs: { arn: LISTENER } });
  await call(green, "afterCreate", { newOutputs: groupOf("green", "2") });
  expect(blue.afterCreate).toBeUndefined();
  cloud.sicken("blue", 1);
  await expect(call(entrance, "afterCreate", { newOutputs: { arn: LISTENER } })).rejects.toMatchObject({
    codes: ["HIT320"],
  });
});
