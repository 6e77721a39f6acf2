import type { Tag } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../awsError.js";
import { invalid } from "./refusals.js";

/** Tags checked as AWS does: 50 at most, keys of 128 and values of 256 characters, no key twice, none of AWS's own. */
export function mergeTags(current: ReadonlyMap<string, string>, tags: readonly Tag[]): Map<string, string> {
  const merged = new Map(current);
  const given = new Set<string>();
  for (const { Key: key = "", Value: value = "" } of tags) {
    if (given.has(key)) throw new AwsError("DuplicateTagKeys", `Tag key '${key}' is given more than once`);
    given.add(key);
    if (key.length < 1 || key.length > 128) throw invalid(`Tag key '${key}' must be 1 to 128 characters long`);
    if (/^aws:/i.test(key)) throw invalid(`Tag key '${key}' must not begin with 'aws:'`);
    if (value.length > 256) throw invalid(`The value of tag '${key}' must be at most 256 characters long`);
    merged.set(key, value);
  }
  if (merged.size > 50) throw new AwsError("TooManyTags", "A resource can have at most 50 tags");
  return merged;
}

/** As the API lists them. */
export function listTags(tags: ReadonlyMap<string, string>): Tag[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}
