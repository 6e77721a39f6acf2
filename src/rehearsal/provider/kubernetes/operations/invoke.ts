/** Functions of the package: `kubernetes.yaml.ConfigFile` and `ConfigGroup` of the SDK read their documents through one. */
import { parseAllDocuments } from "yaml";
import { isRecord, type Values } from "../../protocol/values.js";
import { kindOfObject, nameOfKind } from "../model/types.js";
import { type Context, objectsOf } from "./context.js";
import { refusal } from "./refused.js";

const DECODE = "kubernetes:yaml:decode";

export async function invoke(context: Context, token: string, given: Values): Promise<Values> {
  if (token === DECODE) return { result: await decode(context, given) };
  throw new Error(
    refusal(token) ?? `the rehearsal provider does not serve the function ${token}. It serves: ${DECODE}`,
  );
}

async function decode(context: Context, { text, defaultNamespace }: Values): Promise<Values[]> {
  if (typeof text !== "string") throw new Error(`${DECODE} needs \`text\``);
  const documents = parseAllDocuments(text, { version: "1.1" });
  const objects: Values[] = [];
  for (const [index, document] of documents.entries()) {
    const [fault] = document.errors;
    if (fault) throw new Error(`document ${index + 1} is no YAML: ${fault.message}`);
    const value: unknown = document.toJS();
    if (value === null || value === undefined) continue;
    if (!isRecord(value)) throw new Error(`document ${index + 1} is no object`);
    objects.push(...itemsOf(value, index + 1));
  }
  if (defaultNamespace) await Promise.all(objects.map((object) => setNamespace(context, object, defaultNamespace)));
  return objects;
}

/** A list is taken apart into its items. */
function itemsOf(value: Values, document: number): Values[] {
  const kind = kindOfObject(value);
  if (!kind) throw new Error(`document ${document} has no apiVersion and kind`);
  const isList = nameOfKind(kind) === "v1/List" || (kind.kind.endsWith("List") && Array.isArray(value.items));
  return isList ? (value.items ?? []).flatMap((item: Values) => itemsOf(item, document)) : [value];
}

async function setNamespace(context: Context, object: Values, namespace: string): Promise<void> {
  const kind = kindOfObject(object);
  if (!kind || object.metadata?.namespace || !context.cluster.objects) return;
  const found = await objectsOf(context).discovery.find(kind, context.signal);
  if (found?.namespaced !== false) object.metadata = { ...object.metadata, namespace };
}
