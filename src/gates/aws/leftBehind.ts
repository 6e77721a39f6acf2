import { COMPONENT_TAG } from "../../plan/releaseTags.js";
import type { LeftBehind } from "../leftBehind.js";
import type { Call } from "./awsBalancer.js";

/** DescribeTags takes at most so many resources at once (Elastic Load Balancing API). */
const TAGS_PAGE = 20;

/** The target groups of a component that no load balancer leads to. */
export async function unusedTargetGroups(call: Call, component: string): Promise<readonly LeftBehind[]> {
  const sdk = await import("@aws-sdk/client-elastic-load-balancing-v2");
  const unused: LeftBehind[] = [];
  let marker: string | undefined;
  do {
    const command = new sdk.DescribeTargetGroupsCommand(marker ? { Marker: marker } : {});
    const answer = await call("DescribeTargetGroups", async ({ loadBalancing }) => loadBalancing.send(command));
    for (const { TargetGroupArn: id, LoadBalancerArns = [] } of answer.TargetGroups ?? []) {
      if (id === undefined || LoadBalancerArns.length > 0) continue;
      unused.push({ id, what: "target group", remove: `aws elbv2 delete-target-group --target-group-arn ${id}` });
    }
    marker = answer.NextMarker;
  } while (marker);
  const own = new Set<string>();
  for (let from = 0; from < unused.length; from += TAGS_PAGE) {
    const ResourceArns = unused.slice(from, from + TAGS_PAGE).map(({ id }) => id);
    const answer = await call("DescribeTags", async ({ loadBalancing }) =>
      loadBalancing.send(new sdk.DescribeTagsCommand({ ResourceArns })),
    );
    for (const { ResourceArn = "", Tags = [] } of answer.TagDescriptions ?? []) {
      if (Tags.some(({ Key, Value }) => Key === COMPONENT_TAG && Value === component)) own.add(ResourceArn);
    }
  }
  return unused.filter(({ id }) => own.has(id));
}

/**
 * The launch templates of a component that none of its groups starts servers with.
 * @param used the templates of its groups
 */
export async function unusedTemplates(
  call: Call,
  component: string,
  used: ReadonlySet<string>,
): Promise<readonly LeftBehind[]> {
  const sdk = await import("@aws-sdk/client-ec2");
  const unused: LeftBehind[] = [];
  let next: string | undefined;
  do {
    const command = new sdk.DescribeLaunchTemplatesCommand({
      Filters: [{ Name: `tag:${COMPONENT_TAG}`, Values: [component] }],
      ...(next ? { NextToken: next } : {}),
    });
    const answer = await call("DescribeLaunchTemplates", async ({ ec2 }) => ec2.send(command));
    for (const { LaunchTemplateId: id } of answer.LaunchTemplates ?? []) {
      if (id === undefined || used.has(id)) continue;
      unused.push({ id, what: "launch template", remove: `aws ec2 delete-launch-template --launch-template-id ${id}` });
    }
    next = answer.NextToken;
  } while (next);
  return unused;
}
