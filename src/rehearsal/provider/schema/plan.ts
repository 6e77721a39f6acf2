/** What a resource shall look like: the program's inputs completed with defaults and with what AWS chose before. */
import { isRecord, isUnknown, type Values } from "../protocol/values.js";
import { isEmpty, type Properties, type Property } from "./property.js";

/**
 * @param state the last known state; empty for a resource that does not exist yet
 * @param ignored property paths of the `ignoreChanges` option: there the state wins
 */
export function plan(properties: Properties, inputs: Values, state: Values, ignored: readonly string[] = []): Values {
  const planned = fillAll(properties, inputs, state);
  for (const path of ignored) keepState(planned, state, parsePath(path));
  return planned;
}

function fillAll(properties: Properties, given: Values, state: Values): Values {
  const planned: Values = {};
  for (const [name, property] of Object.entries(properties)) {
    if (property.output) continue;
    const excluded = property.conflictsWith?.some((rival) => given[rival] !== undefined) ?? false;
    const value = excluded && given[name] === undefined ? undefined : fill(property, given[name], state[name]);
    if (value !== undefined) planned[name] = value;
  }
  return planned;
}

function fill(property: Property, given: unknown, state: unknown): unknown {
  if (isUnknown(given)) return given;
  if (given === undefined || given === null) {
    return property.default !== undefined ? property.default : property.computed ? state : undefined;
  }
  if (property.kind === "object" && property.fields && isRecord(given)) {
    return fillAll(property.fields, given, isRecord(state) ? state : {});
  }
  if (Array.isArray(given) && property.element?.kind === "object") {
    const before = Array.isArray(state) ? state : [];
    return given.map((item, index) => fill(property.element as Property, item, partner(property, item, before, index)));
  }
  return given;
}

/** The element of the state that an element of the inputs stands for: by place in a list, by key in a set. */
function partner(property: Property, item: unknown, before: readonly unknown[], index: number): unknown {
  if (property.kind === "list") return before[index];
  const key = property.key;
  if (!key || !isRecord(item)) return undefined;
  return before.find((candidate) => isRecord(candidate) && candidate[key] === item[key]);
}

/** `tags["a.b"]`, `defaultActions[0].forward`, `targetGroups[*].weight` → its steps. */
export function parsePath(path: string): string[] {
  const steps: string[] = [];
  for (const match of path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g)) {
    steps.push(match[1]?.replace(/\\(.)/g, "$1") ?? match[2] ?? (match[3] as string));
  }
  return steps;
}

function keepState(planned: any, state: any, [step, ...rest]: string[]): void {
  if (step === undefined || planned === null || typeof planned !== "object" || isUnknown(planned)) return;
  if (step === "*") {
    for (const key of new Set([...Object.keys(planned), ...Object.keys(state ?? {})])) {
      keepState(planned, state, [key, ...rest]);
    }
  } else if (rest.length > 0 && planned[step] !== undefined) {
    keepState(planned[step], state?.[step], rest);
  } else if (rest.length === 0) {
    if (state?.[step] !== undefined) planned[step] = state[step];
    else if (Array.isArray(planned)) planned.splice(Number(step), 1);
    else delete planned[step];
  }
}

/** Inputs that would lead to this state, for `pulumi import`: nothing empty, no defaults, one of each conflicting pair. */
export function inputsOf(properties: Properties, state: Values): Values {
  const inputs: Values = {};
  for (const [name, property] of Object.entries(properties)) {
    if (property.output || property.stored) continue;
    const value = toInput(property, state[name]);
    const silent = property.default === undefined ? isEmpty(value) : value === property.default;
    if (value === undefined || (silent && !property.required)) continue;
    if (property.conflictsWith?.some((rival) => inputs[rival] !== undefined)) continue;
    inputs[name] = value;
  }
  return inputs;
}

function toInput(property: Property, value: unknown): unknown {
  if (property.kind === "object" && property.fields && isRecord(value)) return inputsOf(property.fields, value);
  if (Array.isArray(value) && property.element) return value.map((item) => toInput(property.element as Property, item));
  return value;
}
