import type * as pulumi from "@pulumi/pulumi";
import type { WorkloadChange } from "../../../src/fleet/platform.js";
import type { RolloutOrder } from "../../../src/gates/rollout.js";
import { settled } from "../../../src/inputs/plain.js";
import { checkBlueGreenPair } from "../../../src/strategies/blueGreenPair/checkBlueGreenPair.js";
import { pairEntranceHooks } from "../../../src/strategies/blueGreenPair/entranceHooks.js";
import { pairGroupHooks } from "../../../src/strategies/blueGreenPair/groupHooks.js";
import type { PairWish } from "../../../src/strategies/blueGreenPair/pairWish.js";
import { checkCanaryRelease } from "../../../src/strategies/canaryRelease/checkCanaryRelease.js";
import { canaryEntranceHooks } from "../../../src/strategies/canaryRelease/entranceHooks.js";
import { canaryGroupHooks } from "../../../src/strategies/canaryRelease/groupHooks.js";
import { type CanaryWish, Turns } from "../../../src/strategies/canaryRelease/shift.js";
import { checkRollingFleet } from "../../../src/strategies/rollingFleet/checkRollingFleet.js";
import { fleetHooks } from "../../../src/strategies/rollingFleet/rolloutHook.js";
import { type Links, linksOf, type Parts } from "../../../src/strategies/shared/parts.js";
import { FakeGateway, GATEWAY, id } from "./fakeGateway.js";
import { canary, pair, release, rolling, runCanary, runPair, runRolling } from "./programs.js";

jest.mock("../../../src/gates/pace.js", () => ({
  ...jest.requireActual("../../../src/gates/pace.js"),
  paceFromEnvironment: () => mockPace,
}));
const mockPace = {
  now: () => cloud.now,
  sleep: async (seconds: number) => cloud.advance(Math.max(seconds, 0.001)),
  secondsSince: (moment: Date) => cloud.now - moment.getTime() / 1000,
};

let cloud: FakeGateway;
let orders: { readonly order: RolloutOrder; readonly change: WorkloadChange }[];
/** What the platform says a change means. */
let difference: "none" | "same release" | "other release";
beforeEach(() => {
  cloud = new FakeGateway();
  orders = [];
  difference = "other release";
});

/** The real links, but for what they ask the cluster. */
function linksTo(component: pulumi.ComponentResource, plan: Parts & { readonly entrance: unknown }): Links {
  const { platform } = linksOf(component, plan, "shop/prod/web");
  return {
    front: { balancer: async () => cloud },
    platform: {
      ...platform,
      fleets: async () => cloud,
      difference: async () => difference,
      rollOut: async (order, change) => void orders.push({ order, change }),
    },
  };
}

type Kind = "beforeCreate" | "afterCreate" | "beforeUpdate" | "afterUpdate";
async function call(hooks: pulumi.ResourceHookBinding, kind: Kind, args: Partial<pulumi.ResourceHookArgs> = {}) {
  const [hook] = hooks[kind] ?? [];
  await (hook as pulumi.ResourceHook).callback({ urn: "urn", id: "shop/x", name: "x", type: "t", ...args } as never);
}

/** A Deployment's properties. */
const deployment = (name: string, version: string, more: { replicas?: number; target?: string } = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { namespace: "shop", name, annotations: { "hitless.dev/target": more.target ?? id(name) } },
  spec: {
    replicas: more.replicas ?? 4,
    template: { spec: { containers: [{ name: "app", image: `registry.example.com/web:${version}` }] } },
  },
});
const update = (old: object, next: object) => ({ oldInputs: old, oldOutputs: old, newInputs: next });
/** An HTTPRoute's properties. */
const route = (weights: Record<string, number>, annotations: Record<string, string> = {}) => ({
  metadata: { namespace: "shop", name: "web", annotations },
  spec: { rules: [{ backendRefs: Object.entries(weights).map(([name, weight]) => ({ name, port: 80, weight })) }] },
});

describe("RollingFleet", () => {
  async function hooks() {
    const { component } = await runRolling(rolling("gateway"));
    const plan = checkRollingFleet("web", { ...rolling("gateway"), release: release("v2"), batchSize: 2 });
    const wish = { subject: 'RollingFleet "web"', component: "shop/prod/web", plan, reach: linksTo(component, plan) };
    return fleetHooks(component, { ...wish, numbers: settled(plan.rollout) });
  }

  test("another pod template is rolled out; another size is not", async () => {
    const own = await hooks();
    await call(own, "beforeUpdate", update(deployment("web", "v1"), deployment("web", "v1", { replicas: 9 })));
    expect(orders).toEqual([]);
    await call(own, "beforeUpdate", update(deployment("web", "v1"), deployment("web", "v2")));
    expect(orders).toMatchObject([
      { order: { release: { version: "v2" }, batch: { surge: true, batchSize: 2 } }, change: { guardedId: id("web") } },
    ]);
  });

  test("a new one waits until the Gateway finds its pods ready, and says why they do not get so", async () => {
    cloud.add("web", 4);
    cloud.begin({ web: 100 });
    await call(await hooks(), "afterCreate", { newOutputs: deployment("web", "v1") });
    cloud.sicken("web", 2);
    cloud.trouble = "web-1 cannot start: ErrImagePull";
    await expect(call(await hooks(), "afterCreate", { newOutputs: deployment("web", "v1") })).rejects.toThrow(
      /HIT320.*2 of 4.*ErrImagePull/s,
    );
  });
});

