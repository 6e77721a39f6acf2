/** First half of check: does the program give what this provider understands, in the right type? */
import { isRecord, isUnknown, type Values } from "../protocol/values.js";
import type { Properties, Property } from "./property.js";

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** Checks a bag of given values and brings them to their declared types. All faults are collected, none is dropped. */
export function coerceAll(
  owner: string,
  properties: Properties,
  given: Values,
  path: string,
  failures: CheckFailure[],
): Values {
  const result: Values = {};
  for (const [name, value] of Object.entries(given)) {
    const at = path ? `${path}.${name}` : name;
    const property = properties[name];
    if (name.startsWith("__") || value === undefined || value === null) continue;
    if (!property) failures.push({ property: at, reason: unimplemented(owner, at) });
    else if (property.output) failures.push({ property: at, reason: `\`${at}\` is set by AWS and cannot be given` });
    else result[name] = coerce(owner, property, value, at, failures);
  }
  for (const [name, property] of Object.entries(properties)) {
    const at = path ? `${path}.${name}` : name;
    const missing = given[name] === undefined || given[name] === null;
    if (property.required && missing) {
      failures.push({ property: at, reason: `missing required property \`${at}\`` });
    }
    // A pair that excludes itself both ways is reported once.
    const rival = property.conflictsWith?.find(
      (other) => result[other] !== undefined && (name < other || !properties[other]?.conflictsWith?.includes(name)),
    );
    if (result[name] !== undefined && rival) {
      failures.push({ property: at, reason: `\`${name}\` conflicts with \`${rival}\`: give one of them` });
    }
  }
  return result;
}

/** The sentence for an input that the real provider may know and this one does not. */
export function unimplemented(owner: string, at: string): string {
  return (
    `the rehearsal provider does not implement \`${at}\` of ${owner} yet. ` +
    "Why: an input that it dropped in silence would make the rehearsal differ from the real thing. " +
    "Fix: check the spelling; if it is right, leave the input out while rehearsing, or rehearse with the real provider (`--provider real`)"
  );
}

function coerce(owner: string, property: Property, value: unknown, at: string, failures: CheckFailure[]): unknown {
  if (isUnknown(value)) return value;
  const wrong = (expected: string): undefined => {
    failures.push({ property: at, reason: `\`${at}\` is ${describe(value)}, expected ${expected}` });
    return undefined;
  };
  switch (property.kind) {
    case "text": {
      if (typeof value === "object") return wrong("text");
      return checked(property, String(value), at, failures);
    }
    case "integer":
    case "number": {
      const parsed = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      if (typeof parsed !== "number" || Number.isNaN(parsed)) return wrong("a number");
      if (property.kind === "integer" && !Number.isInteger(parsed)) return wrong("a whole number");
      return checked(property, parsed, at, failures);
    }
    case "flag":
      if (value === "true" || value === "false") return value === "true";
      return typeof value === "boolean" ? value : wrong("true or false");
    case "list":
    case "set": {
      if (!Array.isArray(value)) return wrong("a list");
      const element = property.element as Property;
      return value.map((item, index) => coerce(owner, element, item, `${at}[${index}]`, failures));
    }
    case "map": {
      if (!isRecord(value)) return wrong("an object with text values");
      const values: Values = {};
      for (const [key, item] of Object.entries(value)) {
        values[key] = coerce(owner, { kind: "text" }, item, `${at}.${key}`, failures);
      }
      return values;
    }
    case "object":
      return isRecord(value)
        ? coerceAll(owner, property.fields as Properties, value, at, failures)
        : wrong("an object");
  }
}

function checked<T extends string | number>(property: Property, value: T, at: string, failures: CheckFailure[]): T {
  const { oneOf, range } = property;
  if (oneOf && !oneOf.includes(value)) {
    failures.push({ property: at, reason: `\`${at}\` is ${describe(value)}, expected one of ${oneOf.join(", ")}` });
  }
  if (range) {
    const size: number = typeof value === "string" ? value.length : Number(value);
    const unit = typeof value === "string" ? " characters" : "";
    if (size < range[0] || size > range[1]) {
      const got = typeof value === "string" ? `${describe(value)} (${size} characters)` : String(value);
      failures.push({ property: at, reason: `\`${at}\` is ${got}, expected ${range[0]} to ${range[1]}${unit}` });
    }
  }
  return value;
}

function describe(value: unknown): string {
  const shown = JSON.stringify(value) ?? String(value);
  return shown.length > 60 ? `${shown.slice(0, 57)}...` : shown;
}
