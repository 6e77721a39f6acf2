/** What a fleet on EC2 is made of: template, group, policy, hook, attachment. */
import { LB, LISTENER, Lifecycle, TEMPLATE, TG } from "../lifecycle.js";

const GROUP = "aws:autoscaling/group:Group";
const POLICY = "aws:autoscaling/policy:Policy";
const HOOK = "aws:autoscaling/lifecycleHook:LifecycleHook";
const ATTACHMENT = "aws:autoscaling/attachment:Attachment";
const base64 = (script: string): string => Buffer.from(script).toString("base64");

let life: Lifecycle;
beforeAll(async () => {
  life = await Lifecycle.start();
}, 30_000);
afterAll(() => life.close());

test("an entrance for the fleet", async () => {
  const sg = "aws:ec2/securityGroup:SecurityGroup";
  await life.make(sg, "servers", { vpcId: life.ids.vpc }, "sg");
  await life.make(LB, "lb", { subnets: [life.ids.subnetA, life.ids.subnetB], securityGroups: [life.ids.sg] });
  const group = { port: 80, protocol: "HTTP", vpcId: life.ids.vpc, deregistrationDelay: 5 };
  await life.make(TG, "tg", group);
  await life.make(TG, "tg2", group);
  const targetGroups = [
    { arn: life.ids.tg, weight: 1 },
    { arn: life.ids.tg2, weight: 0 },
  ];
  const defaultActions = [{ type: "forward", forward: { targetGroups } }];
  await life.make(LISTENER, "listener", { loadBalancerArn: life.ids.lb, port: 80, defaultActions });
});

test("launch template: a change makes a new version, and the preview says so", async () => {
  const given = {
    imageId: life.ids.image,
    instanceType: "t3.micro",
    userData: base64("#!/bin/bash\necho v1\n"),
    vpcSecurityGroupIds: [life.ids.sg],
    metadataOptions: { httpTokens: "required" },
    blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true", volumeSize: 8, volumeType: "gp3" } }],
    tagSpecifications: [{ resourceType: "instance", tags: { app: "web" } }],
    monitoring: { enabled: true },
    tags: { app: "web" },
  };
  const state = await life.make(TEMPLATE, "template", given);
  expect(state).toMatchObject({ latestVersion: 1, defaultVersion: 1 });
  await life.expectImportable(TEMPLATE, "template", life.ids.template as string, { ...given, name: state.name });
  const next = { ...given, userData: base64("#!/bin/bash\necho v2\n") };
  const { inputs } = await life.engine.check(TEMPLATE, "template", next, state);
  const preview = await life.engine.update(TEMPLATE, life.ids.template as string, state, inputs, { preview: true });
  expect(JSON.stringify(preview.latestVersion)).toBe('"04da6b54-80e4-46f7-96ec-b56ff0331ba9"');
  expect(preview).toMatchObject({ defaultVersion: 1, arn: state.arn });
  expect((await life.change(TEMPLATE, "template", next)).state).toMatchObject({ latestVersion: 2, defaultVersion: 1 });
  expect((await life.change(TEMPLATE, "template", { ...next, tags: {} })).state.latestVersion).toBe(2);
  const followed = await life.change(TEMPLATE, "template", {
    ...next,
    tags: {},
    instanceType: "t3.small",
    updateDefaultVersion: true,
  });
  expect(followed.state).toMatchObject({ latestVersion: 3, defaultVersion: 3 });
});

test("Auto Scaling group: waits for capacity, sends only what changes, deletes empty", async () => {
  const given = {
    minSize: 1,
    maxSize: 4,
    desiredCapacity: 2,
    vpcZoneIdentifiers: [life.ids.subnetB, life.ids.subnetA],
    launchTemplate: { id: life.ids.template, version: "2" },
    targetGroupArns: [life.ids.tg],
    healthCheckType: "ELB",
    waitForElbCapacity: 2,
    tags: [{ key: "hitless:version", value: "v1", propagateAtLaunch: true }],
    terminationPolicies: ["OldestLaunchTemplate", "OldestInstance"],
    instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 150 },
  };
  const state = await life.make(GROUP, "group", given);
  expect(state).toMatchObject({ desiredCapacity: 2, healthCheckGracePeriod: 300, waitForCapacityTimeout: "10m" });
  await life.expectImportable(GROUP, "group", life.ids.group as string, {
    ...given,
    name: state.name,
    waitForElbCapacity: undefined,
  });
  life.cloud.calls.length = 0;
  const next = {
    ...given,
    tags: [{ key: "hitless:version", value: "v2", propagateAtLaunch: true }],
    launchTemplate: { id: life.ids.template, version: "3" },
  };
  const { detailed } = await life.change(GROUP, "group", next);
  expect(detailed).toEqual({ "launchTemplate.version": "update", "tags[0].value": "update" });
  expect(life.cloud.calls.filter((name) => name === "UpdateAutoScalingGroup")).toHaveLength(1);
  expect(life.cloud.calls).not.toContain("StartInstanceRefresh");
  const smaller = {
    ...next,
    desiredCapacity: 1,
    waitForElbCapacity: 1,
    targetGroupArns: [life.ids.tg2],
    suspendedProcesses: ["AZRebalance"],
    terminationPolicies: [],
  };
  expect((await life.change(GROUP, "group", { ...smaller, waitForElbCapacity: undefined })).state).toMatchObject({
    desiredCapacity: 1,
    targetGroupArns: [life.ids.tg2],
    suspendedProcesses: ["AZRebalance"],
  });
}, 20_000);

