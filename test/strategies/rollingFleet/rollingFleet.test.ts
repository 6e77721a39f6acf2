import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { RollingFleet, type RollingFleetArgs } from "../../../src/index.js";
import { settled } from "../../../src/inputs/plain.js";
import { LISTENER } from "../shared/surroundings.js";
import { goodArgs, run } from "./programs.js";

const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
const LISTENER_TYPE = "aws:lb/listener:Listener";
const RULE = "aws:lb/listenerRule:ListenerRule";
const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const GROUP = "aws:autoscaling/group:Group";
const POLICY = "aws:autoscaling/policy:Policy";

const autoscaled = (): RollingFleetArgs => {
  const args = goodArgs();
  return { ...args, fleet: { ...args.fleet, minSize: 3, maxSize: 30, scaling: { requestsPerServer: 1000 } } };
};
const behindListener = (): RollingFleetArgs => ({
  ...goodArgs(),
  entrance: {
    listenerArn: LISTENER,
    priority: 10,
    hosts: ["shop.example.com"],
    paths: ["/api/*"],
    headers: [{ name: "X-Tenant", values: ["a", "b"] }],
  },
});

describe("what it is made of", () => {
  test.each([
    ["a listener of its own", goodArgs, [TARGET_GROUP, LISTENER_TYPE, SECURITY_GROUP, TEMPLATE, GROUP]],
    ["a rule on a listener", behindListener, [TARGET_GROUP, RULE, SECURITY_GROUP, TEMPLATE, GROUP]],
    ["an autoscaler", autoscaled, [TARGET_GROUP, LISTENER_TYPE, SECURITY_GROUP, TEMPLATE, GROUP, POLICY]],
  ] as const)("with %s: the same in preview and update", async (_name, args, types) => {
    const names = async (preview: boolean) =>
      (await run(args(), { preview })).mocks.resources.map(({ type, name }) => `${type} ${name}`).sort();
    const expected = ["hitless:index:RollingFleet", ...types].map((type) => `${type} web`).sort();
    expect(await names(true)).toEqual(expected);
    expect(await names(false)).toEqual(expected);
  });

  test("the security groups that were given are used, and none is made", async () => {
    const args = goodArgs();
    const { loadBalancerSecurityGroupIds: _, ...fleet } = args.fleet;
    const { mocks } = await run({ ...args, fleet: { ...fleet, securityGroupIds: ["sg-own"] } });
    expect(mocks.find(TEMPLATE).inputs.vpcSecurityGroupIds).toEqual(["sg-own"]);
    expect(mocks.resources.map((resource) => resource.type)).not.toContain(SECURITY_GROUP);
  });

  test("every child belongs to the component", async () => {
    const { fleet } = await run();
    for (const node of Object.values(fleet.nodes) as pulumi.Resource[]) {
      expect(await settled(node.urn)).toContain("hitless:index:RollingFleet$aws:");
    }
  });
});

