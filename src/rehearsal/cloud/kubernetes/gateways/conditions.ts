import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { NamedMatch, RouteMatch } from "./gatewayObjects.js";

/** What the balancer cannot do, in words for the route's status. */
export class Unsupported extends Error {}

/**
 * A match of an HTTPRoute in the balancer's own words. Header values are compared without regard to case, as the balancer does it for ALB; the
 * Gateway API compares them with it.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httproutematch
 */
export function conditionsOf(match: RouteMatch, hostnames: readonly string[]): RuleCondition[] {
  const conditions: RuleCondition[] = [];
  if (hostnames.length > 0) conditions.push({ Field: "host-header", HostHeaderConfig: { Values: [...hostnames] } });
  const path = pathExpression(match.path ?? {});
  if (path !== undefined) conditions.push({ Field: "path-pattern", PathPatternConfig: { RegexValues: [path] } });
  for (const header of match.headers ?? []) {
    const config = { HttpHeaderName: header.name, RegexValues: [whole(header)] };
    conditions.push({ Field: "http-header", HttpHeaderConfig: config });
  }
  for (const parameter of match.queryParams ?? []) {
    if (parameter.type === "RegularExpression")
      throw new Unsupported("query parameters are matched exactly only, not by regular expressions");
    const pair = { Key: literal(parameter.name), Value: literal(parameter.value) };
    conditions.push({ Field: "query-string", QueryStringConfig: { Values: [pair] } });
  }
  if (match.method !== undefined)
    conditions.push({ Field: "http-request-method", HttpRequestMethodConfig: { Values: [match.method] } });
  return conditions;
}

/** A prefix matches whole elements of the path: `/shop` matches `/shop/1` and not `/shopping`. */
function pathExpression({ type = "PathPrefix", value = "/" }: NonNullable<RouteMatch["path"]>): string | undefined {
  if (type === "Exact") return `^${escaped(value)}$`;
  if (type === "RegularExpression") return `^(?:${value})$`;
  const prefix = value.replace(/\/+$/, "");
  return prefix === "" ? undefined : `^${escaped(prefix)}(?:/|$)`;
}

function whole({ type, value }: NamedMatch): string {
  return type === "RegularExpression" ? `^(?:${value})$` : `^${escaped(value)}$`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** Without the meaning that `*` and `?` have in the balancer's query strings. */
function literal(text: string): string {
  return text.replace(/[*?\\]/g, "\\$&");
}
