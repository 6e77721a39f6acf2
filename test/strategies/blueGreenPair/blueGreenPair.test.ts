import { BlueGreenPair, type BlueGreenPairArgs } from "../../../src/index.js";
import { settled } from "../../../src/inputs/plain.js";
import { setHitlessMocks } from "../../../src/testing/index.js";
import { LISTENER } from "../shared/surroundings.js";
import { goodPair, runPair, short } from "./programs.js";

const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
const LISTENER_TYPE = "aws:lb/listener:Listener";
const RULE = "aws:lb/listenerRule:ListenerRule";
const GROUP = "aws:autoscaling/group:Group";
const POLICY = "aws:autoscaling/policy:Policy";

const behindListener = (): BlueGreenPairArgs => ({
  ...goodPair(),
  entrance: { listenerArn: LISTENER, priority: 10, hosts: ["shop.example.com"] },
  preview: { priority: 5 },
});
const autoscaled = (): BlueGreenPairArgs => {
  const args = goodPair();
  return { ...args, fleet: { ...args.fleet, minSize: 2, maxSize: 20, scaling: { requestsPerServer: 500 } } };
};
const onPorts = (): BlueGreenPairArgs => ({ ...goodPair(), preview: { ports: { blue: 8001, green: 8002 } } });

const BASE = [
  "BlueGreenPair shop",
  "TargetGroup shop-blue",
  "TargetGroup shop-green",
  "SecurityGroup shop",
  "LaunchTemplate shop-blue",
  "LaunchTemplate shop-green",
  "Group shop-blue",
  "Group shop-green",
];
const RULES = ["ListenerRule shop-preview-blue", "ListenerRule shop-preview-green"];
/** Since when green is idle: docs/decisions/0012. */
const IDLE = "Stash shop-green-idle";

describe("what it is made of", () => {
  test.each([
    ["a listener of its own", goodPair, [...BASE, "Listener shop", ...RULES, IDLE]],
    ["a rule on a listener", behindListener, [...BASE, "ListenerRule shop", ...RULES, IDLE]],
    [
      "preview ports",
      onPorts,
      [...BASE, "Listener shop", "Listener shop-preview-blue", "Listener shop-preview-green", IDLE],
    ],
    ["an autoscaler", autoscaled, [...BASE, "Listener shop", ...RULES, "Policy shop-blue", IDLE]],
    ["a cold idle side", () => ({ ...goodPair(), idle: "cold" as const }), [...BASE, "Listener shop", ...RULES]],
  ] as [string, () => BlueGreenPairArgs, string[]][])(
    "with %s: the same in preview and update",
    async (_n, args, all) => {
      for (const preview of [true, false]) {
        const { mocks } = await runPair(args(), { preview });
        expect(mocks.resources.map(({ type, name }) => `${short(type)} ${name}`).sort()).toEqual([...all].sort());
      }
    },
  );
});

