import type * as sdk from "@aws-sdk/client-auto-scaling";
import type { Operation, Out } from "../../service.js";
import { invalid } from "../faults.js";
import { page } from "../paging.js";
import type { GroupRegistry } from "../registry.js";
import { describeTag, mergeTags, readTag } from "../tags.js";

export function tagOperations(registry: GroupRegistry): Record<string, Operation> {
  return {
    CreateOrUpdateTags: (input: sdk.CreateOrUpdateTagsCommandInput) => {
      for (const [group, tags] of byGroup(registry, input.Tags)) group.tags = mergeTags(group.tags, tags.map(readTag));
      return {};
    },
    DeleteTags: (input: sdk.DeleteTagsCommandInput) => {
      for (const [group, tags] of byGroup(registry, input.Tags)) {
        const keys = new Set(tags.map((tag) => tag.Key));
        group.tags = group.tags.filter((tag) => !keys.has(tag.key));
      }
      return {};
    },
    DescribeTags: (input: sdk.DescribeTagsCommandInput): Out<sdk.DescribeTagsCommandOutput> => {
      const filters = (input.Filters ?? []).map(readFilter);
      const all = registry.all().flatMap((group) => group.tags.map((tag) => describeTag(tag, group.name)));
      const { items, ...next } = page(
        all.filter((tag) => filters.every((matches) => matches(tag))),
        input,
        { usual: 50, most: 100 },
      );
      return { Tags: items, ...next };
    },
  };
}

function byGroup(registry: GroupRegistry, tags: readonly sdk.Tag[] | undefined) {
  const groups = new Map<ReturnType<GroupRegistry["get"]>, sdk.Tag[]>();
  for (const tag of tags ?? []) {
    if (tag.ResourceType !== undefined && tag.ResourceType !== "auto-scaling-group") {
      throw invalid(`Resource type '${tag.ResourceType}' must be auto-scaling-group.`);
    }
    const group = registry.get(tag.ResourceId);
    groups.set(group, [...(groups.get(group) ?? []), tag]);
  }
  return groups;
}

function readFilter(filter: sdk.Filter): (tag: sdk.TagDescription) => boolean {
  const values = filter.Values ?? [];
  switch (filter.Name) {
    case "auto-scaling-group":
      return (tag) => values.includes(tag.ResourceId ?? "");
    case "key":
      return (tag) => values.includes(tag.Key ?? "");
    case "value":
      return (tag) => values.includes(tag.Value ?? "");
    case "propagate-at-launch":
      return (tag) => values.includes(String(tag.PropagateAtLaunch));
    default:
      throw invalid(
        `Filter type ${filter.Name ?? ""} is not correct. Allowed Filter types are: auto-scaling-group key value propagate-at-launch`,
      );
  }
}
