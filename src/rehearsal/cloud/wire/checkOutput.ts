import type { NormalizedSchema } from "@smithy/core/schema";
import { kindOf, memberMapOf } from "./schemas.js";

/**
 * Holds a service's answer against the operation's output schema. The SDK's codecs drop a misspelt member without a word, and
 * the caller would then read `undefined`: such a slip is our own fault and must show.
 */
export function checkOutput(schema: NormalizedSchema, value: unknown): void {
  if (schema.isUnitSchema()) {
    if (value !== undefined && value !== null && Object.keys(value).length > 0) throw wrong("", value, "nothing");
    return;
  }
  check(schema, value ?? {}, "");
}

function check(schema: NormalizedSchema, value: unknown, path: string): void {
  switch (kindOf(schema)) {
    case "struct":
      checkStruct(schema, value, path);
      return;
    case "list":
      if (!Array.isArray(value)) throw wrong(path, value, "an array");
      checkList(schema.getValueSchema(), value, path);
      return;
    case "map":
      if (typeof value !== "object" || value === null) throw wrong(path, value, "an object");
      for (const [key, item] of Object.entries(value)) check(schema.getValueSchema(), item, `${path}.${key}`);
      return;
    case "string":
      if (typeof value !== "string") throw wrong(path, value, "a string");
      return;
    case "number":
      if (typeof value !== "number") throw wrong(path, value, "a number");
      return;
    case "boolean":
      if (typeof value !== "boolean") throw wrong(path, value, "a boolean");
      return;
    case "timestamp":
      if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw wrong(path, value, "a valid Date");
      return;
    case "blob":
      if (!(value instanceof Uint8Array)) throw wrong(path, value, "a Uint8Array");
      return;
    case "unit":
      return;
  }
}

function checkList(item: NormalizedSchema, values: readonly unknown[], path: string): void {
  for (const [index, value] of values.entries()) check(item, value, `${path}[${index}]`);
}

function checkStruct(schema: NormalizedSchema, value: unknown, path: string): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(path, value, "an object");
  const members = memberMapOf(schema);
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined || item === null) continue;
    const member = members.get(name);
    const at = path === "" ? name : `${path}.${name}`;
    if (!member) throw new Error(`The answer has "${at}", which ${schema.getName()} does not have.`);
    check(member, item, at);
  }
}

function wrong(path: string, value: unknown, wanted: string): Error {
  return new Error(`The answer's "${path}" is ${JSON.stringify(value) ?? typeof value}, expected ${wanted}.`);
}
