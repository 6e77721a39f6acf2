import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribePoliciesCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { pair, sharesIn } from "./support/entrance.js";
import { LiveProgram } from "./support/liveProgram.js";
import { load } from "./support/rehearse.js";

const MINUTES = 60_000;
let program: LiveProgram;
afterEach(() => program?.close());

test(
  "a release to the idle side leaves every live resource, server and weight as it was",
  async () => {
    const config = { live: "blue", blue: "v1", green: "v0" };
    program = await LiveProgram.start({ program: pair, speed: 10, load, config });
    await program.mustUp("create");
    await program.nextAnswers(200);
    const before = await everythingLive();
    expect(before.instances).toHaveLength(2);
    const from = Date.now();
    program.set({ green: "v2" });
    const { done } = await program.mustUp("release v2 to green");
    expect(done.filter((operation) => !operation.startsWith("same"))).toEqual([
      expect.stringMatching(/^update .*LaunchTemplate shop-green/),
      expect.stringMatching(/^update .*Group shop-green/),
    ]);
    expect(await everythingLive()).toEqual(before);
    expect(sharesIn(await program.samples.next())).toEqual({ v1: 100 });
    const { versions, lost } = await program.answers(from);
    expect({ versions: Object.keys(versions), lost }).toEqual({ versions: ["v1"], lost: 0 });
    const { groups } = await program.samples.next();
    const green = groups.find(({ name }) => name.startsWith("shop-green"))?.instances ?? [];
    const serving = green.filter(({ lifecycleState }) => lifecycleState === "InService");
    expect(serving.map(({ tags }) => tags["hitless:version"])).toEqual(["v2", "v2"]);
    expect((await program.stopLoad()).lost).toBe(0);
  },
  5 * MINUTES,
);

/** What AWS has of everything that serves users: all but the answers' own metadata. */
async function everythingLive() {
  const { url } = program.cloud.link;
  const settings = {
    endpoint: url,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const [scaling, balancing, ec2] = [
    new AutoScalingClient(settings),
    new ElasticLoadBalancingV2Client(settings),
    new EC2Client(settings),
  ];
  try {
    const { AutoScalingGroups } = await scaling.send(new DescribeAutoScalingGroupsCommand({}));
    const group = AutoScalingGroups?.find(({ AutoScalingGroupName }) => AutoScalingGroupName?.startsWith("shop-blue"));
    if (!group) throw new Error("there is no blue group");
    const TargetGroupArn = group.TargetGroupARNs?.[0] as string;
    const { LoadBalancers } = await balancing.send(new DescribeLoadBalancersCommand({}));
    const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn as string;
    const { Listeners } = await balancing.send(new DescribeListenersCommand({ LoadBalancerArn }));
    const ListenerArn = Listeners?.[0]?.ListenerArn as string;
    const { Rules } = await balancing.send(new DescribeRulesCommand({ ListenerArn }));
    const arns = [
      LoadBalancerArn,
      ListenerArn,
      TargetGroupArn,
      ...(Rules ?? []).map(({ RuleArn }) => RuleArn as string),
    ];
    const { TagDescriptions } = await balancing.send(new DescribeTagsCommand({ ResourceArns: arns }));
    const targets = await balancing.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
    const attributes = await balancing.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
    const groups = await balancing.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [TargetGroupArn] }));
    const LaunchTemplateId = group.LaunchTemplate?.LaunchTemplateId as string;
    const templates = await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId }));
    const InstanceIds = (group.Instances ?? []).map(({ InstanceId }) => InstanceId as string);
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds }));
    const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({}));
    const { ScalingPolicies } = await scaling.send(new DescribePoliciesCommand({}));
    return {
      group,
      instances: (Reservations ?? []).flatMap(({ Instances }) => Instances ?? []),
      balancer: LoadBalancers,
      listeners: Listeners,
      rules: Rules,
      tags: TagDescriptions,
      targets: targets.TargetHealthDescriptions,
      attributes: attributes.Attributes,
      targetGroups: groups.TargetGroups,
      templates: templates.LaunchTemplateVersions,
      securityGroups: SecurityGroups,
      policies: ScalingPolicies,
    };
  } finally {
    for (const client of [scaling, balancing, ec2]) client.destroy();
  }
}
