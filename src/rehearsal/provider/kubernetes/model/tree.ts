/** Reading and changing the plain trees that objects are. */
import { isRecord, type Values } from "../../protocol/values.js";

export type Step = string | number;

export function clone<T>(value: T): T {
  if (Array.isArray(value)) return value.map(clone) as T;
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clone(inner)])) as T;
}

/** Equal as JSON, whatever the order of keys. */
export function same(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => same(item, right[index]));
  }
  if (isRecord(left) && isRecord(right)) {
    const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...keys].every((key) => same(left[key], right[key]));
  }
  return left === right;
}

export function at(tree: unknown, path: readonly Step[]): unknown {
  let here: unknown = tree;
  for (const step of path) {
    if (Array.isArray(here)) here = here[Number(step)];
    else if (isRecord(here)) here = here[String(step)];
    else return undefined;
  }
  return here;
}

/** Sets a value, making the objects on the way; where a list is on the way, it must be long enough. */
export function put(tree: Values, path: readonly Step[], value: unknown): void {
  const [last] = path.slice(-1);
  if (last === undefined) return;
  let here: any = tree;
  for (const step of path.slice(0, -1)) {
    if (!isRecord(here[step]) && !Array.isArray(here[step])) here[step] = {};
    here = here[step];
  }
  here[last] = value;
}

export function drop(tree: Values, path: readonly Step[]): void {
  const [last] = path.slice(-1);
  const parent = at(tree, path.slice(0, -1));
  if (isRecord(parent) && last !== undefined) delete parent[String(last)];
}

/**
 * The part of `source` that has the shape of `shape`: keys of both, list elements by position. The real provider compares the program's
 * inputs with the live object so pruned, so that what the cluster filled in is no difference (its `Diff`, "behavior as of v4.0").
 */
export function prune(source: Values, shape: Values): Values {
  const result: Values = {};
  for (const [key, value] of Object.entries(source)) {
    const wanted = shape[key];
    if (wanted === undefined) continue;
    const kept = pruneValue(value, wanted);
    if (!isEmptied(value, wanted, kept)) result[key] = kept;
  }
  return result;
}

function pruneValue(value: unknown, wanted: unknown): unknown {
  if (isRecord(value) && isRecord(wanted)) return prune(value, wanted);
  if (!Array.isArray(value) || !Array.isArray(wanted)) return value;
  return value.slice(0, wanted.length).map((item, index) => pruneValue(item, wanted[index]));
}

/** The shape asks for something inside, and nothing of it is there. */
function isEmptied(value: unknown, wanted: unknown, kept: unknown): boolean {
  const [before, asked, after] = [value, wanted, kept].map((part) => (isRecord(part) ? Object.keys(part).length : -1));
  return before !== undefined && before > 0 && asked !== undefined && asked > 0 && after === 0;
}

/** `spec.template.spec.containers[0].image`, `metadata.labels["a.b/c"]`: Pulumi's property paths. */
export function spell(path: readonly Step[]): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/[."[\]]/.test(step)) text += `["${step.replaceAll('"', '\\"')}"]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}

/** Reads a property path; `*` stands for any step. */
export function parsePath(text: string): Step[] {
  const steps: Step[] = [];
  const pattern = /\.?([^.[\]"]+)|\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\[\*\]/gy;
  let end = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [whole, plain, quoted, index] = match;
    if (plain !== undefined) steps.push(plain);
    else if (quoted !== undefined) steps.push(quoted.replace(/\\(.)/g, "$1"));
    else steps.push(index === undefined && whole === "[*]" ? "*" : Number(index));
    end = pattern.lastIndex;
  }
  if (end !== text.length)
    throw new Error(`"${text}" is no property path, expected one like spec.template or a["b.c"][0]`);
  return steps;
}

/** True if `inner` lies at or below `outer`. */
export function contains(outer: readonly Step[], inner: readonly Step[]): boolean {
  return (
    outer.length <= inner.length && outer.every((step, index) => step === "*" || String(step) === String(inner[index]))
  );
}