describe.each([
  ["blue", "green"],
  ["green", "blue"],
] as const)("with %s live", (live, idle) => {
  test("both target groups, then the live fleet, then the entrance, then the rest", async () => {
    const { dependencies } = await runPair({ ...autoscaled(), live });
    const of = (key: string) => [...new Set(dependencies.get(key))].sort();
    expect(of(`Group shop-${live}`)).toEqual([`LaunchTemplate shop-${live}`, `TargetGroup shop-${live}`]);
    expect(of("Listener shop")).toEqual([`Group shop-${live}`, "TargetGroup shop-blue", "TargetGroup shop-green"]);
    expect(of(`Group shop-${idle}`)).toEqual([
      `LaunchTemplate shop-${idle}`,
      "Listener shop",
      `ListenerRule shop-preview-${idle}`,
      `TargetGroup shop-${idle}`,
    ]);
    for (const environment of [live, idle]) {
      expect(of(`ListenerRule shop-preview-${environment}`)).toContain("Listener shop");
    }
    expect(of(`Policy shop-${live}`)).toContain("Listener shop");
  });

  test("warm: both stand in the entrance, with all users on the live one", async () => {
    const { mocks } = await runPair({ ...goodPair(), live });
    const weights = { [live]: 100, [idle]: 0 };
    const [{ type, forward }] = mocks.find(LISTENER_TYPE).inputs.defaultActions;
    expect(type).toBe("forward");
    expect(forward.targetGroups.map(({ weight }: { weight: number }) => weight)).toEqual([weights.blue, weights.green]);
    for (const name of ["shop-blue", "shop-green"]) {
      expect(mocks.find(GROUP, name).inputs).toMatchObject({
        minSize: 4,
        desiredCapacity: 4,
        maxSize: 5,
        waitForCapacityTimeout: "0",
      });
      expect(mocks.find(GROUP, name).inputs).not.toHaveProperty("minElbCapacity");
    }
  });

  test("cold: the idle one has no server and no place in the entrance", async () => {
    const { mocks, pair } = await runPair({ ...goodPair(), live, idle: "cold" });
    const { targetGroupArns } = await settled(pair.status);
    const [{ forward }] = mocks.find(LISTENER_TYPE).inputs.defaultActions;
    expect(forward.targetGroups).toEqual([{ arn: targetGroupArns[live], weight: 100 }]);
    expect(mocks.find(GROUP, `shop-${idle}`).inputs).toMatchObject({ minSize: 0, desiredCapacity: 0, maxSize: 0 });
    expect(mocks.find(GROUP, `shop-${live}`).inputs).toMatchObject({ minSize: 4, desiredCapacity: 4, maxSize: 5 });
  });

  test("cold, with an autoscaler: nobody says how large the live one is", async () => {
    const { mocks, ignored } = await runPair({ ...autoscaled(), live, idle: "cold" });
    expect(mocks.find(GROUP, `shop-${live}`).inputs).toMatchObject({ minSize: 2, maxSize: 20 });
    expect(mocks.find(GROUP, `shop-${live}`).inputs).not.toHaveProperty("desiredCapacity");
    expect(ignored.get(`Group shop-${live}`)).toEqual([]);
    expect(mocks.find(GROUP, `shop-${idle}`).inputs).toMatchObject({ minSize: 0, desiredCapacity: 0, maxSize: 0 });
  });

  test("a release for the idle side changes nothing else", async () => {
    const args: BlueGreenPairArgs = { ...goodPair(), live };
    const before = (await runPair(args)).mocks.resources;
    const next = { ...args, [idle]: { ...args[idle], version: "v3", imageId: "ami-3" } };
    const after = (await runPair(next)).mocks.resources;
    const { ignored } = await runPair(next);
    expect(ignored.get(`Stash shop-${idle}-idle`)).toEqual(["input"]); // so what it says now never gets there
    const changed = after
      .filter((resource, index) => JSON.stringify(resource) !== JSON.stringify(before[index]))
      .filter(({ type }) => !type.endsWith(":Stash"));
    expect(changed.map(({ type, name }) => `${short(type)} ${name}`).sort()).toEqual([
      `Group shop-${idle}`,
      `LaunchTemplate shop-${idle}`,
    ]);
  });

  test("only the live one scales, and nobody sets an autoscaled size back", async () => {
    const { mocks, ignored } = await runPair({ ...autoscaled(), live });
    expect(mocks.find(POLICY).name).toBe(`shop-${live}`);
    for (const name of ["Group shop-blue", "Group shop-green"]) expect(ignored.get(name)).toContain("desiredCapacity");
  });

  test("the switch in words: tags of the entrance, and which version was served", async () => {
    const { mocks, ignored } = await runPair({ ...goodPair(), live });
    const version = live === "blue" ? "v1" : "v2";
    expect(mocks.find(LISTENER_TYPE).inputs.tags).toEqual({ "hitless:live": live, "hitless:version": version });
    expect(mocks.find(RULE, `shop-preview-${live}`).inputs.tags).toEqual({
      "hitless:preview": live,
      "hitless:served": version,
    });
    expect(mocks.find(RULE, `shop-preview-${idle}`).inputs.tags).toEqual({ "hitless:preview": idle });
    expect(ignored.get(`ListenerRule shop-preview-${idle}`)).toEqual(['tags["hitless:served"]']);
    expect(ignored.get(`ListenerRule shop-preview-${live}`)).toEqual([]);
  });
});

