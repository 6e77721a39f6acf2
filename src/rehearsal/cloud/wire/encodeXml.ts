import type { NormalizedSchema } from "@smithy/core/schema";
import { kindOf, memberMapOf } from "./schemas.js";

/** The members of an output as XML, without the element around them (restXml's rules, which both query protocols share). */
export function encodeMembers(schema: NormalizedSchema, value: object): string {
  let xml = "";
  for (const [name, member] of memberMapOf(schema)) {
    const item = (value as Record<string, unknown>)[name];
    if (item === undefined || item === null) continue;
    xml += encodeMember(member.getMergedTraits().xmlName ?? name, member, item);
  }
  return xml;
}

function encodeMember(tag: string, schema: NormalizedSchema, value: unknown): string {
  switch (kindOf(schema)) {
    case "struct":
      return element(tag, encodeMembers(schema, value as object));
    case "list":
      return encodeList(tag, schema, value as unknown[]);
    case "map":
      return encodeMap(tag, schema, value as object);
    default:
      return element(tag, escapeText(textOf(schema, value)));
  }
}

function encodeList(tag: string, schema: NormalizedSchema, items: readonly unknown[]): string {
  const item = schema.getValueSchema();
  if (schema.getMergedTraits().xmlFlattened) return items.map((value) => encodeMember(tag, item, value)).join("");
  const itemTag = item.getMergedTraits().xmlName ?? "member";
  return element(tag, items.map((value) => encodeMember(itemTag, item, value)).join(""));
}

function encodeMap(tag: string, schema: NormalizedSchema, map: object): string {
  const value = schema.getValueSchema();
  const keyTag = schema.getKeySchema().getMergedTraits().xmlName ?? "key";
  const valueTag = value.getMergedTraits().xmlName ?? "value";
  const flat = Boolean(schema.getMergedTraits().xmlFlattened);
  const entries = Object.entries(map).map(([key, item]) =>
    element(flat ? tag : "entry", element(keyTag, escapeText(key)) + encodeMember(valueTag, value, item)),
  );
  return flat ? entries.join("") : element(tag, entries.join(""));
}

function textOf(schema: NormalizedSchema, value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  throw new Error(`No text stands for a value of ${schema.getName(true)}.`);
}

/** An element with its content already encoded. */
export function element(tag: string, content: string): string {
  return content === "" ? `<${tag}/>` : `<${tag}>${content}</${tag}>`;
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\r": "&#xD;",
  "\n": "&#xA;",
};

/** What XML 1.0 cannot hold at all, not even escaped: most control characters, lone surrogates, U+FFFE and U+FFFF. */
const notInXml = /[\p{Cs}\uFFFE\uFFFF]|(?![\t\n\r\u0080-\u009F])\p{Cc}/gu;

/** Ids, states and ARNs: most of what is ever answered, and thousands of them in one answer. */
const plain = /^[\w .:/-]*$/;

/** Text as XML takes it; characters that it cannot hold (an escape code on a console) become U+FFFD. */
export function escapeText(text: string): string {
  if (plain.test(text)) return text;
  return text.replace(notInXml, "\uFFFD").replace(/[&<>"'\r\n]/g, (character) => escapes[character] ?? character);
}
