import {
  AutoScalingClient,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { DeleteLaunchTemplateCommand, DescribeLaunchTemplatesCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { CloudSnapshot } from "../../../src/rehearsal/cloud/snapshot.js";
import { type Ended, type LiveProgram, told } from "./liveProgram.js";

/**
 * What an interrupted update has left behind, because Pulumi could not write down that it was made, has to be named by the next one;
 * then it is deleted as its message says. Answers how much there was.
 */
export async function clearLeftBehind(program: LiveProgram, next: Ended): Promise<number> {
  return (await clearGroups(program, next)) + (await clearUnused(program, next));
}

function assertNamed(strange: readonly string[], next: Ended): void {
  for (const name of strange) {
    if (!next.messages.some((message) => message.includes(name))) {
      throw new Error(`${name} was left behind, and the next up does not name it\n${told(next)}`);
    }
  }
}

/** Target groups that no load balancer leads to, and launch templates of no group. */
async function clearUnused(program: LiveProgram, next: Ended): Promise<number> {
  const [balancing, ec2, scaling] = [
    new ElasticLoadBalancingV2Client(settingsOf(program)),
    new EC2Client(settingsOf(program)),
    new AutoScalingClient(settingsOf(program)),
  ];
  try {
    const { TargetGroups } = await balancing.send(new DescribeTargetGroupsCommand({}));
    const unused = (TargetGroups ?? []).filter(({ LoadBalancerArns }) => (LoadBalancerArns ?? []).length === 0);
    const arns = unused.map(({ TargetGroupArn }) => TargetGroupArn as string);
    const { AutoScalingGroups } = await scaling.send(new DescribeAutoScalingGroupsCommand({}));
    const used = new Set((AutoScalingGroups ?? []).map(({ LaunchTemplate }) => LaunchTemplate?.LaunchTemplateId));
    const { LaunchTemplates } = await ec2.send(new DescribeLaunchTemplatesCommand({}));
    const ids = (LaunchTemplates ?? []).map(({ LaunchTemplateId }) => LaunchTemplateId as string);
    const templates = ids.filter((id) => !used.has(id));
    assertNamed([...arns, ...templates], next);
    for (const TargetGroupArn of arns) await balancing.send(new DeleteTargetGroupCommand({ TargetGroupArn }));
    for (const LaunchTemplateId of templates) await ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId }));
    return arns.length + templates.length;
  } finally {
    for (const client of [balancing, ec2, scaling]) client.destroy();
  }
}

async function clearGroups(program: LiveProgram, next: Ended): Promise<number> {
  const known = JSON.stringify((await program.outputs()).status);
  const { groups } = await program.samples.next();
  const strange = groups.filter(({ name }) => !known.includes(name)).map(({ name }) => name);
  if (strange.length === 0) return 0;
  assertNamed(strange, next);
  const client = new AutoScalingClient(settingsOf(program));
  try {
    for (const AutoScalingGroupName of strange) {
      const empty = { AutoScalingGroupName, MinSize: 0, DesiredCapacity: 0 };
      await client.send(new UpdateAutoScalingGroupCommand(empty));
    }
    const isStrange = ({ name }: { name: string }): boolean => strange.includes(name);
    const empty = ({ groups }: CloudSnapshot): boolean =>
      groups.filter(isStrange).every(({ instances }) => instances.length === 0);
    await program.samples.until("that the groups that were left behind are empty", empty);
    for (const AutoScalingGroupName of strange) {
      await client.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName }));
    }
    await program.samples.until("that they are gone", ({ groups }) => !groups.some(isStrange));
  } finally {
    client.destroy();
  }
  return strange.length;
}

/** Goes on after a refusal that names a rule which was left behind: deletes it as the message says, and runs `up` once more. */
export async function upAgain(program: LiveProgram, what: string): Promise<Ended> {
  const next = await program.up();
  if (next.outcome === "success") return next;
  const rule = /HIT195[\s\S]*delete-rule --rule-arn (\S+?)`/.exec(next.reason)?.[1];
  if (rule === undefined) throw new Error(`${what}: refused\n${told(next)}`);
  const client = new ElasticLoadBalancingV2Client(settingsOf(program));
  try {
    await client.send(new DeleteRuleCommand({ RuleArn: rule }));
  } finally {
    client.destroy();
  }
  const last = await program.mustUp(`${what}, without the rule that was left behind`);
  return { ...last, messages: [...next.messages, ...last.messages] };
}

function settingsOf({ cloud }: LiveProgram) {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return { endpoint: cloud.link.url, region: "us-east-1", credentials };
}
