import { AwsFleetCloud } from "../../../src/gates/aws/awsFleetCloud.js";
import type { Clients } from "../../../src/gates/aws/clients.js";

type Answers = Record<string, (input: any) => unknown>;

const LISTENER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/web/1/2";
const RULE = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/web/1/2/3";

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
  const clients = { autoScaling: client, loadBalancing: client, ec2: client, cloudWatch: async () => client };
  return { sent, cloud: new AwsFleetCloud("x", async () => clients as unknown as Clients) };
}

function awsError(name: string): Error {
  return Object.assign(new Error("said AWS"), { name, $metadata: {} });
}

const forward = {
  Type: "forward",
  ForwardConfig: {
    TargetGroups: [
      { TargetGroupArn: "a", Weight: 90 },
      { TargetGroupArn: "b", Weight: 0 },
    ],
    TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
  },
};

describe("forward actions", () => {
  test("of a listener, of a rule, and of one that names only its target group", async () => {
    const { cloud, sent } = cloudOf({
      DescribeListeners: () => ({ Listeners: [{ DefaultActions: [forward] }] }),
      DescribeRules: () => ({ Rules: [{ Actions: [{ Type: "forward", TargetGroupArn: "a" }] }] }),
    });
    expect(await cloud.forwardAction(LISTENER)).toEqual({
      targets: [
        { targetGroupArn: "a", weight: 90 },
        { targetGroupArn: "b", weight: 0 },
      ],
      stickinessSeconds: 60,
    });
    expect(await cloud.forwardAction(RULE)).toEqual({ targets: [{ targetGroupArn: "a", weight: 1 }] });
    expect(sent).toEqual([
      ["DescribeListeners", { ListenerArns: [LISTENER] }],
      ["DescribeRules", { RuleArns: [RULE] }],
    ]);
  });

  test("nothing where there is none", async () => {
    const { cloud } = cloudOf({
      DescribeListeners: () => ({ Listeners: [{ DefaultActions: [{ Type: "fixed-response" }] }] }),
      DescribeRules: () => awsError("RuleNotFoundException"),
    });
    expect(await cloud.forwardAction(LISTENER)).toBeUndefined();
    expect(await cloud.forwardAction(RULE)).toBeUndefined();
  });

  test("are set as a whole, stickiness said aloud", async () => {
    const { cloud, sent } = cloudOf({
      DescribeListeners: () => ({ Listeners: [{ DefaultActions: [forward] }] }),
      DescribeRules: () => ({ Rules: [{ Actions: [forward] }] }),
    });
    const targets = [{ targetGroupArn: "a", weight: 100 }];
    await cloud.forwardAction(LISTENER);
    await cloud.setForwardAction(LISTENER, { targets, stickinessSeconds: 5 });
    await cloud.setForwardAction(RULE, { targets });
    const set = (stickiness: object) => ({
      Type: "forward",
      ForwardConfig: {
        TargetGroups: [{ TargetGroupArn: "a", Weight: 100 }],
        TargetGroupStickinessConfig: stickiness,
      },
    });
    expect(sent[1]).toEqual([
      "ModifyListener",
      { ListenerArn: LISTENER, DefaultActions: [set({ Enabled: true, DurationSeconds: 5 })] },
    ]);
    expect(sent.at(-1)).toEqual(["ModifyRule", { RuleArn: RULE, Actions: [set({ Enabled: false })] }]);
  });

  test("keep what stands before them", async () => {
    const signIn = { Type: "authenticate-oidc", Order: 1, AuthenticateOidcConfig: { ClientId: "c" } };
    const { cloud, sent } = cloudOf({
      DescribeListeners: () => ({ Listeners: [{ DefaultActions: [signIn, { ...forward, Order: 2 }] }] }),
    });
    await cloud.setForwardAction(LISTENER, { targets: [{ targetGroupArn: "a", weight: 1 }] });
    expect(sent[1]?.[1].DefaultActions).toMatchObject([
      { ...signIn, AuthenticateOidcConfig: { ClientId: "c", UseExistingClientSecret: true } },
      { Type: "forward", Order: 2 },
    ]);
  });
});

