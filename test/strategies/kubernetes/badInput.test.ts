import { HitlessError } from "../../../src/index.js";
import { gateway, kubernetes } from "../../../src/kubernetes/index.js";
import { checkBlueGreenPair } from "../../../src/strategies/blueGreenPair/checkBlueGreenPair.js";
import { checkCanaryRelease } from "../../../src/strategies/canaryRelease/checkCanaryRelease.js";
import { checkRollingFleet } from "../../../src/strategies/rollingFleet/checkRollingFleet.js";
import { goodArgs } from "../rollingFleet/programs.js";
import { canary, fleetArgs, gatewayArgs, pair, rolling } from "./programs.js";

/** The parts of a program's arguments, still plain, for rows to change. */
interface Plain {
  fleet: any;
  entrance: any;
  args: any;
}

function codesOf(run: () => unknown): readonly string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof HitlessError) return error.codes;
    throw error;
  }
}

function rollingCodes(change: (plain: Plain) => void, name = "web"): readonly string[] {
  const plain: Plain = {
    fleet: structuredClone(fleetArgs),
    entrance: structuredClone(gatewayArgs),
    args: { ...rolling("gateway") },
  };
  plain.args.release = { ...plain.args.release };
  change(plain);
  const args = { ...plain.args, fleet: kubernetes(plain.fleet), entrance: gateway(plain.entrance) };
  return codesOf(() => checkRollingFleet(name, args));
}

type Row = [what: string, change: (plain: Plain) => void, codes: string[]];
const rows: Row[] = [
  ["as it is", () => {}, []],
  // The fleet
  ["no namespace", ({ fleet }) => delete fleet.namespace, ["HIT106"]],
  ["a namespace with capitals", ({ fleet }) => (fleet.namespace = "Shop"), ["HIT251"]],
  ["no resources", ({ fleet }) => delete fleet.resources, ["HIT106"]],
  ["subnets", ({ fleet }) => (fleet.subnetIds = ["subnet-1"]), ["HIT107"]],
  ["half a pod", ({ fleet }) => (fleet.desiredCapacity = 2.5), ["HIT116"]],
  ["half a pod, and a minimum above it", ({ fleet }) => Object.assign(fleet, { desiredCapacity: 2.5, minSize: 5 }), ["HIT116"]], // biome-ignore format: one line
  ["sizes out of order", ({ fleet }) => Object.assign(fleet, { desiredCapacity: 2, minSize: 5 }), ["HIT115"]],
  ["a grace period shorter than the drain", ({ fleet }) => (fleet.terminationGracePeriodSeconds = 20), ["HIT255"]],
  ["an autoscaler by processor without a request", ({ fleet }) => Object.assign(fleet, { maxSize: 9, scaling: { cpuPercent: 60 }, resources: { requests: { memory: "1Gi" } } }), ["HIT254"]], // biome-ignore format: one line
  ["an autoscaler without a maximum", ({ fleet }) => (fleet.scaling = { cpuPercent: 60 }), ["HIT106"]],
  // The release
  ["no image", ({ args }) => delete args.release.image, ["HIT106"]],
  ["an AMI", ({ args }) => (args.release.imageId = "ami-1"), ["HIT107"]],
  ["the latest image", ({ args }) => (args.release.image = "web:latest"), ["HIT256"]],
  ["no batch left without surge", ({ fleet, args }) => {
    fleet.desiredCapacity = 1;
    args.surge = false;
  }, ["HIT114"]], // biome-ignore format: one line
  // The Gateway
  ["no Gateway", ({ entrance }) => delete entrance.gateway, ["HIT106"]],
  ["a Gateway's name with capitals", ({ entrance }) => (entrance.gateway = "Public"), ["HIT262"]],
  ["a priority", ({ entrance }) => (entrance.priority = 5), ["HIT107"]],
  ["a host with a wildcard inside", ({ entrance }) => (entrance.hosts = ["shop.*.com"]), ["HIT262"]],
  ["a host with a wildcard in front", ({ entrance }) => (entrance.hosts = ["*.example.com"]), []],
  ["hosts that are no list", ({ entrance }) => (entrance.hosts = "shop.example.com"), ["HIT262"]],
  ["seventeen hosts", ({ entrance }) => (entrance.hosts = Array.from({ length: 17 }, (_, i) => `h${i}.example.com`)), ["HIT262"]], // biome-ignore format: one line
  ["a path without its slash", ({ entrance }) => (entrance.paths = ["shop"]), ["HIT262"]],
  ["a path with a wildcard", ({ entrance }) => (entrance.paths = ["/shop/*"]), ["HIT262"]],
  ["a header", ({ entrance }) => (entrance.headers = [{ name: "x-shop", values: ["1"] }]), []],
  ["a header without values", ({ entrance }) => (entrance.headers = [{ name: "x-shop" }]), ["HIT106"]],
  ["the host as a header", ({ entrance }) => (entrance.headers = [{ name: "Host", values: ["a"] }]), ["HIT262"]],
  ["a header twice", ({ entrance }) => (entrance.headers = [{ name: "x-a", values: ["1"] }, { name: "X-A", values: ["2"] }]), ["HIT262"]], // biome-ignore format: one line
  ["a header value with a wildcard", ({ entrance }) => (entrance.headers = [{ name: "x", values: ["a*"] }]), ["HIT262"]], // biome-ignore format: one line
  ["more combinations than an HTTPRoute has matches", ({ entrance }) => (entrance.headers = ["a", "b"].map((name) => ({ name, values: Array.from({ length: 9 }, (_, i) => `${i}`) }))), ["HIT262"]], // biome-ignore format: one line
  ["a url with a path", ({ entrance }) => (entrance.url = "https://shop.example.com/x"), ["HIT262"]],
  ["alarms", ({ args }) => (args.alarmNames = ["errors"]), ["HIT261"]],
  ["everything at once", ({ fleet, entrance, args }) => {
    fleet.desiredCapacity = 0;
    entrance.paths = ["shop"];
    delete args.release.image;
    args.alarmNames = ["errors"];
  }, ["HIT106", "HIT116", "HIT261", "HIT262"]], // biome-ignore format: one line
];

