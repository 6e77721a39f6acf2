/** What the provider refuses, and how it says so. */

import { UNKNOWN, type Values } from "../../../src/rehearsal/provider/protocol/values.js";
import { SERVED_RESOURCES } from "../../../src/rehearsal/provider/registry.js";
import { startProviderServer } from "../../../src/rehearsal/provider/server.js";
import { type CloudDouble, SPEED, startCloudDouble } from "./cloudDouble.js";
import { EngineDouble, InitFailed } from "./engineDouble.js";

let cloud: CloudDouble;
let provider: Awaited<ReturnType<typeof startProviderServer>>;
let engine: EngineDouble;

beforeAll(async () => {
  cloud = await startCloudDouble();
  provider = await startProviderServer({ environment: cloud.environment, speed: SPEED });
  engine = new EngineDouble(provider.port);
  await engine.configure();
}, 30_000);

afterAll(async () => {
  engine.close();
  await provider.close();
  await cloud.close();
});

const MINIMAL: Record<string, Values> = {
  "aws:lb/loadBalancer:LoadBalancer": {},
  "aws:lb/listener:Listener": {
    loadBalancerArn: "arn:lb",
    defaultActions: [{ type: "forward", targetGroupArn: "arn:tg" }],
  },
  "aws:lb/listenerRule:ListenerRule": {
    listenerArn: "arn:l",
    actions: [{ type: "forward", targetGroupArn: "arn:tg" }],
    conditions: [{ pathPattern: { values: ["/"] } }],
  },
  "aws:lb/targetGroup:TargetGroup": { port: 80, protocol: "HTTP", vpcId: "vpc-1" },
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": { targetGroupArn: "arn:tg", targetId: "i-1" },
  "aws:ec2/launchTemplate:LaunchTemplate": {},
  "aws:autoscaling/group:Group": { minSize: 1, maxSize: 1, launchTemplate: { id: "lt-1" } },
  "aws:autoscaling/policy:Policy": { autoscalingGroupName: "g", scalingAdjustment: 1 },
  "aws:autoscaling/attachment:Attachment": { autoscalingGroupName: "g", lbTargetGroupArn: "arn:tg" },
  "aws:autoscaling/lifecycleHook:LifecycleHook": {
    autoscalingGroupName: "g",
    lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
  },
  "aws:ec2/securityGroup:SecurityGroup": {},
  "aws:ec2/securityGroupRule:SecurityGroupRule": {
    type: "ingress",
    securityGroupId: "sg-1",
    protocol: "tcp",
    fromPort: 1,
    toPort: 2,
    self: true,
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    securityGroupId: "sg-1",
    ipProtocol: "tcp",
    cidrIpv4: "0.0.0.0/0",
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    securityGroupId: "sg-1",
    ipProtocol: "-1",
    cidrIpv4: "0.0.0.0/0",
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": { comparisonOperator: "GreaterThanThreshold", evaluationPeriods: 1 },
};

describe.each(SERVED_RESOURCES)("%s", (type) => {
  const minimal = MINIMAL[type] as Values;

  test("takes its required inputs, and names each that is missing", async () => {
    expect((await engine.check(type, "web", minimal)).failures).toEqual([]);
    for (const name of Object.keys(minimal)) {
      const { [name]: _left, ...rest } = minimal;
      const { failures } = await engine.check(type, "web", rest);
      expect(failures.length).toBeGreaterThan(0);
    }
  });

  test("refuses an input that it does not implement by name, and outputs", async () => {
    const { failures } = await engine.check(type, "web", { ...minimal, spotOptions: { max: 1 }, surprise: UNKNOWN });
    expect(failures.map(({ property }) => property)).toEqual(["spotOptions", "surprise"]);
    expect(failures[0]?.reason).toContain(`does not implement \`spotOptions\` of ${type} yet`);
  });

  test("takes inputs that a preview does not know yet, and previews all outputs", async () => {
    const unknown = Object.fromEntries(Object.keys(minimal).map((name) => [name, UNKNOWN]));
    const { inputs, failures } = await engine.check(type, "web", unknown);
    expect(failures).toEqual([]);
    const { id, state } = await engine.create(type, "web", inputs, true);
    expect(id).toBe("");
    for (const name of Object.keys(minimal)) expect(state[name]).toBe(UNKNOWN);
    expect(state.region).toBe("us-east-1");
  });

  test("refuses nonsense of the wrong type", async () => {
    for (const name of Object.keys(minimal)) {
      const { failures } = await engine.check(type, "web", { ...minimal, [name]: { odd: [1] } });
      expect(failures.map(({ property }) => property).join()).toContain(name);
    }
  });
});

test("nested inputs are checked as well, with their path", async () => {
  const { failures } = await engine.check("aws:lb/listener:Listener", "web", {
    loadBalancerArn: "arn",
    defaultActions: [
      { type: "forward", forward: { targetGroups: [{ arn: "a", weight: 1000 }, { weigth: 1 }] } },
      { type: "authenticate-oidc" },
    ],
  });
  expect(failures.map(({ property }) => property)).toEqual([
    "defaultActions[0].forward.targetGroups[0].weight",
    "defaultActions[0].forward.targetGroups[1].weigth",
    "defaultActions[0].forward.targetGroups[1].arn",
    "defaultActions[1].type",
  ]);
});

test.each([
  ["aws:lb/targetGroup:TargetGroup", { port: 80, protocol: "HTTP", vpcId: "v", namePrefix: "toolong" }, "namePrefix"],
  ["aws:lb/targetGroup:TargetGroup", { port: 80, protocol: "HTTP", vpcId: "v", name: "a", namePrefix: "b" }, "name"],
  [
    "aws:lb/targetGroup:TargetGroup",
    { port: 80, protocol: "HTTP", vpcId: "v", healthCheck: { interval: 5, timeout: 5 } },
    "healthCheck.timeout",
  ],
  ["aws:autoscaling/group:Group", { minSize: 3, maxSize: 2, launchTemplate: { id: "l" } }, "minSize"],
  [
    "aws:autoscaling/group:Group",
    { minSize: 1, maxSize: 2, desiredCapacity: 3, launchTemplate: { id: "l" } },
    "desiredCapacity",
  ],
  ["aws:autoscaling/group:Group", { minSize: 1, maxSize: 2, launchTemplate: { version: "1" } }, "launchTemplate"],
  [
    "aws:autoscaling/group:Group",
    { minSize: 1, maxSize: 2, launchTemplate: { id: "l" }, waitForCapacityTimeout: "ten" },
    "waitForCapacityTimeout",
  ],
  [
    "aws:autoscaling/policy:Policy",
    { autoscalingGroupName: "g", policyType: "TargetTrackingScaling" },
    "targetTrackingConfiguration",
  ],
  ["aws:ec2/launchTemplate:LaunchTemplate", { userData: "#!/bin/bash" }, "userData"],
  ["aws:ec2/launchTemplate:LaunchTemplate", { userData: Buffer.alloc(16_385).toString("base64") }, "userData"],
  [
    "aws:lb/listenerRule:ListenerRule",
    { listenerArn: "a", actions: [{ type: "redirect" }], conditions: [{}] },
    "actions[0]",
  ],
])("%s refuses %j", async (type, given, property) => {
  const { failures } = await engine.check(type, "web", given);
  expect(failures[0]?.property).toBe(property);
});

test("a name that would grow too long is refused, not cut", async () => {
  const { failures } = await engine.check(
    "aws:lb/targetGroup:TargetGroup",
    "a".repeat(25),
    MINIMAL["aws:lb/targetGroup:TargetGroup"] as Values,
  );
  expect(failures[0]).toMatchObject({ property: "name", reason: expect.stringContaining("32 is the limit") });
});

test("a type or a function that is not served is an error that lists those that are", async () => {
  await expect(engine.check("aws:s3/bucket:Bucket", "b", {})).rejects.toThrow(
    /does not serve the resource type aws:s3\/bucket:Bucket. It serves: aws:lb/,
  );
  await expect(engine.invoke("aws:s3/getBucket:getBucket", {})).rejects.toThrow(
    /does not serve the function.*aws:ec2\/getVpc/,
  );
  const { failures } = await engine.invoke("aws:ec2/getVpc:getVpc", { tenancy: "default" });
  expect(failures[0]?.reason).toContain("does not implement `tenancy` of aws:ec2/getVpc:getVpc");
});

test("aws.alb types are aws.lb types", async () => {
  const { inputs } = await engine.check("aws:alb/loadBalancer:LoadBalancer", "web", {});
  expect(inputs.name).toMatch(/^web-[0-9a-f]{7}$/);
});

test("AWS's refusals are passed on with code, message and request", async () => {
  const type = "aws:lb/listener:Listener";
  const { inputs } = await engine.check(type, "web", {
    loadBalancerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/none/1",
    port: 80,
    defaultActions: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "200" } }],
  });
  await expect(engine.create(type, "web", inputs)).rejects.toThrow(
    /creating aws:lb\/listener:Listener "web": LoadBalancerNotFound: .+ \(request .+\)/,
  );
});

