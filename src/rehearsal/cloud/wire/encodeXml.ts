import type { NormalizedSchema } from "@smithy/core/schema";
import { kindOf, memberMapOf } from "./schemas.js";

/** Writes a value as its element. */
type Write = (value: unknown) => string;

/** What writes each member, by the structure's members: found once, as an answer may hold thousands of the same structure. */
const writers = new WeakMap<object, readonly (readonly [name: string, write: Write])[]>();

/** The members of an output as XML, without the element around them (restXml's rules, which both query protocols share). */
export function encodeMembers(schema: NormalizedSchema, value: object): string {
  return content(writersOf(schema), value);
}

function content(members: readonly (readonly [string, Write])[], value: object): string {
  let xml = "";
  for (const [name, write] of members) {
    const item = (value as Record<string, unknown>)[name];
    if (item !== undefined && item !== null) xml += write(item);
  }
  return xml;
}

function writersOf(struct: NormalizedSchema): readonly (readonly [string, Write])[] {
  const members = memberMapOf(struct);
  const known = writers.get(members);
  if (known) return known;
  const found = [...members].map(
    ([name, member]) => [name, writer(member.getMergedTraits().xmlName ?? name, member)] as const,
  );
  writers.set(members, found);
  return found;
}

function writer(tag: string, schema: NormalizedSchema): Write {
  const within = enclosing(tag);
  switch (kindOf(schema)) {
    case "struct": {
      // Only when there is a value: a structure may contain itself.
      let members: readonly (readonly [string, Write])[] | undefined;
      return (value) => {
        members ??= writersOf(schema);
        return within(content(members, value as object));
      };
    }
    case "list":
      return listWriter(tag, schema);
    case "map":
      return mapWriter(tag, schema);
    default:
      return (value) => within(escapeText(textOf(schema, value)));
  }
}

function listWriter(tag: string, schema: NormalizedSchema): Write {
  const item = schema.getValueSchema();
  const flat = Boolean(schema.getMergedTraits().xmlFlattened);
  const write = writer(flat ? tag : (item.getMergedTraits().xmlName ?? "member"), item);
  const within = enclosing(tag);
  return (items) => {
    let xml = "";
    for (const value of items as unknown[]) xml += write(value);
    return flat ? xml : within(xml);
  };
}

function mapWriter(tag: string, schema: NormalizedSchema): Write {
  const value = schema.getValueSchema();
  const key = enclosing(schema.getKeySchema().getMergedTraits().xmlName ?? "key");
  const write = writer(value.getMergedTraits().xmlName ?? "value", value);
  const flat = Boolean(schema.getMergedTraits().xmlFlattened);
  const within = enclosing(flat ? tag : "entry");
  return (map) => {
    const entries = Object.entries(map as object).map(([name, item]) => within(key(escapeText(name)) + write(item)));
    return flat ? entries.join("") : element(tag, entries.join(""));
  };
}

function textOf(schema: NormalizedSchema, value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  throw new Error(`No text stands for a value of ${schema.getName(true)}.`);
}

/** An element with its content already encoded. */
export function element(tag: string, content: string): string {
  return enclosing(tag)(content);
}

function enclosing(tag: string): (content: string) => string {
  const [open, close, empty] = [`<${tag}>`, `</${tag}>`, `<${tag}/>`];
  return (inner) => (inner === "" ? empty : open + inner + close);
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
