/** What the load balancing types share. */
import { AddTagsCommand, DescribeTagsCommand, RemoveTagsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Values } from "../../protocol/values.js";
import type { Call, Update } from "../../resource.js";
import { fromAwsTags, tagChanges, toAwsTags } from "../../tags.js";

/** Create calls refuse an empty list of tags. */
export function tagsOrNone(
  tags: Values | undefined,
): { Tags: { Key: string; Value: string }[] } | Record<string, never> {
  return tags && Object.keys(tags).length > 0 ? { Tags: toAwsTags(tags) } : {};
}

export async function readTags({ aws }: Call, arn: string): Promise<Values> {
  const { TagDescriptions } = await aws.elbv2.send(new DescribeTagsCommand({ ResourceArns: [arn] }));
  const tags = fromAwsTags(TagDescriptions?.[0]?.Tags);
  return { tags, tagsAll: tags };
}

export async function updateTags({ aws }: Call, { id, state, planned, changed }: Update): Promise<void> {
  if (!changed.has("tags")) return;
  const { set, removed } = tagChanges(state.tags, planned.tags);
  if (removed.length > 0) await aws.elbv2.send(new RemoveTagsCommand({ ResourceArns: [id], TagKeys: removed }));
  if (Object.keys(set).length > 0) {
    await aws.elbv2.send(new AddTagsCommand({ ResourceArns: [id], Tags: toAwsTags(set) }));
  }
}

/** `app/name/id` of a load balancer, `targetgroup/name/id` of a target group: what CloudWatch calls them. */
export function arnSuffix(arn: string): string {
  const last = arn.split(":").pop() ?? "";
  return last.replace(/^loadbalancer\//, "");
}
