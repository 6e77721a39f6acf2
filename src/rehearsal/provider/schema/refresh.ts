/** Inputs after a refresh: what the program gave, moved to where AWS stands now. */
import { isRecord, type Values } from "../protocol/values.js";
import { equal } from "./compare.js";
import { plan } from "./plan.js";
import type { Properties, Property } from "./property.js";

/** Only properties that the program gave are touched: the others are compared with the state on the next update anyway. */
export function refreshInputs(properties: Properties, inputs: Values, state: Values): Values {
  const planned = plan(properties, inputs, state);
  const refreshed: Values = {};
  for (const [name, given] of Object.entries(inputs)) {
    const property = properties[name];
    const value = property ? follow(property, given, planned[name], state[name]) : given;
    if (value !== undefined) refreshed[name] = value;
  }
  return refreshed;
}

function follow(property: Property, given: unknown, planned: unknown, state: unknown): unknown {
  if (equal(property, state, planned)) return given;
  if (property.kind === "object" && property.fields && isRecord(given) && isRecord(state)) {
    const moved: Values = {};
    for (const [name, inner] of Object.entries(given)) {
      const field = property.fields[name];
      moved[name] = field ? follow(field, inner, isRecord(planned) ? planned[name] : undefined, state[name]) : inner;
    }
    return moved;
  }
  return state;
}