test.each(rows)("%s", (_what, change, codes) => {
  expect([...new Set(rollingCodes(change))].sort()).toEqual([...codes].sort());
});

test.each(["Web", "1web", "web.shop"])("a component called %s", (name) => {
  expect(rollingCodes(() => {}, name)).toContain("HIT250");
});

describe("what fits only one front or one platform", () => {
  test("servers do not stand behind a Gateway", () => {
    expect(codesOf(() => checkRollingFleet("web", { ...goodArgs(), entrance: gateway(gatewayArgs) }))).toEqual([
      "HIT263",
    ]);
  });

  test("pods behind an Application Load Balancer stand in a VPC", () => {
    const { vpcId: _, ...fleet } = fleetArgs;
    expect(codesOf(() => checkRollingFleet("web", { ...rolling("alb"), fleet: kubernetes(fleet) }))).toEqual([
      "HIT106",
    ]);
  });

  test.each([
    ["a cookie", { preview: { cookie: "preview" } }],
    ["ports", { preview: { ports: { blue: 81, green: 82 } } }],
    ["sources", { preview: { sourceCidrs: ["10.0.0.0/8"] } }],
    ["a priority", { preview: { priority: 5 } }],
    ["stickiness", { stickiness: { seconds: 60 } }],
  ])("a preview at a Gateway knows no %s", (_what, more) => {
    expect(codesOf(() => checkBlueGreenPair("shop", pair("gateway", more)))).toEqual(["HIT261"]);
    expect(codesOf(() => checkBlueGreenPair("shop", pair("alb", more)))).toEqual([]);
  });

  test.each([
    ["a query", { query: { key: "beta", values: ["1", "yes"] } }, []],
    ["a cookie", { cookie: { name: "beta", value: "1" } }, ["HIT261", "HIT188"]],
    ["sources", { sourceCidrs: ["10.0.0.0/8"] }, ["HIT261", "HIT188"]],
    ["a wildcard", { header: { name: "x-beta", values: ["1*"] } }, ["HIT262"]],
    ["a header without a name", { header: { values: ["1"] } as never }, ["HIT106"]],
    ["the host as its header", { header: { name: "Host", values: ["a"] } }, ["HIT262"]],
    ["no values", { header: { name: "x-beta", values: [] } }, ["HIT262"]],
    ["a priority", { header: { name: "x-beta", values: ["1"] }, priority: 7 }, ["HIT261"]],
  ])("an audience at a Gateway with %s", (_what, audience, codes) => {
    const args = canary("gateway");
    const canaryArgs = { ...(args.canary as NonNullable<typeof args.canary>), audience };
    expect(codesOf(() => checkCanaryRelease("shop", { ...args, canary: canaryArgs }))).toEqual(codes);
  });
});

test("a preview by a header that the entrance asks for already would lead the public there", () => {
  const entrance = gateway({ ...gatewayArgs, headers: [{ name: "X-Hitless-Preview", values: ["none"] }] });
  expect(codesOf(() => checkBlueGreenPair("shop", { ...pair("gateway"), entrance }))).toEqual(["HIT262"]);
});

test("arguments keep their platform when a program spreads them", () => {
  const fleet = { ...kubernetes(fleetArgs), desiredCapacity: 9 };
  expect(codesOf(() => checkRollingFleet("web", { ...rolling("gateway"), fleet }))).toEqual([]);
});