describe("what it asks of AWS", () => {
  test("the target group drains and checks as told", async () => {
    const { mocks } = await run();
    expect(mocks.find(TARGET_GROUP).inputs).toEqual({
      vpcId: "vpc-1",
      port: 80,
      protocol: "HTTP",
      tags: { "hitless:component": "project/stack/web" },
      targetType: "instance",
      deregistrationDelay: 30,
      healthCheck: {
        path: "/health",
        matcher: "200",
        protocol: "HTTP",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      },
    });
  });

  test("the listener sends its weight", async () => {
    const { mocks, fleet } = await run();
    const arn = await settled(fleet.targetGroupArn);
    expect(mocks.find(LISTENER_TYPE).inputs).toMatchObject({
      port: 80,
      protocol: "HTTP",
      defaultActions: [{ type: "forward", forward: { targetGroups: [{ arn, weight: 100 }] } }],
    });
  });

  test("a certificate makes it HTTPS on 443", async () => {
    const args = goodArgs();
    const { mocks, fleet } = await run({ ...args, entrance: { ...args.entrance, certificateArn: "arn:aws:acm:x" } });
    expect(mocks.find(LISTENER_TYPE).inputs).toMatchObject({
      port: 443,
      protocol: "HTTPS",
      certificateArn: "arn:aws:acm:x",
    });
    expect(await settled(fleet.url)).toBe("https://front.example.com");
  });

  test("the rule has its conditions and its weight", async () => {
    const { mocks, fleet } = await run(behindListener());
    expect(mocks.find(RULE).inputs).toMatchObject({
      listenerArn: LISTENER,
      priority: 10,
      conditions: [
        { hostHeader: { values: ["shop.example.com"] } },
        { pathPattern: { values: ["/api/*"] } },
        { httpHeader: { httpHeaderName: "X-Tenant", values: ["a", "b"] } },
      ],
      actions: [{ type: "forward", forward: { targetGroups: [{ weight: 100 }] } }],
    });
    expect(await settled(fleet.url)).toBeUndefined();
  });

  test("the template has user data in base64, IMDSv2 only, and the release in its servers' tags", async () => {
    const args = goodArgs();
    const { mocks } = await run({ ...args, release: { ...args.release, data: { writes: 7, reads: [6, 7] } } });
    const { inputs } = mocks.find(TEMPLATE);
    expect(Buffer.from(inputs.userData, "base64").toString()).toBe("#!/bin/bash\necho hello\n");
    expect(inputs.metadataOptions).toEqual({ httpEndpoint: "enabled", httpTokens: "required" });
    expect(inputs.tagSpecifications).toEqual([
      {
        resourceType: "instance",
        tags: { "hitless:version": "v1", "hitless:data-writes": "7", "hitless:data-reads": "6 7" },
      },
    ]);
    expect(inputs.vpcSecurityGroupIds).toEqual(["web-id"]);
  });

  test("the group follows a numbered version, waits for the load balancer, and checks with it", async () => {
    const { mocks, fleet } = await run();
    expect(mocks.find(GROUP).inputs).toEqual({
      minSize: 6,
      desiredCapacity: 6,
      maxSize: 9, // 34 % of 6 servers may be rounded up to 3
      minElbCapacity: 6,
      waitForCapacityTimeout: "175s",
      vpcZoneIdentifiers: ["subnet-1", "subnet-2"],
      launchTemplate: { id: "web-id", version: "1" },
      targetGroupArns: [await settled(fleet.targetGroupArn)],
      healthCheckType: "ELB",
      healthCheckGracePeriod: 60,
      defaultInstanceWarmup: 0,
      terminationPolicies: ["OldestLaunchTemplate", "OldestInstance"],
      tags: [
        { key: "Name", value: "web", propagateAtLaunch: true },
        { key: "hitless:version", value: "v1", propagateAtLaunch: false },
        { key: "hitless:component", value: "project/stack/web", propagateAtLaunch: false },
      ],
    });
  });

  test("the security group lets in the load balancer and nobody else", async () => {
    const { mocks } = await run();
    expect(mocks.find(SECURITY_GROUP).inputs.ingress).toEqual([
      { protocol: "tcp", fromPort: 80, toPort: 80, securityGroups: ["sg-1"] },
    ]);
  });

  test("requests per server name the load balancer and the target group", async () => {
    const { mocks } = await run(autoscaled());
    expect(mocks.find(POLICY).inputs).toMatchObject({
      policyType: "TargetTrackingScaling",
      autoscalingGroupName: "web-1234567",
      targetTrackingConfiguration: {
        targetValue: 1000,
        predefinedMetricSpecification: {
          predefinedMetricType: "ALBRequestCountPerTarget",
          resourceLabel: "app/front/0123456789abcdef/targetgroup/web-1234567/0123456789abcdef",
        },
      },
    });
    expect(mocks.find(GROUP).inputs).toMatchObject({ minSize: 3, desiredCapacity: 6, maxSize: 30 });
  });

  test("escape hatches add to the template and the group", async () => {
    const args = goodArgs();
    const launchTemplate = {
      keyName: "admin",
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 2 },
    };
    const group = { maxInstanceLifetime: 604_800, minElbCapacity: 4 };
    const { mocks } = await run({ ...args, fleet: { ...args.fleet, launchTemplate, group, tags: { team: "shop" } } });
    expect(mocks.find(TEMPLATE).inputs).toMatchObject(launchTemplate);
    expect(mocks.find(GROUP).inputs).toMatchObject(group);
    expect(mocks.find(GROUP).inputs.tags).toContainEqual({ key: "team", value: "shop", propagateAtLaunch: true });
  });
});

test("its status is what pipelines need", async () => {
  const { fleet } = await run();
  expect(await settled(fleet.status)).toEqual({
    strategy: "RollingFleet",
    version: "v1",
    url: "http://front.example.com",
    targetGroupArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web-1234567/0123456789abcdef",
    autoScalingGroupName: "web-1234567",
    launchTemplateId: "web-id",
    launchTemplateVersion: "1",
  });
  expect(await settled(fleet.version)).toBe("v1");
});

test("values of other resources are taken as they become known", async () => {
  const args = goodArgs();
  const { mocks, fleet } = await run({
    ...args,
    drainSeconds: pulumi.output(45),
    healthCheck: { path: pulumi.output("/up"), intervalSeconds: pulumi.output(20) },
    release: { ...args.release, userData: pulumi.secret("#!/bin/sh\n") },
  });
  await settled(fleet.status);
  expect(mocks.find(TARGET_GROUP).inputs).toMatchObject({
    deregistrationDelay: 45,
    healthCheck: { path: "/up", interval: 20, timeout: 5 },
  });
  expect(mocks.find(GROUP).inputs.waitForCapacityTimeout).toBe("210s");
});

test("a provider that is given reaches every child", async () => {
  const seen: (string | undefined)[] = [];
  const { mocks } = await run(goodArgs(), {
    opts: () => ({ providers: [new aws.Provider("elsewhere", { region: "eu-west-1" })] }),
    resource: ({ type, provider }) => {
      if (type.startsWith("aws:")) seen.push(provider);
      return undefined;
    },
  });
  expect(mocks.find("pulumi:providers:aws").inputs.region).toBe("eu-west-1");
  expect(seen).toHaveLength(5);
  for (const provider of seen) expect(provider).toContain("pulumi:providers:aws::elsewhere");
});

test("two fleets stand side by side, also with one name under two parents", async () => {
  const { mocks } = await run();
  class Site extends pulumi.ComponentResource {
    readonly fleet: RollingFleet;
    constructor(name: string) {
      super("test:index:Site", name, {});
      this.fleet = new RollingFleet("web", goodArgs(), { parent: this });
    }
  }
  const other = new RollingFleet("api", goodArgs());
  const site = new Site("site");
  await mocks.complete();
  expect(await settled(other.version)).toBe(await settled(site.fleet.version));
  expect(mocks.resources.filter((resource) => resource.type === GROUP)).toHaveLength(3);
});
