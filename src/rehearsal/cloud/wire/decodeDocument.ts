import type { NormalizedSchema } from "@smithy/core/schema";
import { InputFault } from "./inputFault.js";
import { kindOf, membersOf, requiredMembers } from "./schemas.js";

/** A parsed JSON or CBOR document as the input shape of the SDK's command. */
export function decodeDocument(schema: NormalizedSchema, document: unknown): Record<string, unknown> {
  return schema.isUnitSchema() ? decodeUnit(document) : decodeStruct(schema, document, "");
}

function decodeValue(schema: NormalizedSchema, value: unknown, path: string): unknown {
  switch (kindOf(schema)) {
    case "struct":
      return decodeStruct(schema, value, path);
    case "list":
      if (!Array.isArray(value)) throw refuse(path, value, "a list");
      return value.map((item, index) => decodeValue(schema.getValueSchema(), item, `${path}[${index}]`));
    case "map":
      return Object.fromEntries(
        Object.entries(objectAt(value, path)).map(([key, item]) => [
          key,
          decodeValue(schema.getValueSchema(), item, `${path}.${key}`),
        ]),
      );
    case "string":
      if (typeof value !== "string") throw refuse(path, value, "a text");
      return value;
    case "boolean":
      if (typeof value !== "boolean") throw refuse(path, value, "true or false");
      return value;
    case "number":
      return decodeNumber(value, path);
    case "timestamp":
      return decodeTimestamp(value, path);
    case "blob":
      return decodeBlob(value, path);
    case "unit":
      return decodeUnit(value);
  }
}

function decodeStruct(schema: NormalizedSchema, value: unknown, path: string): Record<string, unknown> {
  const given = objectAt(value, path);
  const members = new Map(membersOf(schema));
  const result: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(given)) {
    const member = members.get(name);
    if (!member) throw new InputFault("unknown", below(path, name));
    // null stands for an absent member in both protocols.
    if (item !== null && item !== undefined) result[name] = decodeValue(member, item, below(path, name));
  }
  for (const name of requiredMembers(schema)) {
    if (result[name] === undefined) throw new InputFault("missing", below(path, name));
  }
  return result;
}

function decodeUnit(value: unknown): Record<string, unknown> {
  const [first] = Object.keys(objectAt(value, ""));
  if (first !== undefined) throw new InputFault("unknown", first);
  return {};
}

function decodeNumber(value: unknown, path: string): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  // JSON has no other way of writing these (Smithy's JSON protocols).
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  throw refuse(path, value, "a number");
}

/** Seconds since the epoch; CBOR marks them with tag 1. */
function decodeTimestamp(value: unknown, path: string): Date {
  const tagged = typeof value === "object" && value !== null && "tag" in value && "value" in value && value.tag === 1;
  const seconds = tagged ? value.value : value;
  const at = new Date(
    typeof seconds === "number" || typeof seconds === "bigint" ? Math.round(Number(seconds) * 1000) : Number.NaN,
  );
  if (Number.isNaN(at.getTime())) throw refuse(path, value, "a time in seconds since the epoch");
  return at;
}

function decodeBlob(value: unknown, path: string): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string" && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value)) {
    return new Uint8Array(Buffer.from(value, "base64"));
  }
  throw refuse(path, value, "base64");
}

function objectAt(value: unknown, path: string): object {
  if (typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array))
    return value;
  throw refuse(path || "the request body", value, "a structure");
}

function refuse(path: string, value: unknown, wanted: string): InputFault {
  const shown = typeof value === "string" ? `"${value.slice(0, 60)}"` : value === null ? "null" : typeof value;
  return new InputFault("malformed", path, `${shown} is not ${wanted}`);
}

const below = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);
