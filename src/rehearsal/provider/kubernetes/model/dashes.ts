/**
 * SDKs cannot spell a property `x-kubernetes-…` (they occur in the schemas of CustomResourceDefinitions): programs and states write
 * underscores, the API dashes.
 */
import { isRecord } from "../../protocol/values.js";

const PREFIX = /^x_kubernetes_/;

export function toApi<T>(value: T): T {
  return rename(value, (key) => (PREFIX.test(key) ? key.replaceAll("_", "-") : key));
}

export function fromApi<T>(value: T): T {
  return rename(value, (key) => (key.startsWith("x-kubernetes-") ? key.replaceAll("-", "_") : key));
}

function rename<T>(value: T, spell: (key: string) => string): T {
  if (Array.isArray(value)) return value.map((item) => rename(item, spell)) as T;
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [spell(key), rename(inner, spell)])) as T;
}
