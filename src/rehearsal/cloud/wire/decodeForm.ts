import type { NormalizedSchema } from "@smithy/core/schema";
import type { FormNode } from "./form.js";
import { InputFault } from "./inputFault.js";
import { kindOf, membersOf, requiredMembers } from "./schemas.js";

/** How AWS's two form protocols differ. */
export interface FormRules {
  /** EC2 writes every list flat (`Filter.1.Name`), and a structure's member under its `ec2QueryName` or capitalised name. */
  readonly ec2: boolean;
}

/** A form as the input shape of the SDK's command. */
export function decodeForm(schema: NormalizedSchema, form: FormNode, rules: FormRules): Record<string, unknown> {
  return schema.isUnitSchema() ? refuseAll(form) : decodeStruct(schema, form, rules);
}

function decodeNode(schema: NormalizedSchema, node: FormNode, rules: FormRules): unknown {
  switch (kindOf(schema)) {
    case "struct":
      return decodeStruct(schema, node, rules);
    case "list":
      return decodeList(schema, node, rules);
    case "map":
      return decodeMap(schema, node, rules);
    default:
      return decodeText(schema, node);
  }
}

function decodeStruct(schema: NormalizedSchema, node: FormNode, rules: FormRules): Record<string, unknown> {
  if (node.text !== undefined && node.text !== "") {
    throw new InputFault("malformed", node.path, `it is a structure, not the text "${node.text}"`);
  }
  const unread = new Set(node.children.keys());
  const value: Record<string, unknown> = {};
  for (const [name, member] of membersOf(schema)) {
    const key = memberKey(name, member, rules);
    const child = node.children.get(key);
    if (!child) continue;
    unread.delete(key);
    value[name] = decodeNode(member, child, rules);
  }
  for (const key of unread) throw new InputFault("unknown", below(node, key));
  for (const name of requiredMembers(schema)) {
    if (value[name] !== undefined) continue;
    throw new InputFault("missing", below(node, memberKey(name, schema.getMemberSchema(name), rules)));
  }
  return value;
}

function decodeList(schema: NormalizedSchema, node: FormNode, rules: FormRules): unknown[] {
  const item = schema.getValueSchema();
  const traits = item.getMergedTraits();
  let items = node;
  if (!rules.ec2 && !schema.getMergedTraits().xmlFlattened) {
    // `List=` is how the query protocol writes an empty list.
    if (node.children.size === 0 && node.text === "") return [];
    items = onlyChild(node, traits.xmlName ?? "member");
  }
  if (items.text !== undefined) {
    if (items.text === "" && items.children.size === 0) return [];
    throw new InputFault("malformed", items.path, "it is a list, its items are numbered from 1");
  }
  return numbered(items).map((child) => decodeNode(item, child, rules));
}

function decodeMap(schema: NormalizedSchema, node: FormNode, rules: FormRules): Record<string, unknown> {
  if (node.children.size === 0 && node.text === "") return {};
  const flat = Boolean(schema.getMergedTraits().xmlFlattened);
  const keyName = schema.getKeySchema().getMergedTraits().xmlName ?? "key";
  const valueName = schema.getValueSchema().getMergedTraits().xmlName ?? "value";
  const entries = numbered(flat ? node : onlyChild(node, "entry")).map((entry): [string, unknown] => {
    for (const key of entry.children.keys()) {
      if (key !== keyName && key !== valueName) throw new InputFault("unknown", below(entry, key));
    }
    const key = entry.children.get(keyName);
    const value = entry.children.get(valueName);
    if (key?.text === undefined) throw new InputFault("missing", below(entry, keyName));
    if (!value) throw new InputFault("missing", below(entry, valueName));
    return [key.text, decodeNode(schema.getValueSchema(), value, rules)];
  });
  return Object.fromEntries(entries);
}

function decodeText(schema: NormalizedSchema, node: FormNode): unknown {
  const [first] = node.children.values();
  if (first) throw new InputFault("unknown", first.path);
  const text = node.text ?? "";
  const refuse = (wanted: string): InputFault =>
    new InputFault("malformed", node.path, `"${text.slice(0, 60)}" is not ${wanted}`);
  switch (kindOf(schema)) {
    case "string":
      return text;
    case "boolean":
      if (text === "true" || text === "True") return true;
      if (text === "false" || text === "False") return false;
      throw refuse("true or false");
    case "number":
      if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text);
      if (text === "NaN" || text === "Infinity" || text === "-Infinity") return Number(text);
      throw refuse("a number");
    case "timestamp": {
      const at = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text) : new Date(Number.NaN);
      if (Number.isNaN(at.getTime())) throw refuse("a time such as 2026-01-31T12:00:00Z");
      return at;
    }
    case "blob":
      if (text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text))
        return new Uint8Array(Buffer.from(text, "base64"));
      throw refuse("base64");
    default:
      throw new Error(`No text stands for the schema ${schema.getName(true)}.`);
  }
}

function memberKey(name: string, member: NormalizedSchema, rules: FormRules): string {
  const traits = member.getMergedTraits();
  if (rules.ec2 && typeof traits.ec2QueryName === "string") return traits.ec2QueryName;
  const key = traits.xmlName ?? name;
  if (!rules.ec2) return key;
  return key.charAt(0).toUpperCase() + key.slice(1);
}

function onlyChild(node: FormNode, name: string): FormNode {
  for (const key of node.children.keys()) {
    if (key !== name) throw new InputFault("unknown", below(node, key));
  }
  const child = node.children.get(name);
  if (!child) throw new InputFault("malformed", node.path, `"${node.text ?? ""}" stands where ${name}.1 is expected`);
  return child;
}

/** Items in the order of their numbers; AWS takes gaps. */
function numbered(node: FormNode): FormNode[] {
  const items = [...node.children].map(([key, child]): [number, FormNode] => {
    if (!/^\d{1,6}$/.test(key)) throw new InputFault("malformed", child.path, "a list's items are numbered from 1");
    return [Number(key), child];
  });
  return items.sort(([a], [b]) => a - b).map(([, child]) => child);
}

function refuseAll(form: FormNode): Record<string, unknown> {
  const [first] = form.children.values();
  if (first) throw new InputFault("unknown", first.path);
  return {};
}

const below = (node: FormNode, key: string): string => (node.path === "" ? key : `${node.path}.${key}`);
