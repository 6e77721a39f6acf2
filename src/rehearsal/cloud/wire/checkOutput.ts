import type { NormalizedSchema } from "@smithy/core/schema";
import { kindOf, memberMapOf } from "./schemas.js";

/**
 * Holds a service's answer against the operation's output schema. The SDK's codecs drop a misspelt member without a word, and
 * the caller would then read `undefined`: such a slip is our own fault and must show.
 */
export function checkOutput(schema: NormalizedSchema, value: unknown): void {
  const unit = schema.isUnitSchema();
  const something = value !== undefined && value !== null && Object.keys(value).length > 0;
  const slip = unit ? (something ? { path: "", value, wanted: "nothing" } : undefined) : check(schema, value ?? {});
  if (!slip) return;
  const path = slip.path.replace(/^\./, "");
  if (slip.unknownTo !== undefined) throw new Error(`The answer has "${path}", which ${slip.unknownTo} does not have.`);
  throw new Error(
    `The answer's "${path}" is ${JSON.stringify(slip.value) ?? typeof slip.value}, expected ${slip.wanted}.`,
  );
}

/** What is wrong, and where: the way there is put together only on the way back, as nearly every answer is right. */
interface Slip {
  readonly path: string;
  readonly value: unknown;
  readonly wanted: string;
  /** The structure that has no such member. */
  readonly unknownTo?: string;
}

function check(schema: NormalizedSchema, value: unknown): Slip | undefined {
  switch (kindOf(schema)) {
    case "struct":
      return checkStruct(schema, value);
    case "list":
      return Array.isArray(value) ? checkList(schema.getValueSchema(), value) : wrong(value, "an array");
    case "map":
      return checkMap(schema.getValueSchema(), value);
    case "string":
      return typeof value === "string" ? undefined : wrong(value, "a string");
    case "number":
      return typeof value === "number" ? undefined : wrong(value, "a number");
    case "boolean":
      return typeof value === "boolean" ? undefined : wrong(value, "a boolean");
    case "timestamp":
      return value instanceof Date && !Number.isNaN(value.getTime()) ? undefined : wrong(value, "a valid Date");
    case "blob":
      return value instanceof Uint8Array ? undefined : wrong(value, "a Uint8Array");
    case "unit":
      return undefined;
  }
}

function checkList(item: NormalizedSchema, values: readonly unknown[]): Slip | undefined {
  for (let index = 0; index < values.length; index++) {
    const slip = check(item, values[index]);
    if (slip) return below(`[${index}]`, slip);
  }
  return undefined;
}

function checkMap(item: NormalizedSchema, value: unknown): Slip | undefined {
  if (typeof value !== "object" || value === null) return wrong(value, "an object");
  for (const [key, each] of Object.entries(value)) {
    const slip = check(item, each);
    if (slip) return below(`.${key}`, slip);
  }
  return undefined;
}

function checkStruct(schema: NormalizedSchema, value: unknown): Slip | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong(value, "an object");
  const members = memberMapOf(schema);
  for (const name in value) {
    const item = (value as Record<string, unknown>)[name];
    if (item === undefined || item === null) continue;
    const member = members.get(name);
    if (!member) return { path: `.${name}`, value: item, wanted: "", unknownTo: schema.getName() ?? "the output" };
    const slip = check(member, item);
    if (slip) return below(`.${name}`, slip);
  }
  return undefined;
}

function below(step: string, slip: Slip): Slip {
  return { ...slip, path: step + slip.path };
}

function wrong(value: unknown, wanted: string): Slip {
  return { path: "", value, wanted };
}
