import { AwsFleetCloud } from "../../../src/gates/aws/awsFleetCloud.js";
import { type Clients, makeClients } from "../../../src/gates/aws/clients.js";

type Answers = Record<string, (input: any) => unknown>;

/** Clients whose `send` answers by the command's name; an Error is thrown. */
function cloudOf(answers: Answers) {
  const sent: [string, any][] = [];
  const send = async (command: { constructor: { name: string }; input: unknown }): Promise<unknown> => {
    const name = command.constructor.name.replace(/Command$/, "");
    sent.push([name, command.input]);
    const answer = answers[name]?.(command.input) ?? {};
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const client = { send };
  const clients = {
    autoScaling: client,
    loadBalancing: client,
    ec2: client,
    cloudWatch: async () => client,
  } as unknown as Clients;
  return { sent, cloud: new AwsFleetCloud('RollingFleet "web"', async () => clients) };
}

function awsError(name: string, message = "said AWS", more: object = {}): Error {
  return Object.assign(new Error(message), { name, $metadata: { requestId: "req-1", attempts: 3, ...more } });
}

test("a group as gates see it", async () => {
  const { cloud, sent } = cloudOf({
    DescribeAutoScalingGroups: () => ({
      AutoScalingGroups: [
        {
          AutoScalingGroupName: "web-1",
          AutoScalingGroupARN: "arn:1",
          DesiredCapacity: 2,
          MinSize: 1,
          MaxSize: 4,
          TargetGroupARNs: ["tg-1"],
          LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "3" },
          SuspendedProcesses: [{ ProcessName: "Launch" }],
          Tags: [{ Key: "hitless:version", Value: "v3" }],
          Instances: [
            {
              InstanceId: "i-1",
              LifecycleState: "InService",
              HealthStatus: "Healthy",
              LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "2" },
            },
            { InstanceId: "i-2", LifecycleState: "Pending", HealthStatus: "Unhealthy" },
          ],
        },
      ],
    }),
  });
  expect(await cloud.group("web-1")).toEqual({
    name: "web-1",
    arn: "arn:1",
    desiredCapacity: 2,
    minSize: 1,
    maxSize: 4,
    targetGroupArns: ["tg-1"],
    template: { id: "lt-1", version: "3" },
    suspendedProcesses: ["Launch"],
    tags: { "hitless:version": "v3" },
    members: [
      { instanceId: "i-1", lifecycle: "InService", healthy: true, template: { id: "lt-1", version: "2" } },
      { instanceId: "i-2", lifecycle: "Pending", healthy: false },
    ],
  });
  expect(sent).toEqual([["DescribeAutoScalingGroups", { AutoScalingGroupNames: ["web-1"] }]]);
});

test("a refresh is asked for with everything said aloud", async () => {
  const { cloud, sent } = cloudOf({ StartInstanceRefresh: () => ({ InstanceRefreshId: "r-1" }) });
  const order = {
    group: "web-1",
    template: { id: "lt-1", version: "2" },
    minHealthyPercentage: 100,
    maxHealthyPercentage: 134,
    warmupSeconds: 0,
    autoRollback: true,
  };
  expect(await cloud.startRefresh({ ...order, bakeSeconds: 0, alarmNames: [] })).toEqual({ id: "r-1" });
  await cloud.startRefresh({ ...order, bakeSeconds: 60, alarmNames: ["errors"] });
  const base = {
    MinHealthyPercentage: 100,
    MaxHealthyPercentage: 134,
    InstanceWarmup: 0,
    SkipMatching: true,
    AutoRollback: true,
    ScaleInProtectedInstances: "Wait",
    StandbyInstances: "Wait",
  };
  expect(sent[0]?.[1]).toEqual({
    AutoScalingGroupName: "web-1",
    Strategy: "Rolling",
    DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "2" } },
    Preferences: base,
  });
  expect(sent[1]?.[1].Preferences).toEqual({ ...base, BakeTime: 60, AlarmSpecification: { Alarms: ["errors"] } });
});

test("setting a group's version changes nothing else", async () => {
  const { cloud, sent } = cloudOf({});
  await cloud.setTemplate("web-1", { id: "lt-1", version: "3" });
  expect(sent).toEqual([
    [
      "UpdateAutoScalingGroup",
      { AutoScalingGroupName: "web-1", LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "3" } },
    ],
  ]);
});