test("rules, page by page, with their headers", async () => {
  const rule = (arn: string, ...values: string[]) => ({
    RuleArn: arn,
    Priority: "1",
    Actions: [forward],
    Conditions: [{ Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-Preview", Values: values } }],
  });
  const { cloud } = cloudOf({
    DescribeRules: ({ Marker }) =>
      Marker ? { Rules: [{ RuleArn: "d", Priority: "default" }] } : { Rules: [rule("r", "blue")], NextMarker: "m" },
  });
  expect(await cloud.rules(LISTENER)).toEqual([
    { arn: "r", priority: "1", targetGroupArns: ["a", "b"], headers: { "x-preview": ["blue"] } },
    { arn: "d", priority: "default", targetGroupArns: [], headers: {} },
  ]);
});

test("a listener, and where it is reached", async () => {
  const { cloud } = cloudOf({
    DescribeListeners: ({ ListenerArns }) =>
      ListenerArns[0] === LISTENER
        ? { Listeners: [{ Protocol: "HTTP", Port: 80, LoadBalancerArn: "lb" }] }
        : awsError("ListenerNotFoundException"),
    DescribeLoadBalancers: () => ({ LoadBalancers: [{ DNSName: "web.elb.amazonaws.com" }] }),
  });
  expect(await cloud.listener(LISTENER)).toEqual({
    arn: LISTENER,
    protocol: "HTTP",
    port: 80,
    dnsName: "web.elb.amazonaws.com",
  });
  expect(await cloud.listener("other")).toBeUndefined();
});

test("groups by tag, page by page; and their size", async () => {
  const { cloud, sent } = cloudOf({
    DescribeAutoScalingGroups: ({ NextToken }) =>
      NextToken
        ? { AutoScalingGroups: [{ AutoScalingGroupName: "two" }] }
        : { AutoScalingGroups: [{ AutoScalingGroupName: "one" }], NextToken: "n" },
  });
  expect((await cloud.fleetsOf("v")).map((group) => group.name)).toEqual(["one", "two"]);
  await cloud.setDesiredCapacity("one", 8);
  const Filters = [{ Name: "tag:hitless:component", Values: ["v"] }];
  expect(sent).toEqual([
    ["DescribeAutoScalingGroups", { Filters }],
    ["DescribeAutoScalingGroups", { Filters, NextToken: "n" }],
    ["SetDesiredCapacity", { AutoScalingGroupName: "one", DesiredCapacity: 8, HonorCooldown: false }],
  ]);
});

test("alarms of both kinds; no name asks for none", async () => {
  const { cloud, sent } = cloudOf({
    DescribeAlarms: () => ({
      MetricAlarms: [{ AlarmName: "m", StateValue: "ALARM", StateReason: "r" }],
      CompositeAlarms: [{ AlarmName: "c", StateValue: "OK" }],
    }),
  });
  expect(await cloud.alarms([])).toEqual([]);
  expect(await cloud.alarms(["m", "c", "x"])).toEqual([
    { name: "m", state: "ALARM", reason: "r" },
    { name: "c", state: "OK" },
  ]);
  expect(sent).toHaveLength(1);
  expect(sent[0]?.[1]).toMatchObject({ AlarmNames: ["m", "c", "x"], AlarmTypes: ["MetricAlarm", "CompositeAlarm"] });
});

describe("what an interrupted update left behind", () => {
  const own = { Key: "hitless:component", Value: "shop/prod/web" };

  test("target groups of the component that no load balancer leads to, over all pages", async () => {
    const { cloud, sent } = cloudOf({
      DescribeTargetGroups: ({ Marker }) =>
        Marker
          ? { TargetGroups: [{ TargetGroupArn: "tg-own", LoadBalancerArns: [] }] }
          : {
              TargetGroups: [
                { TargetGroupArn: "tg-used", LoadBalancerArns: ["lb"] },
                { TargetGroupArn: "tg-other", LoadBalancerArns: [] },
              ],
              NextMarker: "more",
            },
      DescribeTags: ({ ResourceArns }) => ({
        TagDescriptions: ResourceArns.map((ResourceArn: string) => ({
          ResourceArn,
          Tags: [ResourceArn === "tg-other" ? { ...own, Value: "shop/dev/web" } : own],
        })),
      }),
    });
    const remove = "aws elbv2 delete-target-group --target-group-arn tg-own";
    expect(await cloud.unusedTargets("shop/prod/web")).toEqual([{ id: "tg-own", what: "target group", remove }]);
    expect(sent.at(-1)).toEqual(["DescribeTags", { ResourceArns: ["tg-other", "tg-own"] }]);
  });

  test("launch templates of the component that none of its groups starts with", async () => {
    const { cloud, sent } = cloudOf({
      DescribeAutoScalingGroups: () => ({
        AutoScalingGroups: [{ AutoScalingGroupName: "g", LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "1" } }],
      }),
      DescribeLaunchTemplates: () => ({
        LaunchTemplates: [{ LaunchTemplateId: "lt-1" }, { LaunchTemplateId: "lt-2" }],
      }),
    });
    const remove = "aws ec2 delete-launch-template --launch-template-id lt-2";
    expect(await cloud.unusedParts("shop/prod/web")).toEqual([{ id: "lt-2", what: "launch template", remove }]);
    expect(sent.at(-1)).toEqual([
      "DescribeLaunchTemplates",
      { Filters: [{ Name: "tag:hitless:component", Values: ["shop/prod/web"] }] },
    ]);
  });
});
