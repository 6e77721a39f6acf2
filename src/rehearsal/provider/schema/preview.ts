/** What a preview shows before AWS is asked: known where the provider can tell, unknown where only AWS can. */
import { isRecord, UNKNOWN, type Values } from "../protocol/values.js";
import { isEmpty, type Properties, type Property } from "./property.js";

/** Outputs of a resource that will be created. */
export function previewCreate(properties: Properties, planned: Values): Values {
  const outputs: Values = {};
  for (const [name, property] of Object.entries(properties)) {
    if (name === "tagsAll") outputs[name] = planned.tags ?? {};
    else if (property.output) outputs[name] = UNKNOWN;
    else {
      const value = withUnknowns(property, planned[name]);
      if (value !== undefined) outputs[name] = value;
    }
  }
  return outputs;
}

/**
 * Outputs of a resource that will be updated: those that the change sets or affects are new, all others keep their values.
 * @param recomputed outputs that AWS will give anew
 */
export function previewUpdate(
  properties: Properties,
  state: Values,
  planned: Values,
  recomputed: readonly string[],
): Values {
  const outputs: Values = { ...state };
  for (const [name, property] of Object.entries(properties)) {
    if (property.output) continue;
    if (planned[name] !== undefined) outputs[name] = withUnknowns(property, planned[name]);
    else if (!property.computed && !isEmpty(state[name])) delete outputs[name];
  }
  if (properties.tagsAll) outputs.tagsAll = planned.tags ?? {};
  for (const name of recomputed) outputs[name] = UNKNOWN;
  return outputs;
}

function withUnknowns(property: Property, value: unknown): unknown {
  if (value === undefined) return property.computed ? UNKNOWN : undefined;
  if (property.kind === "object" && property.fields && isRecord(value)) {
    const filled: Values = {};
    for (const [name, field] of Object.entries(property.fields)) {
      const inner = withUnknowns(field, value[name]);
      if (inner !== undefined) filled[name] = inner;
    }
    return filled;
  }
  if (Array.isArray(value) && property.element)
    return value.map((item) => withUnknowns(property.element as Property, item));
  return value;
}
