import type {
  CreateTagsCommandInput,
  DeleteTagsCommandInput,
  DescribeTagsCommandInput,
  DescribeTagsCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../awsError.js";
import type { Operation, Out } from "../service.js";
import { applyFilters, type FilterTable } from "./filters.js";
import { required, serve } from "./operation.js";
import { pageOf } from "./pages.js";
import { type Tags, tagRecord } from "./tags.js";

type TagEntry = ReturnType<Tags["all"]>[number];

const filters: FilterTable<TagEntry> = {
  key: (tag) => tag.key,
  "resource-id": (tag) => tag.resourceId,
  "resource-type": (tag) => tag.resourceType,
  value: (tag) => tag.value,
};

/** @param exists whether a resource with that id stands, whatever its kind */
export function tagOperations(tags: Tags, exists: (resourceId: string) => boolean): Record<string, Operation> {
  const checked = (resources: string[] | undefined): string[] => {
    const ids = required(resources?.length ? resources : undefined, "resourceIdSet");
    for (const id of ids) {
      if (!exists(id)) throw new AwsError("InvalidID", `The ID '${id}' is not valid`);
    }
    return ids;
  };
  return {
    CreateTags: serve<CreateTagsCommandInput, object>("CreateTags", ["Resources", "Tags"], (input) => {
      const given = tagRecord(required(input.Tags?.length ? input.Tags : undefined, "tagSet"));
      for (const id of checked(input.Resources)) tags.put(id, given);
      return {};
    }),
    DeleteTags: serve<DeleteTagsCommandInput, object>("DeleteTags", ["Resources", "Tags"], (input) => {
      for (const id of checked(input.Resources)) {
        if (!input.Tags?.length) tags.clear(id);
        for (const { Key, Value } of input.Tags ?? []) tags.remove(id, required(Key, "Tag.Key"), Value);
      }
      return {};
    }),
    DescribeTags: serve<DescribeTagsCommandInput, Out<DescribeTagsCommandOutput>>(
      "DescribeTags",
      ["Filters", "MaxResults", "NextToken"],
      (input) => {
        const byTag = (entry: TagEntry): Record<string, string> => ({ [entry.key]: entry.value });
        const page = pageOf(applyFilters(tags.all(), input.Filters, filters, byTag), input);
        return {
          NextToken: page.nextToken,
          Tags: page.items.map(({ resourceId, resourceType, key, value }) => ({
            ResourceId: resourceId,
            ResourceType: resourceType as never,
            Key: key,
            Value: value,
          })),
        };
      },
    ),
  };
}
