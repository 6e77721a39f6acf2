import type { OptionSpec, Rule } from "./rule.js";

/** What is wrong with a rule's configuration; each fault names rule, key and range. */
export function configurationFaults(
  rule: Pick<Rule, "name" | "options">,
  given: Readonly<Record<string, unknown>>,
): string[] {
  const known = Object.keys(rule.options);
  return Object.entries(given).flatMap(([key, value]) => {
    const spec = Object.hasOwn(rule.options, key) ? rule.options[key] : undefined;
    if (spec === undefined) {
      const there = known.length > 0 ? `it has: ${known.join(", ")}` : "it has none";
      return [`${rule.name}: unknown option "${key}"; ${there} (and enforcementLevel)`];
    }
    return fits(spec, value) ? [] : [`${rule.name}: ${key} is ${JSON.stringify(value)}, expected ${expected(spec)}`];
  });
}

function fits(spec: OptionSpec, value: unknown): boolean {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = spec;
  const inRange = (one: unknown): boolean =>
    typeof one === "number" && Number.isFinite(one) && one >= minimum && one <= maximum;
  switch (spec.type) {
    case "number":
      return inRange(value);
    case "integer":
      return inRange(value) && Number.isInteger(value);
    case "boolean":
      return typeof value === "boolean";
    case "string":
      if (typeof value !== "string" || value === "") return false;
      return (spec.values?.includes(value) ?? true) && (spec.pattern?.test(value) ?? true);
    case "strings":
      return Array.isArray(value) && value.every((one) => typeof one === "string" && (spec.pattern?.test(one) ?? true));
    case "numbers":
      return (
        typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(inRange)
      );
  }
}

/** The range of an option, in words. */
export function expected(spec: OptionSpec): string {
  const { minimum, maximum } = spec;
  const from =
    minimum === undefined ? "" : maximum === undefined ? ` of at least ${minimum}` : ` from ${minimum} to ${maximum}`;
  switch (spec.type) {
    case "number":
      return `a number${from}`;
    case "integer":
      return `a whole number${from}`;
    case "boolean":
      return "true or false";
    case "string":
      if (spec.values) return `one of ${spec.values.join(", ")}`;
      return spec.pattern ? `a text like ${spec.pattern.source}` : "a text";
    case "strings":
      return "a list of texts";
    case "numbers":
      return `a map of numbers${from}`;
  }
}

/** The JSON schema by which Pulumi itself checks a configuration file, as far as it goes. */
export function jsonSchema(spec: OptionSpec): Record<string, unknown> {
  const range = {
    ...(spec.minimum === undefined ? {} : { minimum: spec.minimum }),
    ...(spec.maximum === undefined ? {} : { maximum: spec.maximum }),
  };
  const { description } = spec;
  if (spec.type === "strings") return { type: "array", items: { type: "string" }, description };
  if (spec.type === "numbers")
    return { type: "object", additionalProperties: { type: "number", ...range }, description };
  const text = {
    ...(spec.values ? { enum: [...spec.values] } : {}),
    ...(spec.pattern ? { pattern: spec.pattern.source } : {}),
  };
  return { type: spec.type, ...range, ...text, description };
}