test("errors that are answers", async () => {
  const { cloud } = cloudOf({
    StartInstanceRefresh: () => awsError("InstanceRefreshInProgressFault"),
    CancelInstanceRefresh: () => awsError("ActiveInstanceRefreshNotFound"),
    RollbackInstanceRefresh: () => awsError("IrreversibleInstanceRefreshFault"),
    DescribeLaunchTemplateVersions: () => awsError("InvalidLaunchTemplateId.VersionNotFound"),
  });
  expect(await cloud.startRefresh({ template: {}, alarmNames: [] } as never)).toBe("busy");
  expect(await cloud.cancelRefresh("web-1")).toBe("none active");
  expect(await cloud.rollBackRefresh("web-1")).toBe("irreversible");
  expect((await cloud.templateVersions("lt-1", ["9"])).size).toBe(0);
});

test("any other error names the operation, and what AWS said", async () => {
  const { cloud } = cloudOf({ DescribeTargetHealth: () => awsError("AccessDenied", "not yours") });
  await expect(cloud.targets("arn")).rejects.toMatchObject({
    faults: [
      {
        code: "HIT331",
        problem: "DescribeTargetHealth failed: AccessDenied: not yours (after 3 attempts, request req-1)",
      },
    ],
  });
});

test("only activities of this rollout count", async () => {
  const at = (time: number) => ({
    StartTime: new Date(time),
    Description: `at ${time}`,
    Cause: "c",
    StatusCode: "Failed",
  });
  const { cloud } = cloudOf({ DescribeScalingActivities: () => ({ Activities: [at(3000), at(2000), at(1000)] }) });
  const activities = await cloud.activities("web-1", new Date(2000));
  expect(activities.map((activity) => activity.description)).toEqual(["at 3000", "at 2000"]);
});

test("the console's last lines, or why there are none", async () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`).join("\n");
  const { cloud } = cloudOf({
    GetConsoleOutput: ({ InstanceId }) => {
      if (InstanceId === "i-1") return { Output: Buffer.from(`${lines}\n`).toString("base64") };
      return InstanceId === "i-2" ? {} : awsError("UnauthorizedOperation", "no");
    },
  });
  expect((await cloud.consoleTail("i-1"))?.split("\n")).toHaveLength(15);
  expect(await cloud.consoleTail("i-2")).toBeUndefined();
  expect(await cloud.consoleTail("i-3")).toBe("(not available: UnauthorizedOperation: no)");
});

test("clients go where the provider goes, in the region of what they guard", async () => {
  const settings = {
    region: "eu-west-1",
    endpoints: [{ elbv2: "http://127.0.0.1:9/" }],
    accessKey: "A",
    secretKey: "S",
    maxRetries: 30,
  };
  const { autoScaling, loadBalancing } = await makeClients(settings, "us-west-2");
  expect(await autoScaling.config.region()).toBe("us-west-2");
  expect(await autoScaling.config.maxAttempts()).toBe(31);
  expect(await autoScaling.config.credentials()).toMatchObject({ accessKeyId: "A" });
  expect(await loadBalancing.config.endpoint?.()).toMatchObject({ hostname: "127.0.0.1", port: 9 });
});

test("the listeners of a load balancer, page by page, and the tags of one", async () => {
  const { cloud, sent } = cloudOf({
    DescribeListeners: ({ Marker }) =>
      Marker ? { Listeners: [{ ListenerArn: "l-2" }] } : { Listeners: [{ ListenerArn: "l-1" }], NextMarker: "more" },
    DescribeTags: () => ({ TagDescriptions: [{ ResourceArn: "l-1", Tags: [{ Key: "hitless:stable", Value: "v1" }] }] }),
  });
  expect(await cloud.listenerArns("lb-1")).toEqual(["l-1", "l-2"]);
  expect(await cloud.entranceTags("l-1")).toEqual({ "hitless:stable": "v1" });
  expect(sent).toEqual([
    ["DescribeListeners", { LoadBalancerArn: "lb-1" }],
    ["DescribeListeners", { LoadBalancerArn: "lb-1", Marker: "more" }],
    ["DescribeTags", { ResourceArns: ["l-1"] }],
  ]);
});
