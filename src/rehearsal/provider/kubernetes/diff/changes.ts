/** The difference between what stands and what is asked, field by field. */
import { isRecord, isUnknown, type Values } from "../../protocol/values.js";
import type { Step } from "../model/tree.js";

export interface FieldChange {
  readonly path: readonly Step[];
  readonly kind: "add" | "delete" | "update";
}

/** @param standing the live object in the shape of the inputs that made it */
export function changesBetween(standing: Values, asked: Values): FieldChange[] {
  const changes: FieldChange[] = [];
  compareObjects(standing, asked, [], changes);
  return changes;
}

function compareObjects(standing: Values, asked: Values, path: readonly Step[], changes: FieldChange[]): void {
  for (const key of new Set([...Object.keys(standing), ...Object.keys(asked)])) {
    compare(standing[key], asked[key], [...path, key], changes);
  }
}

function compare(standing: unknown, asked: unknown, path: readonly Step[], changes: FieldChange[]): void {
  const [had, has] = [standing !== undefined && standing !== null, asked !== undefined && asked !== null];
  if (!had && !has) return;
  if (!had) changes.push({ path, kind: "add" });
  else if (!has) changes.push({ path, kind: "delete" });
  else if (isUnknown(asked)) changes.push({ path, kind: "update" });
  else if (isRecord(standing) && isRecord(asked)) compareObjects(standing, asked, path, changes);
  else if (Array.isArray(standing) && Array.isArray(asked)) {
    // By position: the order of a list is the program's, and the server keeps it.
    for (let index = 0; index < Math.max(standing.length, asked.length); index++) {
      compare(standing[index], asked[index], [...path, index], changes);
    }
  } else if (standing !== asked) changes.push({ path, kind: "update" });
}
