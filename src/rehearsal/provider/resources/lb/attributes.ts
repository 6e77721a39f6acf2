/** Attributes of load balancers and target groups: text on the wire, typed properties in programs. */
import type { Values } from "../../protocol/values.js";

export interface AttributeKey {
  /** AWS's name: `idle_timeout.timeout_seconds`. */
  readonly key: string;
  readonly kind: "text" | "integer" | "flag";
  /** What AWS documents; AWS leaves out attributes that do not apply to a type. */
  readonly default: unknown;
}

export type AttributeKeys = Readonly<Record<string, AttributeKey>>;

interface AwsAttribute {
  Key?: string | undefined;
  Value?: string | undefined;
}

export function readAttributes(keys: AttributeKeys, attributes: readonly AwsAttribute[] = []): Values {
  const byKey = new Map(attributes.map(({ Key, Value }) => [Key, Value]));
  const values: Values = {};
  for (const [name, { key, kind, default: otherwise }] of Object.entries(keys)) {
    const text = byKey.get(key);
    if (text === undefined) values[name] = otherwise;
    else values[name] = kind === "integer" ? Number(text) : kind === "flag" ? text === "true" : text;
  }
  return values;
}

/** Those of the wanted attributes that differ from what AWS has now. */
export function changedAttributes(
  keys: AttributeKeys,
  wanted: Values,
  attributes: readonly AwsAttribute[] = [],
): { Key: string; Value: string }[] {
  const current = readAttributes(keys, attributes);
  return Object.entries(keys)
    .filter(([name]) => wanted[name] !== undefined && wanted[name] !== current[name])
    .map(([name, { key }]) => ({ Key: key, Value: String(wanted[name]) }));
}
