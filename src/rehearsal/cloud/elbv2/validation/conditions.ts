import { isIP } from "node:net";
import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { invalid } from "../refusals.js";

/** Fields that AWS takes once per rule; headers and query strings may be asked several times (botocore model, RuleCondition). */
const once = ["host-header", "path-pattern", "http-request-method", "source-ip"];

/** A rule's conditions, checked against AWS's limits, each with the configuration that its field is read back with. */
export function normalizeConditions(conditions: readonly RuleCondition[]): RuleCondition[] {
  if (conditions.length === 0) throw invalid("A rule must have at least one condition");
  for (const field of once) {
    if (conditions.filter((condition) => condition.Field === field).length > 1) {
      throw invalid(`A rule can have only one '${field}' condition`);
    }
  }
  const normalized = conditions.map(normalizeCondition);
  const values = normalized.flatMap(valuesOf);
  // ALB guide, quotas: five values and five wildcards per rule.
  if (values.length > 5) throw invalid(`A rule can have at most 5 condition values, not ${values.length}`);
  const wildcards = values.join("").match(/[*?]/g)?.length ?? 0;
  if (wildcards > 5) throw invalid(`A rule can have at most 5 wildcards, not ${wildcards}`);
  return normalized;
}

/** The configuration that belongs to each field, and the members that the older form puts beside it. */
const membersOf: Readonly<Record<string, readonly string[]>> = {
  "host-header": ["HostHeaderConfig", "Values", "RegexValues"],
  "path-pattern": ["PathPatternConfig", "Values", "RegexValues"],
  "http-header": ["HttpHeaderConfig", "RegexValues"],
  "query-string": ["QueryStringConfig"],
  "http-request-method": ["HttpRequestMethodConfig"],
  "source-ip": ["SourceIpConfig"],
};

function normalizeCondition(condition: RuleCondition): RuleCondition {
  const { Field = "", Values, RegexValues } = condition;
  const allowed = Object.hasOwn(membersOf, Field) ? membersOf[Field] : undefined;
  for (const [member, value] of Object.entries(condition)) {
    if (member === "Field" || value === undefined || allowed === undefined || allowed.includes(member)) continue;
    throw invalid(`'${member}' cannot be specified for a condition with the field '${Field}'`);
  }
  switch (Field) {
    case "host-header": {
      const config = patterns(Field, condition.HostHeaderConfig, { Values, RegexValues });
      return { Field, ...config, HostHeaderConfig: config };
    }
    case "path-pattern": {
      const config = patterns(Field, condition.PathPatternConfig, { Values, RegexValues });
      return { Field, ...config, PathPatternConfig: config };
    }
    case "http-header": {
      const HttpHeaderName = requireHeaderName(condition.HttpHeaderConfig?.HttpHeaderName ?? "");
      const config = patterns(Field, condition.HttpHeaderConfig, { RegexValues });
      return { Field, HttpHeaderConfig: { HttpHeaderName, ...config } };
    }
    case "query-string":
      return { Field, QueryStringConfig: { Values: queryPairs(condition) } };
    case "http-request-method": {
      const values = requireValues(Field, condition.HttpRequestMethodConfig?.Values);
      for (const value of values) {
        if (!/^[A-Z_-]{1,40}$/.test(value)) throw invalid(`Condition value '${value}' is not a request method`);
      }
      return { Field, HttpRequestMethodConfig: { Values: values } };
    }
    case "source-ip": {
      const values = requireValues(Field, condition.SourceIpConfig?.Values);
      for (const value of values) requireCidr(value);
      return { Field, SourceIpConfig: { Values: values } };
    }
    default:
      throw invalid(
        `Condition field '${Field}' must be one of '[http-header, path-pattern, http-request-method, host-header, query-string, source-ip]'`,
      );
  }
}

interface Patterns {
  readonly Values?: string[] | undefined;
  readonly RegexValues?: string[] | undefined;
}

/** Values stand in the field's own configuration or, in the older form, beside it; never in both, never with RegexValues. */
function patterns(
  field: string,
  config: Patterns | undefined,
  older: Patterns,
): { Values: string[] } | { RegexValues: string[] } {
  const values = config?.Values ?? older.Values;
  const regexes = config?.RegexValues ?? older.RegexValues;
  if ((config?.Values && older.Values) || (config?.RegexValues && older.RegexValues)) {
    throw invalid(`You cannot specify both 'Values' and the configuration of condition '${field}'`);
  }
  if (values?.length && regexes?.length) {
    throw invalid(`You cannot specify both 'Values' and 'RegexValues' of condition '${field}'`);
  }
  if (!regexes?.length) return { Values: requireValues(field, values) };
  for (const regex of requireValues(field, regexes)) {
    try {
      new RegExp(regex);
    } catch (error) {
      throw invalid(`Condition value '${regex}' is not a valid regular expression: ${(error as Error).message}`);
    }
  }
  return { RegexValues: [...regexes] };
}

function requireValues(field: string, values: readonly string[] | undefined): string[] {
  if (!values || values.length === 0) throw invalid(`A '${field}' condition must have at least one value`);
  if (values.length > 3) throw invalid(`A '${field}' condition can have at most 3 values, not ${values.length}`);
  for (const value of values) {
    if (value.length < 1 || value.length > 128)
      throw invalid(`Condition value '${value}' must be 1 to 128 characters long`);
  }
  return [...values];
}

function requireHeaderName(name: string): string {
  if (name.length < 1 || name.length > 40 || !/^[!#$%&'+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
    throw invalid(`Header name '${name}' must be 1 to 40 characters of a header's alphabet, without wildcards`);
  }
  if (name.toLowerCase() === "host") throw invalid("Header 'Host' must be matched with a 'host-header' condition");
  return name;
}

function queryPairs(condition: RuleCondition): { Key?: string; Value: string }[] {
  const pairs = condition.QueryStringConfig?.Values ?? [];
  requireValues(
    "query-string",
    pairs.map((pair) => pair.Value ?? ""),
  );
  return pairs.map(({ Key, Value = "" }) => {
    if (Key !== undefined && (Key.length < 1 || Key.length > 128)) {
      throw invalid(`Query string key '${Key}' must be 1 to 128 characters long`);
    }
    return { ...(Key !== undefined && { Key }), Value };
  });
}

function requireCidr(block: string): void {
  const [address = "", prefix = "", ...rest] = block.split("/");
  const version = isIP(address);
  const longest = version === 4 ? 32 : 128;
  if (version === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > longest) {
    throw invalid(`Condition value '${block}' is not a valid CIDR block`);
  }
}

function valuesOf(condition: RuleCondition): string[] {
  const { HostHeaderConfig, PathPatternConfig, HttpHeaderConfig, HttpRequestMethodConfig, SourceIpConfig } = condition;
  const pairs = condition.QueryStringConfig?.Values ?? [];
  const regexes =
    HostHeaderConfig?.RegexValues ?? PathPatternConfig?.RegexValues ?? HttpHeaderConfig?.RegexValues ?? [];
  // In a regular expression * and ? are no wildcards; they count as values only.
  if (regexes.length > 0) return regexes.map(() => "");
  if (pairs.length > 0) return pairs.map(({ Key = "", Value = "" }) => Key + Value);
  const config = HostHeaderConfig ?? PathPatternConfig ?? HttpHeaderConfig ?? HttpRequestMethodConfig ?? SourceIpConfig;
  return [...(config?.Values ?? [])];
}
