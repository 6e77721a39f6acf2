/** Who owns which field (`metadata.managedFields`, https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management). */
import { isRecord, type Values } from "../../protocol/values.js";
import type { Step } from "./tree.js";

interface Entry extends Values {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly fieldsV1?: Values;
}

/** Managers of which the real provider takes fields over before it applies: kubectl, and itself in client-side mode. */
const ADOPTED: readonly { readonly name: RegExp; readonly operation: string }[] = [
  { name: /^kubectl/, operation: "Apply" },
  { name: /^kubectl/, operation: "Update" },
  { name: /^before-first-apply/, operation: "Update" },
  { name: /^pulumi-(kubernetes(\.exe)?|resource-kubernetes)$/, operation: "Update" },
];

const entriesOf = (object: Values): readonly Entry[] => object.metadata?.managedFields ?? [];

function isAdopted(entry: Entry, fieldManager: string): boolean {
  if (entry.subresource || (entry.manager === fieldManager && entry.operation === "Apply")) return false;
  return ADOPTED.some(({ name, operation }) => name.test(entry.manager ?? "") && entry.operation === operation);
}

/** A JSON patch that gives this manager what kubectl or a client-side apply owned; `undefined` where there is nothing to take over. */
export function adoptionPatch(live: Values, fieldManager: string): Values[] | undefined {
  const entries = entriesOf(live);
  const adopted = entries.filter((entry) => isAdopted(entry, fieldManager));
  const [sample] = adopted;
  if (!sample) return undefined;
  const isOwn = (entry: Entry): boolean =>
    entry.manager === fieldManager && entry.operation === "Apply" && !entry.subresource;
  const fields = [...entries.filter(isOwn), ...adopted].map(({ fieldsV1 }) => fieldsV1 ?? {}).reduce(union, {});
  const merged = { ...sample, manager: fieldManager, operation: "Apply", fieldsV1: fields };
  const others = entries.filter((entry) => !adopted.includes(entry) && !isOwn(entry));
  return [
    { op: "replace", path: "/metadata/managedFields", value: [...others, merged] },
    // Fails if the object has changed since it was read.
    { op: "replace", path: "/metadata/resourceVersion", value: live.metadata.resourceVersion },
  ];
}

function union(left: Values, right: Values): Values {
  const result = { ...left };
  for (const [key, value] of Object.entries(right)) {
    result[key] = isRecord(result[key]) && isRecord(value) ? union(result[key], value) : value;
  }
  return result;
}

/** True if other managers own the field and this one does not. Fields inside lists are not looked for. */
export function isOthers(live: Values, path: readonly Step[], fieldManager: string): boolean {
  const owners = entriesOf(live).filter(({ fieldsV1 }) => owns(fieldsV1, path));
  return owners.length > 0 && owners.every(({ manager }) => manager !== fieldManager);
}

function owns(fields: Values | undefined, path: readonly Step[]): boolean {
  let here: Values | undefined = fields;
  for (const step of path) {
    if (typeof step === "number" || !isRecord(here)) return false;
    here = here[`f:${step}`];
  }
  return here !== undefined;
}
