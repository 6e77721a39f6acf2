/** The difference between a state and a plan, property by property, blind to order and spelling where AWS is. */
import { isRecord, isUnknown, type Values } from "../protocol/values.js";
import { isEmpty, type Properties, type Property } from "./property.js";

export interface Change {
  /** `healthCheck.path`, `defaultActions[0].forward.targetGroups[1].weight` */
  readonly path: string;
  /** The property of the resource in which it lies. */
  readonly top: string;
  readonly kind: "add" | "delete" | "update";
  readonly replace: boolean;
}

export function changesBetween(properties: Properties, state: Values, planned: Values): Change[] {
  const changes: Change[] = [];
  for (const [name, property] of Object.entries(properties)) {
    if (property.output) continue;
    const report = (path: string, kind: Change["kind"], replace: boolean): void => {
      changes.push({ path, top: name, kind, replace });
    };
    compare(property, state[name], planned[name], name, property.replace ?? false, report);
  }
  return changes;
}

/** True if going from `state` to `planned` changes nothing. */
export function equal(property: Property, state: unknown, planned: unknown): boolean {
  let changed = false;
  compare(property, state, planned, "", false, () => {
    changed = true;
  });
  return !changed;
}

type Report = (path: string, kind: Change["kind"], replace: boolean) => void;

function compare(
  property: Property,
  state: unknown,
  planned: unknown,
  path: string,
  replace: boolean,
  report: Report,
): void {
  if (planned === undefined) {
    if (!property.computed && !isEmpty(state)) report(path, "delete", replace);
    return;
  }
  if (state === undefined || state === null) {
    const nothing = typeof planned === "object" && !isUnknown(planned) && isEmpty(planned);
    if (!nothing) report(path, "add", replace);
    return;
  }
  if (isUnknown(planned)) {
    report(path, "update", replace);
    return;
  }
  if (property.same?.(state, planned)) return;
  if (property.kind === "object" && property.fields && isRecord(state) && isRecord(planned)) {
    for (const [name, field] of Object.entries(property.fields)) {
      if (field.output) continue;
      compare(field, state[name], planned[name], `${path}.${name}`, replace || (field.replace ?? false), report);
    }
  } else if (property.kind === "map" && isRecord(state) && isRecord(planned)) {
    for (const key of new Set([...Object.keys(state), ...Object.keys(planned)])) {
      const step = /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
      const kind = planned[key] === undefined ? "delete" : state[key] === undefined ? "add" : "update";
      if (state[key] !== planned[key]) report(path + step, kind, replace);
    }
  } else if (property.kind === "list" && Array.isArray(state) && Array.isArray(planned)) {
    for (let index = 0; index < Math.max(state.length, planned.length); index++) {
      const at = `${path}[${index}]`;
      if (index >= planned.length) report(at, "delete", replace);
      else compare(property.element as Property, state[index], planned[index], at, replace, report);
    }
  } else if (property.kind === "set" && Array.isArray(state) && Array.isArray(planned)) {
    compareSets(property, state, planned, path, replace, report);
  } else if (state !== planned) {
    report(path, "update", replace);
  }
}

function compareSets(
  property: Property,
  state: readonly unknown[],
  planned: readonly unknown[],
  path: string,
  replace: boolean,
  report: Report,
): void {
  const element = property.element as Property;
  const gone = new Set(state.keys());
  const fresh: number[] = [];
  for (const [index, item] of planned.entries()) {
    const match = [...gone].find((candidate) => equal(element, state[candidate], item));
    if (match === undefined) fresh.push(index);
    else gone.delete(match);
  }
  for (const index of fresh) {
    const twin = [...gone].find((candidate) => sameKey(property, state[candidate], planned[index]));
    // Of elements without a key, the one that stood in the same place is shown as changed.
    const before = twin ?? (!property.key && gone.has(index) ? index : undefined);
    if (before === undefined) report(`${path}[${index}]`, "add", replace);
    else {
      gone.delete(before);
      if (twin === undefined) report(`${path}[${index}]`, "update", replace);
      else compare(element, state[before], planned[index], `${path}[${index}]`, replace, report);
    }
  }
  for (const index of gone) report(`${path}[${index}]`, "delete", replace);
}

function sameKey(property: Property, left: unknown, right: unknown): boolean {
  const key = property.key;
  return key !== undefined && isRecord(left) && isRecord(right) && left[key] === right[key];
}

/**
 * Gives what AWS answered the order and spelling of what was asked, wherever both mean the same, so that the next diff's paths
 * point to the same elements on both sides.
 */
export function conform(property: Property, asked: unknown, actual: unknown): unknown {
  if (asked === undefined || asked === null || isUnknown(asked)) return actual;
  if (actual === undefined || actual === null) return isEmpty(asked) ? asked : actual;
  if (property.same?.(actual, asked)) return asked;
  if (property.kind === "object" && property.fields && isRecord(asked) && isRecord(actual)) {
    return conformAll(property.fields, asked, actual);
  }
  if (!Array.isArray(asked) || !Array.isArray(actual) || !property.element) return actual;
  const element = property.element;
  if (property.kind === "list") return actual.map((item, index) => conform(element, asked[index], item));
  const rest = [...actual];
  const ordered: unknown[] = [];
  for (const item of asked) {
    const found = rest.findIndex((other) => equal(element, other, item) || sameKey(property, other, item));
    if (found >= 0) ordered.push(conform(element, item, rest.splice(found, 1)[0]));
  }
  return [...ordered, ...rest];
}

export function conformAll(properties: Properties, asked: Values, actual: Values): Values {
  const result: Values = { ...actual };
  for (const [name, property] of Object.entries(properties)) {
    const value = property.output ? actual[name] : conform(property, asked[name], actual[name]);
    if (value === undefined || value === null) delete result[name];
    else result[name] = value;
  }
  return result;
}
