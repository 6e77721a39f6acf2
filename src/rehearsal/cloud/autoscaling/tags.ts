import type { Tag, TagDescription } from "@aws-sdk/client-auto-scaling";
import { invalid } from "./faults.js";
import type { Group } from "./group.js";

export interface GroupTag {
  readonly key: string;
  readonly value: string;
  readonly propagate: boolean;
}

/** AWS: 50 tags per group, keys up to 128 and values up to 256 characters, no `aws:` prefix. */
export function readTag(tag: Tag): GroupTag {
  const key = tag.Key ?? "";
  if (key.length < 1 || key.length > 128) throw invalid(`Tag key '${key}' must be 1 to 128 characters long.`);
  if (key.toLowerCase().startsWith("aws:"))
    throw invalid("aws: prefixed tag key names are not allowed for external use.");
  const value = tag.Value ?? "";
  if (value.length > 256) throw invalid(`The value of tag '${key}' must be at most 256 characters long.`);
  return { key, value, propagate: tag.PropagateAtLaunch ?? false };
}

export function mergeTags(old: readonly GroupTag[], added: readonly GroupTag[]): GroupTag[] {
  const byKey = new Map(old.map((tag) => [tag.key, tag]));
  for (const tag of added) byKey.set(tag.key, tag);
  if (byKey.size > 50) throw invalid("Auto Scaling groups may have at most 50 tags.");
  return [...byKey.values()];
}

export function describeTag(tag: GroupTag, groupName: string): TagDescription {
  return {
    ResourceId: groupName,
    ResourceType: "auto-scaling-group",
    Key: tag.key,
    Value: tag.value,
    PropagateAtLaunch: tag.propagate,
  };
}

/** Tags that a new instance gets: those that propagate, and AWS's own that name the group. */
export function launchTags(group: Group): Record<string, string> {
  const own = Object.fromEntries(group.tags.filter((tag) => tag.propagate).map((tag) => [tag.key, tag.value]));
  return { ...own, "aws:autoscaling:groupName": group.name };
}
