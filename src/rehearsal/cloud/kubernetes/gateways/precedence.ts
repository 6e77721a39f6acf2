import type { HttpRoute, RouteMatch } from "./gatewayObjects.js";

/** A match with what decides which of several that fit a request wins. */
export interface Ranked {
  readonly route: HttpRoute;
  /** Of the rule in its route. */
  readonly index: number;
  readonly match: RouteMatch;
  readonly hostnames: readonly string[];
}

/**
 * Which of two goes first: the more special host, then an exact path, the longer path, a method, more headers, more query
 * parameters, the older route, the alphabet, the earlier rule (Gateway API reference, HTTPRouteRule.matches).
 */
export function byPrecedence(a: Ranked, b: Ranked): number {
  return (
    hostRank(b) - hostRank(a) ||
    Number(isExact(b)) - Number(isExact(a)) ||
    pathOf(b).length - pathOf(a).length ||
    Number(b.match.method !== undefined) - Number(a.match.method !== undefined) ||
    count(b.match.headers) - count(a.match.headers) ||
    count(b.match.queryParams) - count(a.match.queryParams) ||
    ageOf(a) - ageOf(b) ||
    nameOf(a).localeCompare(nameOf(b)) ||
    a.index - b.index
  );
}

/** An exact host goes before a wildcard, and the longer wildcard before the shorter. */
function hostRank({ hostnames }: Ranked): number {
  return Math.max(0, ...hostnames.map((name) => (name.startsWith("*.") ? name.length : 1000 + name.length)));
}

const isExact = ({ match }: Ranked): boolean => match.path?.type === "Exact";
const pathOf = ({ match }: Ranked): string => match.path?.value ?? "/";
const count = (list: readonly unknown[] | undefined): number => list?.length ?? 0;
const ageOf = ({ route }: Ranked): number => Date.parse(route.metadata.creationTimestamp ?? "") || 0;
const nameOf = ({ route }: Ranked): string => `${route.metadata.namespace}/${route.metadata.name}`;