describe("preview routes", () => {
  const routes = async (args: BlueGreenPairArgs) => {
    const { mocks, pair } = await runPair(args);
    const { targetGroupArns, preview } = await settled(pair.status);
    return { mocks, targetGroupArns, preview };
  };

  test("by header, at the front of the pair's own listener", async () => {
    const { mocks, targetGroupArns, preview } = await routes(goodPair());
    expect(mocks.find(RULE, "shop-preview-green").inputs).toMatchObject({
      priority: 2,
      conditions: [{ httpHeader: { httpHeaderName: "x-hitless-preview", values: ["green"] } }],
      actions: [{ type: "forward", targetGroupArn: targetGroupArns.green }],
    });
    expect(mocks.find(RULE, "shop-preview-blue").inputs.priority).toBe(1);
    expect(preview).toEqual({
      blue: { url: "http://shop.example.com", headers: { "x-hitless-preview": "blue" } },
      green: { url: "http://shop.example.com", headers: { "x-hitless-preview": "green" } },
    });
  });

  test("by cookie, with the conditions of the entrance, for some networks only", async () => {
    const preview = { cookie: "side", priority: 5, sourceCidrs: ["10.0.0.0/8"] };
    const { mocks, preview: addresses } = await routes({ ...behindListener(), preview });
    expect(mocks.find(RULE, "shop-preview-blue").inputs).toMatchObject({
      listenerArn: LISTENER,
      priority: 5,
      conditions: [
        { hostHeader: { values: ["shop.example.com"] } },
        { httpHeader: { httpHeaderName: "Cookie", values: ["*side=blue*"] } },
        { sourceIp: { values: ["10.0.0.0/8"] } },
      ],
    });
    expect(addresses.green).toEqual({ headers: { cookie: "side=green" } });
  });

  test("by ports of their own, closed to other networks", async () => {
    const preview = { ports: { blue: 8001, green: 8002 }, sourceCidrs: ["10.0.0.0/8"] };
    const { mocks, targetGroupArns, preview: addresses } = await routes({ ...goodPair(), preview });
    expect(mocks.find(LISTENER_TYPE, "shop-preview-green").inputs).toMatchObject({
      port: 8002,
      protocol: "HTTP",
      defaultActions: [{ type: "fixed-response", fixedResponse: { statusCode: "403" } }],
    });
    expect(mocks.find(RULE, "shop-preview-green").inputs).toMatchObject({
      priority: 1,
      conditions: [{ sourceIp: { values: ["10.0.0.0/8"] } }],
      actions: [{ type: "forward", targetGroupArn: targetGroupArns.green }],
    });
    expect(addresses.blue).toEqual({ url: "http://shop.example.com:8001", headers: {} });
  });
});

test("its status is what pipelines need", async () => {
  const { pair } = await runPair({ ...goodPair(), live: "green" });
  expect(await settled(pair.status)).toMatchObject({
    strategy: "BlueGreenPair",
    live: "green",
    versions: { blue: "v1", green: "v2" },
    weights: { blue: 0, green: 100 },
    url: "http://shop.example.com",
    autoScalingGroupNames: { blue: "shop-blue-1234567", green: "shop-green-1234567" },
  });
  expect(await settled(pair.version)).toBe("v2");
  expect(await settled(pair.live)).toBe("green");
});

test("groups are found by their component, and carry the release and its contract", async () => {
  const args = goodPair();
  const { mocks } = await runPair({ ...args, blue: { ...args.blue, data: { writes: 7, reads: [6, 7] } } });
  expect(mocks.find(GROUP, "shop-blue").inputs.tags).toEqual([
    { key: "Name", value: "shop-blue", propagateAtLaunch: true },
    { key: "hitless:version", value: "v1", propagateAtLaunch: false },
    { key: "hitless:data-writes", value: "7", propagateAtLaunch: false },
    { key: "hitless:data-reads", value: "6 7", propagateAtLaunch: false },
    { key: "hitless:component", value: "project/stack/shop", propagateAtLaunch: false },
  ]);
});

test("stickiness is a cookie of the load balancer, which leads nobody to the idle side: that has no place", async () => {
  const { mocks } = await runPair({ ...goodPair(), stickiness: { seconds: 600 } });
  const { targetGroups, stickiness } = mocks.find(LISTENER_TYPE).inputs.defaultActions[0].forward;
  expect(stickiness).toEqual({ enabled: true, duration: 600 });
  expect(targetGroups).toEqual([{ arn: expect.stringContaining("shop-blue"), weight: 100 }]);
});

test("two pairs on one listener may not have one priority", async () => {
  const mocks = await setHitlessMocks();
  const first = new BlueGreenPair("shop", behindListener());
  expect(
    () =>
      new BlueGreenPair("other", {
        ...behindListener(),
        entrance: { listenerArn: LISTENER, priority: 5, paths: ["/x"] },
        preview: { priority: 1 },
      }),
  ).toThrow(
    /HIT174 BlueGreenPair "other": entrance.priority is 5, which is that of BlueGreenPair "shop" preview.priority/,
  );
  await mocks.complete();
  expect(mocks.resources.filter(({ type }) => type === TARGET_GROUP)).toHaveLength(2);
  await settled(first.status);
});

test("verifyWith takes functions only", async () => {
  const { pair } = await runPair();
  expect(() => pair.verifyWith("https://example.com" as never)).toThrow(/HIT175/);
});
