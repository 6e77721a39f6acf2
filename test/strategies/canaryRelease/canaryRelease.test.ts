import type * as pulumi from "@pulumi/pulumi";
import {
  CanaryCapacity,
  type CanaryRelease,
  type CanaryReleaseArgs,
  type FleetArgs,
  type VersionNodes,
} from "../../../src/index.js";
import { settled } from "../../../src/inputs/plain.js";
import type { RecordedResource } from "../../../src/testing/index.js";
import { LISTENER as LISTENER_ARN } from "../shared/surroundings.js";
import { canaryArgs, runCanary, shared, type Versions } from "./programs.js";

const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
const LISTENER = "aws:lb/listener:Listener";
const RULE = "aws:lb/listenerRule:ListenerRule";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const GROUP = "aws:autoscaling/group:Group";
const POLICY = "aws:autoscaling/policy:Policy";
const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";

const beta = { header: { name: "x-beta", values: ["1"] } };
const fleetOf = (name: string) => [`${TARGET_GROUP} ${name}`, `${TEMPLATE} ${name}`, `${GROUP} ${name}`];
const names = (resources: readonly RecordedResource[]) => resources.map(({ type, name }) => `${type} ${name}`).sort();

/** What AWS is told of the weights: version to weight. */
function weights(resources: readonly RecordedResource[]): Record<string, number> {
  const { inputs } = resources.find(({ type }) => type === LISTENER) as RecordedResource;
  const groups: { arn: string; weight: number }[] = inputs.defaultActions[0].forward.targetGroups;
  return Object.fromEntries(
    groups.map(({ arn, weight }) => [/targetgroup\/web-(.+)-1234567\//.exec(arn)?.[1], weight]),
  );
}

function listenerArn({ nodes }: CanaryRelease): Promise<string> {
  if (!nodes.listener) throw new Error("it has no listener of its own");
  return settled(nodes.listener.arn);
}

async function sizesOf(args: CanaryReleaseArgs, name: string) {
  const { mocks } = await runCanary(args);
  const { minSize, desiredCapacity, maxSize } = mocks.find(GROUP, name).inputs;
  return [minSize, desiredCapacity, maxSize];
}

describe("what it is made of", () => {
  test.each<[string, CanaryReleaseArgs, string[]]>([
    ["a stable version alone", canaryArgs(), fleetOf("web-v1")],
    [
      "a canary with an audience",
      canaryArgs({ stable: "v1" }, { canary: { ...shared("v2", 0), audience: beta } }),
      [...fleetOf("web-v1"), ...fleetOf("web-v2"), `${RULE} web-canary-audience`],
    ],
    [
      "five versions",
      canaryArgs({ stable: "v2", canary: ["v3", 10], others: [["v4", 5], ["v5", 0.5]], previous: "v1" }), // biome-ignore format: one line
      [
        ...["v1", "v2", "v3", "v4", "v5"].flatMap((version) => fleetOf(`web-${version}`)),
        "pulumi:index:Stash web-v1-idle",
      ],
    ],
  ])("%s: the same in preview and update", async (_what, args, parts) => {
    const shared = [`${LISTENER} web`, `${SECURITY_GROUP} web`, "hitless:index:CanaryRelease web"];
    for (const preview of [true, false]) {
      const { mocks } = await runCanary(args, { preview });
      expect(names(mocks.resources)).toEqual([...shared, ...parts].sort());
    }
  });

  test("every child belongs to the component", async () => {
    const { release } = await runCanary(canaryArgs({ stable: "v1", canary: ["v2", 10] }));
    const { versions, listener, securityGroup } = release.nodes;
    for (const { targetGroup, launchTemplate, group } of versions) {
      for (const node of [targetGroup, launchTemplate, group, listener, securityGroup] as pulumi.Resource[]) {
        expect(await settled(node.urn)).toContain("hitless:index:CanaryRelease$aws:");
      }
    }
  });

  test("a rule on a listener, with audiences of its conditions before it", async () => {
    const canary = { ...shared("v2", 10), audience: { ...beta, priority: 5 } };
    const entrance = { listenerArn: LISTENER_ARN, priority: 10, hosts: ["shop.example.com"] };
    const { mocks } = await runCanary(canaryArgs({ stable: "v1" }, { canary, entrance }));
    expect(mocks.find(RULE, "web-canary-audience").inputs).toMatchObject({
      listenerArn: LISTENER_ARN,
      priority: 5,
      conditions: [
        { hostHeader: { values: ["shop.example.com"] } },
        { httpHeader: { httpHeaderName: "x-beta", values: ["1"] } },
      ],
    });
    expect(mocks.find(RULE, "web").inputs).toMatchObject({ priority: 10, tags: { "hitless:canary": "v2" } });
  });

  test("an autoscaler for everybody but the previous version, whose size nobody asks for", async () => {
    const args = canaryArgs({ stable: "v2", canary: ["v3", 10], previous: "v1" });
    const fleet = { ...args.fleet, minSize: 2, maxSize: 20, scaling: { cpuPercent: 50 } };
    const { mocks } = await runCanary({ ...args, fleet });
    expect(names(mocks.resources.filter(({ type }) => type === POLICY))).toEqual([
      `${POLICY} web-v2`,
      `${POLICY} web-v3`,
    ]);
  });
});

describe("what it asks of AWS", () => {
  test.each<[Versions, Record<string, number>]>([
    [{ stable: "v1" }, { v1: 100 }],
    [
      { stable: "v1", canary: ["v2", 10] },
      { v1: 90, v2: 10 },
    ],
    [
      { stable: "v1", canary: ["v2", 0.1] },
      { v1: 999, v2: 1 },
    ],
    [
      { stable: "v1", canary: ["v2", 0.1], others: [["v3", 0.2]] },
      { v1: 997, v2: 1, v3: 2 },
    ],
    [
      { stable: "v1", canary: ["v2", 100] },
      { v1: 0, v2: 100 },
    ],
    [
      { stable: "v2", previous: "v1" },
      { v2: 100, v1: 0 },
    ],
  ])("%p: every weight is sent, also 0", async (versions, expected) => {
    const { mocks } = await runCanary(canaryArgs(versions));
    expect(weights(mocks.resources)).toEqual(expected);
  });

  test("the tags of the entrance tell who has which role", async () => {
    const versions = { stable: "v2", canary: ["v3", 10], others: [["v4", 5]], previous: "v1" } as const;
    const { mocks } = await runCanary(canaryArgs(versions));
    expect(mocks.find(LISTENER).inputs.tags).toEqual({
      "hitless:stable": "v2",
      "hitless:canary": "v3",
      "hitless:others": "v4",
      "hitless:previous": "v1",
    });
  });

  test("a group that no provider waits for, known by its component", async () => {
    const { mocks } = await runCanary(canaryArgs({ stable: "v1", canary: ["v2", 10] }));
    const { inputs } = mocks.find(GROUP, "web-v2");
    expect(inputs.waitForCapacityTimeout).toBe("0");
    expect(inputs.minElbCapacity).toBeUndefined();
    expect(inputs.tags).toContainEqual({ key: "hitless:component", value: "shop/prod/web", propagateAtLaunch: false });
    expect(inputs.tags).toContainEqual({ key: "hitless:version", value: "v2", propagateAtLaunch: false });
  });

  test("stickiness, where it is asked for", async () => {
    const { mocks } = await runCanary(canaryArgs({ stable: "v1" }, { stickiness: { seconds: 600 } }));
    const [action] = mocks.find(LISTENER).inputs.defaultActions;
    expect(action.forward.stickiness).toEqual({ enabled: true, duration: 600 });
  });

  test("an audience by cookie, query and network", async () => {
    const audience = {
      cookie: { name: "beta", value: "on" },
      query: { key: "try", values: ["a", "b"] },
      sourceCidrs: ["10.0.0.0/8"],
      priority: 7,
    };
    const canary = { ...shared("v2", 0), audience };
    const { mocks, release } = await runCanary(canaryArgs({ stable: "v1" }, { canary }));
    const { inputs } = mocks.find(RULE, "web-canary-audience");
    expect(inputs).toMatchObject({
      listenerArn: await listenerArn(release),
      priority: 7,
      conditions: [
        { httpHeader: { httpHeaderName: "Cookie", values: ["*beta=on*"] } },
        { queryStrings: [{ key: "try", value: "a" }, { key: "try", value: "b" }] }, // biome-ignore format: one line
        { sourceIp: { values: ["10.0.0.0/8"] } },
      ],
      actions: [
        { type: "forward", targetGroupArn: await settled((release.nodes.versions[1] as VersionNodes).targetGroup.arn) },
      ],
    });
  });

  test("audiences on its own listener have places of their own", async () => {
    const args = canaryArgs({ stable: "v1", canary: ["v2", 0], others: [["v3", 0], ["v4", 0]] }); // biome-ignore format: one line
    const with_ = {
      ...args,
      canary: { ...shared("v2", 0), audience: beta },
      others: ["v3", "v4"].map((version) => ({ ...shared(version, 0), audience: beta })),
    };
    const { mocks } = await runCanary(with_);
    const places = mocks.resources
      .filter(({ type }) => type === RULE)
      .map(({ name, inputs }) => [name, inputs.priority]);
    expect(places).toEqual([
      ["web-canary-audience", 100],
      ["web-others-0-audience", 101],
      ["web-others-1-audience", 102],
    ]);
  });
});

describe("how many servers a version gets", () => {
  const { fleet } = canaryArgs();
  const canary = (weight: number, more: object = {}) => {
    return { ...canaryArgs(), canary: { ...shared("v2", weight), ...more } };
  };

  test.each<[string, CanaryReleaseArgs, string, number[]]>([
    ["stable", canary(50), "web-v1", [6, 6, 9]],
    ["matched to nothing", canary(0), "web-v2", [1, 1, 9]],
    ["matched to a half", canary(50), "web-v2", [3, 3, 9]],
    ["full", canary(10, { capacity: CanaryCapacity.Full }), "web-v2", [6, 6, 9]],
    ["given", canary(10, { servers: 2 }), "web-v2", [2, 2, 9]],
    ["sticky", { ...canary(10), stickiness: { seconds: 60 } }, "web-v2", [6, 6, 9]],
    ["sticky, but matched", { ...canary(10, { capacity: CanaryCapacity.Matched }), stickiness: { seconds: 60 } }, "web-v2", [1, 1, 9]], // biome-ignore format: one line
    ["previous", canaryArgs({ stable: "v2", previous: "v1" }), "web-v1", [6, 6, 9]],
    ["autoscaled", { ...canary(50), fleet: { ...fleet, minSize: 2, maxSize: 20, scaling: { cpuPercent: 50 } } }, "web-v2", [1, 3, 20]], // biome-ignore format: one line
  ])("%s", async (_what, args, name, sizes) => {
    const maximum = (args.fleet as FleetArgs).maxSize ?? (await sizesOf(canaryArgs(), "web-v1"))[2];
    expect(await sizesOf(args, name)).toEqual([...sizes.slice(0, 2), maximum]);
  });
});

describe("from one program to the next", () => {
  /** The inputs of one version's resources, with sizes apart: they follow the role. */
  async function fleet(versions: Versions, name: string) {
    const { mocks } = await runCanary(canaryArgs(versions));
    const { minSize: _min, desiredCapacity: _desired, ...group } = mocks.find(GROUP, name).inputs;
    return [mocks.find(TARGET_GROUP, name).inputs, mocks.find(TEMPLATE, name).inputs, group];
  }

  test("a promotion is the same fleet: nothing of it but its size is another", async () => {
    const canary = await fleet({ stable: "v1", canary: ["v2", 50] }, "web-v2");
    expect(await fleet({ stable: "v2", previous: "v1" }, "web-v2")).toEqual(canary);
    expect(await fleet({ stable: "v2" }, "web-v2")).toEqual(canary);
    expect(await fleet({ stable: "v2", canary: ["v3", 10], previous: "v1" }, "web-v2")).toEqual(canary);
    expect(await fleet({ stable: "v3", others: [["v2", 20]] }, "web-v2")).toEqual(canary);
  });

  test("promoted or aborted, nothing of the version that is not named any more is left", async () => {
    const promoted = await runCanary(canaryArgs({ stable: "v2" }));
    expect(names(promoted.mocks.resources).join()).not.toContain("v1");
    const aborted = await runCanary(canaryArgs({ stable: "v1" }));
    expect(names(aborted.mocks.resources).join()).not.toContain("v2");
    expect(weights(aborted.mocks.resources)).toEqual({ v1: 100 });
  });

  test("another canary while one is out: the first stands as one of the others, or goes", async () => {
    const beside = await runCanary(canaryArgs({ stable: "v1", canary: ["v3", 10], others: [["v2", 50]] }));
    expect(weights(beside.mocks.resources)).toEqual({ v1: 40, v3: 10, v2: 50 });
    const instead = await runCanary(canaryArgs({ stable: "v1", canary: ["v3", 10] }));
    expect(weights(instead.mocks.resources)).toEqual({ v1: 90, v3: 10 });
  });
});

test("its status is what pipelines need", async () => {
  const { release } = await runCanary(canaryArgs({ stable: "v2", canary: ["v3", 12.5], previous: "v1" }));
  const arn = (version: string) =>
    `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web-${version}-1234567/0123456789abcdef`;
  expect(await settled(release.status)).toEqual({
    strategy: "CanaryRelease",
    stable: "v2",
    canary: "v3",
    others: [],
    previous: "v1",
    weights: { v2: 87.5, v3: 12.5, v1: 0 },
    url: "http://front.example.com",
    entranceArn: await listenerArn(release),
    targetGroupArns: { v1: arn("v1"), v2: arn("v2"), v3: arn("v3") },
    autoScalingGroupNames: { v1: "web-v1-1234567", v2: "web-v2-1234567", v3: "web-v3-1234567" },
  });
  expect(await settled(release.version)).toBe("v2");
  expect(await settled(release.url)).toBe("http://front.example.com");
});