test("an autoscaler's capacity is not reset where the program gives none, or ignores it", async () => {
  const olds = { ...life.states.group, desiredCapacity: 3 };
  const { inputs } = await life.engine.check(GROUP, "group", {
    minSize: 1,
    maxSize: 4,
    name: life.ids.group,
    launchTemplate: { id: life.ids.template, version: "3" },
  });
  expect((await life.engine.diff(GROUP, life.ids.group as string, olds, inputs)).detailed).not.toHaveProperty(
    "desiredCapacity",
  );
  const ignoring = await life.engine.diff(GROUP, life.ids.group as string, olds, { ...inputs, desiredCapacity: 1 }, [
    "desiredCapacity",
  ]);
  expect(ignoring.detailed).not.toHaveProperty("desiredCapacity");
  expect(
    (await life.engine.diff(GROUP, life.ids.group as string, olds, { ...inputs, desiredCapacity: 1 })).detailed,
  ).toHaveProperty("desiredCapacity", "update");
});

test("the instanceRefresh block starts a refresh after the group has changed, and does not wait", async () => {
  const current = life.of("group").state;
  const { inputs } = await life.engine.check(
    GROUP,
    "group",
    {
      name: life.ids.group,
      minSize: 1,
      maxSize: 4,
      launchTemplate: { id: life.ids.template, version: "2" },
      instanceRefresh: { strategy: "Rolling", preferences: { minHealthyPercentage: 50 } },
    },
    {},
  );
  life.cloud.calls.length = 0;
  life.states.group = await life.engine.update(GROUP, life.ids.group as string, current, inputs);
  const order = life.cloud.calls.filter((name) => /^(Update|Start)/.test(name));
  expect(order).toEqual(["UpdateAutoScalingGroup", "StartInstanceRefresh"]);
});

test("policy, hook and attachment of a group", async () => {
  const tracking = {
    autoscalingGroupName: life.ids.group,
    policyType: "TargetTrackingScaling",
    targetTrackingConfiguration: {
      targetValue: 50,
      predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
    },
  };
  const policy = await life.make(POLICY, "policy", tracking);
  await life.expectImportable(POLICY, "policy", `${life.ids.group}/${life.ids.policy}`, {
    ...tracking,
    name: policy.name,
  });
  const changed = await life.change(POLICY, "policy", {
    ...tracking,
    targetTrackingConfiguration: { ...tracking.targetTrackingConfiguration, targetValue: 60 },
  });
  expect(changed.detailed).toEqual({ "targetTrackingConfiguration.targetValue": "update" });
  const hook = {
    autoscalingGroupName: life.ids.group,
    lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
    heartbeatTimeout: 30,
    defaultResult: "CONTINUE",
  };
  const made = await life.make(HOOK, "hook", hook);
  await life.expectImportable(HOOK, "hook", `${life.ids.group}/${life.ids.hook}`, { ...hook, name: made.name });
  await life.change(HOOK, "hook", { ...hook, heartbeatTimeout: 60 });
  await life.remove(HOOK, "hook");
  await life.remove(POLICY, "policy");
  await life.make(ATTACHMENT, "attachment", { autoscalingGroupName: life.ids.group, lbTargetGroupArn: life.ids.tg });
  await life.remove(ATTACHMENT, "attachment");
});

test("deletions: the group drains first, then it goes", async () => {
  life.cloud.calls.length = 0;
  await life.remove(GROUP, "group");
  const order = life.cloud.calls.filter((name) => /^(Update|Delete)/.test(name));
  expect(order.slice(0, 2)).toEqual(["UpdateAutoScalingGroup", "DeleteAutoScalingGroup"]);
  await life.remove(TEMPLATE, "template");
}, 20_000);
