import { BlockList, isIPv6 } from "node:net";
import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { RequestFacts } from "./requestFacts.js";
import { type Matcher, wildcard } from "./wildcard.js";

/** Decides whether a request meets a condition. */
export type Condition = (facts: RequestFacts) => boolean;

/**
 * One condition of a rule. Its values are alternatives, and a rule needs all of its conditions. Host names, header values and query
 * strings are compared without regard to case; paths and methods with it (ALB guide, listeners).
 */
export function compileCondition(condition: RuleCondition): Condition {
  switch (condition.Field) {
    case "host-header":
      return hostCondition(condition);
    case "path-pattern":
      return pathCondition(condition);
    case "http-header":
      return headerCondition(condition);
    case "http-request-method":
      return methodCondition(condition);
    case "query-string":
      return queryCondition(condition);
    case "source-ip":
      return sourceCondition(condition);
    default:
      throw new Error(
        `A rule has a condition on "${condition.Field}", which the local balancer does not know; it knows host-header, ` +
          "path-pattern, http-header, http-request-method, query-string and source-ip.",
      );
  }
}

function hostCondition(condition: RuleCondition): Condition {
  const values = condition.HostHeaderConfig?.Values ?? condition.Values ?? [];
  const matches = anyOf(condition, values, condition.HostHeaderConfig?.RegexValues ?? condition.RegexValues, true);
  return (facts) => matches(facts.host);
}

function pathCondition(condition: RuleCondition): Condition {
  const values = condition.PathPatternConfig?.Values ?? condition.Values ?? [];
  const matches = anyOf(condition, values, condition.PathPatternConfig?.RegexValues ?? condition.RegexValues, false);
  return (facts) => matches(facts.path);
}

function headerCondition(condition: RuleCondition): Condition {
  const config = condition.HttpHeaderConfig;
  const name = config?.HttpHeaderName?.toLowerCase();
  if (!name) throw incomplete(condition);
  const matches = anyOf(condition, config?.Values ?? [], config?.RegexValues ?? condition.RegexValues, true);
  // A header sent several times is searched in order until one matches (botocore model, HttpHeaderConditionConfig).
  return (facts) => facts.headerValues(name).some(matches);
}

function methodCondition(condition: RuleCondition): Condition {
  const methods = new Set(condition.HttpRequestMethodConfig?.Values ?? condition.Values ?? []);
  if (methods.size === 0) throw incomplete(condition);
  return (facts) => methods.has(facts.method);
}

function queryCondition(condition: RuleCondition): Condition {
  const pairs = (condition.QueryStringConfig?.Values ?? []).map((pair) => ({
    key: pair.Key === undefined ? undefined : wildcard(pair.Key, { ignoreCase: true, escapes: true }),
    value: wildcard(pair.Value ?? "", { ignoreCase: true, escapes: true }),
  }));
  if (pairs.length === 0) throw incomplete(condition);
  return (facts) => {
    if (facts.query === "") return false;
    for (const parameter of facts.query.split("&")) {
      const equals = parameter.indexOf("=");
      const key = equals < 0 ? parameter : parameter.slice(0, equals);
      const value = equals < 0 ? "" : parameter.slice(equals + 1);
      if (pairs.some((pair) => (pair.key === undefined || pair.key(key)) && pair.value(value))) return true;
    }
    return false;
  };
}

function sourceCondition(condition: RuleCondition): Condition {
  const blocks = condition.SourceIpConfig?.Values ?? condition.Values ?? [];
  if (blocks.length === 0) throw incomplete(condition);
  const list = new BlockList();
  for (const block of blocks) {
    const [address = "", length] = block.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    try {
      list.addSubnet(address, length === undefined ? (family === "ipv6" ? 128 : 32) : Number(length), family);
    } catch (cause) {
      throw new Error(`A source-ip condition has "${block}", expected a block such as 192.0.2.0/24.`, { cause });
    }
  }
  return (facts) => {
    const address = facts.sourceAddress;
    return address !== "" && list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
  };
}

function anyOf(
  condition: RuleCondition,
  values: readonly string[],
  expressions: readonly string[] | undefined,
  ignoreCase: boolean,
): Matcher {
  const matchers = values.map((value) => wildcard(value, { ignoreCase }));
  for (const expression of expressions ?? []) {
    const pattern = compileExpression(expression, ignoreCase);
    matchers.push((text) => pattern.test(text));
  }
  const [only] = matchers;
  if (only === undefined) throw incomplete(condition);
  return matchers.length === 1 ? only : (text) => matchers.some((matches) => matches(text));
}

function compileExpression(expression: string, ignoreCase: boolean): RegExp {
  try {
    return new RegExp(expression, ignoreCase ? "i" : "");
  } catch (cause) {
    throw new Error(`A condition's regular expression "${expression}" cannot be read: ${(cause as Error).message}.`, {
      cause,
    });
  }
}

function incomplete(condition: RuleCondition): Error {
  return new Error(`A ${condition.Field} condition has no values to compare with: ${JSON.stringify(condition)}.`);
}