describe("a creation that fails half-way", () => {
  const type = "aws:autoscaling/group:Group";
  const template = "aws:ec2/launchTemplate:LaunchTemplate";
  let launchTemplate: { id: string; state: Values };
  let given: Values;

  beforeAll(async () => {
    const filters = [{ name: "architecture", values: ["arm64"] }];
    const image = await engine.invoke("aws:ec2/getAmi:getAmi", { owners: ["amazon"], mostRecent: true, filters });
    // The instance type is of another architecture: AWS launches nothing.
    const { inputs } = await engine.check(template, "broken", { imageId: image.result.id, instanceType: "t3.micro" });
    launchTemplate = await engine.create(template, "broken", inputs);
    const subnets = await engine.invoke("aws:ec2/getSubnets:getSubnets", {});
    given = {
      minSize: 1,
      maxSize: 1,
      vpcZoneIdentifiers: subnets.result.ids,
      launchTemplate: { id: launchTemplate.id, version: "1" },
    };
  });

  test("keeps what exists in the state, with AWS's reason; the next update waits again", async () => {
    const { inputs } = await engine.check(type, "broken", given);
    const failure = await engine.create(type, "broken", inputs).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InitFailed);
    const { message, id, state } = failure as InitFailed;
    expect(message).toMatch(/failed scaling activities/);
    expect(state).toMatchObject({ name: id, minSize: 1, launchTemplate: { id: launchTemplate.id } });
    await expect(engine.update(type, id, state, inputs)).rejects.toThrow(/failed scaling activities/);
    await engine.delete(type, id, state);
  }, 20_000);

  test("ends when the engine cancels", async () => {
    const { inputs } = await engine.check(type, "slow", { ...given, ignoreFailedScalingActivities: true });
    const creation = engine.create(type, "slow", inputs).catch((error: unknown) => error);
    cloud.calls.length = 0;
    while (!cloud.calls.includes("DescribeAutoScalingGroups")) await engine.invoke("aws:index/getRegion:getRegion", {});
    await engine.cancel();
    const failure = (await creation) as InitFailed;
    expect(failure.message).toContain("cancelled");
    await engine.delete(type, failure.id, failure.state);
  }, 20_000);
});
