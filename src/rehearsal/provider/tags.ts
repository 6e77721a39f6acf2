/** Tags as AWS lists them (`[{ Key, Value }]`) and as programs write them (`{ key: value }`). */
import type { Values } from "./protocol/values.js";

export interface AwsTag {
  Key?: string | undefined;
  Value?: string | undefined;
}

export function toAwsTags(tags: Values = {}): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value: String(Value) }));
}

/** Tags that AWS itself sets (`aws:…`) are not the program's. */
export function fromAwsTags(tags: readonly AwsTag[] = []): Record<string, string> {
  const own = tags.filter(({ Key }) => Key !== undefined && !Key.startsWith("aws:"));
  return Object.fromEntries(own.map(({ Key, Value }) => [Key as string, Value ?? ""]));
}

/** What to set and what to take away. */
export function tagChanges(before: Values = {}, after: Values = {}): { set: Values; removed: string[] } {
  const set = Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value));
  return { set, removed: Object.keys(before).filter((key) => after[key] === undefined) };
}
