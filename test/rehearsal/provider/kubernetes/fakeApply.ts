/** Server-side apply as an API server does it, small: fields belong to managers, lists are replaced as a whole. */
import { isRecord, type Values } from "../../../../src/rehearsal/provider/protocol/values.js";

export type Owned = Map<string, Values>;

/** Paths of the leaves (lists are leaves) that an applied object sets, without its identity. */
function leaves(value: Values, path: readonly string[] = []): string[][] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, key];
    if (path.length === 0 && ["apiVersion", "kind"].includes(key)) return [];
    if (path[0] === "metadata" && path.length === 1 && ["name", "namespace"].includes(key)) return [];
    return isRecord(inner) && Object.keys(inner).length > 0 ? leaves(inner, here) : [here];
  });
}

function get(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((here, step) => (isRecord(here) ? here[step] : undefined), tree);
}

export interface Conflict {
  readonly manager: string;
  readonly path: string;
}

/** Fields that another manager owns with another value. */
export function conflicts(owned: Owned, manager: string, applied: Values): Conflict[] {
  return leaves(applied).flatMap((path) =>
    [...owned].flatMap(([other, theirs]) => {
      const value = get(theirs, path);
      const differs = JSON.stringify(value) !== JSON.stringify(get(applied, path));
      return other !== manager && value !== undefined && differs
        ? [{ manager: other, path: `.${path.join(".")}` }]
        : [];
    }),
  );
}

export function applied(standing: Values | undefined, owned: Owned, manager: string, wanted: Values): Values {
  const result: Values = structuredClone(standing ?? {});
  const before = owned.get(manager);
  for (const path of before ? leaves(before) : []) {
    const shared = [...owned].some(([other, theirs]) => other !== manager && get(theirs, path) !== undefined);
    if (get(wanted, path) === undefined && !shared) remove(result, path);
  }
  merge(result, wanted);
  return result;
}

function remove(tree: Values, path: readonly string[]): void {
  const parent = get(tree, path.slice(0, -1));
  if (isRecord(parent)) delete parent[path.at(-1) as string];
}

function merge(into: Values, from: Values): void {
  for (const [key, value] of Object.entries(from)) {
    if (isRecord(value) && isRecord(into[key])) merge(into[key], value);
    else into[key] = structuredClone(value);
  }
}

/** `metadata.managedFields` as the API tells it. */
export function managedFields(owned: Owned): Values[] {
  return [...owned].map(([manager, fields]) => ({
    manager: manager.replace(/ \(Update\)$/, ""),
    operation: manager.endsWith(" (Update)") ? "Update" : "Apply",
    fieldsType: "FieldsV1",
    fieldsV1: fieldsOf(fields),
  }));
}

function fieldsOf(value: Values): Values {
  const entries = Object.entries(value).filter(([key]) => !["apiVersion", "kind", "name", "namespace"].includes(key));
  return Object.fromEntries(entries.map(([key, inner]) => [`f:${key}`, isRecord(inner) ? fieldsOf(inner) : {}]));
}