describe("BlueGreenPair", () => {
  async function hooks(change: Parameters<typeof pair>[1] = {}) {
    const { component } = await runPair(pair("gateway"));
    const plan = checkBlueGreenPair("shop", pair("gateway", change));
    const wish: PairWish = {
      subject: 'BlueGreenPair "shop"',
      component: "shop/prod/web",
      plan,
      numbers: settled(plan.numbers),
      reach: linksTo(component, plan),
      targetGroupArns: Promise.resolve({ blue: id("blue"), green: id("green") }),
      place: Promise.resolve({ id: GATEWAY, priority: "entrance" }),
      functions: [],
    };
    return {
      entrance: pairEntranceHooks(component, wish),
      blue: pairGroupHooks(component, wish, "blue"),
      green: pairGroupHooks(component, wish, "green"),
    };
  }
  beforeEach(() => {
    cloud.add("blue", 4, "v1");
    cloud.add("green", 4, "v2");
    cloud.begin({ blue: 100, green: 0 });
    cloud.advance(100);
  });
  const switching = update(route({ blue: 100, green: 0 }), route({ blue: 0, green: 100 }));

  test("a switch moves the weights onto as many ready pods as the live side has now", async () => {
    cloud.resize("blue", 6);
    cloud.advance(60);
    await call((await hooks({ live: "green" })).entrance, "beforeUpdate", { id: "shop/web", ...switching });
    expect(cloud.calls).toEqual(["size shop/green 6", "weights blue=0 green=100"]);
  });

  test("a switch onto pods that are not ready moves nothing", async () => {
    cloud.sicken("green", 4);
    const { entrance } = await hooks({ live: "green" });
    await expect(call(entrance, "beforeUpdate", { id: "shop/web", ...switching })).rejects.toThrow(/HIT344|HIT345/);
    expect(cloud.shares()).toEqual({ blue: 100, green: 0 });
  });

  test("a release for the idle side replaces all of it at once", async () => {
    const { green } = await hooks({ green: release("v3") });
    await call(green, "beforeUpdate", update(deployment("green", "v2"), deployment("green", "v3")));
    expect(orders).toMatchObject([{ order: { batch: { whole: true }, release: { version: "v3" } } }]);
  });

  test("a release for the live side is refused; other settings go through it batch by batch", async () => {
    const { blue } = await hooks({ blue: release("v3") });
    const change = update(deployment("blue", "v1"), deployment("blue", "v3"));
    await expect(call(blue, "beforeUpdate", change)).rejects.toMatchObject({ codes: ["HIT361"] });
    difference = "same release";
    await call(blue, "beforeUpdate", change);
    expect(orders).toMatchObject([{ order: { batch: { surge: true } } }]);
  });

  test("a side with users keeps its pods and its target", async () => {
    const { blue } = await hooks({ live: "green", idle: "cold" });
    const emptied = update(deployment("blue", "v1"), deployment("blue", "v1", { replicas: 0 }));
    await expect(call(blue, "beforeUpdate", emptied)).rejects.toMatchObject({ codes: ["HIT366"] });
    const moved = update(deployment("blue", "v1"), deployment("blue", "v1", { target: id("other") }));
    await expect(call(blue, "beforeUpdate", moved)).rejects.toMatchObject({ codes: ["HIT321"] });
  });
});

describe("CanaryRelease", () => {
  async function hooks(weight: number, more: Partial<ReturnType<typeof canary>> = {}) {
    const args = (share: number) => canary("gateway", { canary: { ...release("v2"), weight: share }, ...more });
    const { component } = await runCanary(args(weight));
    const plan = checkCanaryRelease("shop", args(weight));
    const wish: CanaryWish = {
      subject: 'CanaryRelease "shop"',
      component: "shop/prod/web",
      plan,
      numbers: settled(plan.numbers),
      reach: linksTo(component, plan),
      targetGroupArns: Promise.resolve([id("v1"), id("v2")]),
      place: Promise.resolve({ id: GATEWAY, priority: "entrance" }),
      turns: new Turns(),
    };
    return {
      entrance: canaryEntranceHooks(component, wish),
      group: (index: number) => canaryGroupHooks(component, wish, plan.versions[index] as never),
    };
  }
  beforeEach(() => {
    cloud.add("v1", 4);
    cloud.add("v2", 4);
    cloud.begin({ v1: 50, v2: 50 });
    cloud.tags = { "hitless:stable": "v1", "hitless:canary": "v2" };
    cloud.advance(100);
  });

  test("the weights move when the pods for them are ready", async () => {
    const old = route({ v1: 50, v2: 50 }, { "hitless.dev/stable": "v1", "hitless.dev/canary": "v2" });
    const { entrance } = await hooks(75);
    await call(entrance, "beforeUpdate", { id: "shop/web", ...update(old, route({ v1: 25, v2: 75 })) });
    expect(cloud.calls).toEqual(["weights v1=25 v2=75"]);
  });

  test("a fleet that shrinks gives its weight away first", async () => {
    const { group } = await hooks(25);
    const shrunk = update(deployment("v2", "v2", { replicas: 2 }), deployment("v2", "v2", { replicas: 1 }));
    await call(group(1), "beforeUpdate", shrunk);
    expect(cloud.calls).toEqual(["weights v1=75 v2=25"]);
  });

  test("a skipped step is refused before pods start for it", async () => {
    cloud.begin({ v1: 100, v2: 0 });
    const { group } = await hooks(75, { steps: [10, 75] });
    await expect(call(group(1), "beforeCreate")).rejects.toMatchObject({ codes: ["HIT370"] });
  });
});
