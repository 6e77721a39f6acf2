/** A header or a query parameter that a request has to have, with values any of which will do. */
export interface ExactCondition {
  readonly name: string;
  readonly values: readonly string[];
}

/** What a route asks for: any of the paths, and each of the conditions. */
export interface RouteConditions {
  readonly paths: readonly string[];
  readonly headers: readonly ExactCondition[];
  readonly query?: ExactCondition;
}

interface Exact {
  readonly type: "Exact";
  readonly name: string;
  readonly value: string;
}

/** One of an HTTPRoute's matches: everything in it has to hold (Gateway API reference, HTTPRouteMatch). */
export interface RouteMatch {
  readonly path: { readonly type: "PathPrefix"; readonly value: string };
  readonly headers?: readonly Exact[];
  readonly queryParams?: readonly Exact[];
}

/** The matches of a route, any of which will do: every combination of what will do each. */
export function matchesOf({ paths, headers, query }: RouteConditions): RouteMatch[] {
  const chosen = combinations(headers);
  const asked = query ? combinations([query]) : [[]];
  return paths.flatMap((value) =>
    chosen.flatMap((headerMatches) =>
      asked.map((queryMatches) => ({
        path: { type: "PathPrefix" as const, value },
        ...(headerMatches.length > 0 ? { headers: headerMatches } : {}),
        ...(queryMatches.length > 0 ? { queryParams: queryMatches } : {}),
      })),
    ),
  );
}

function combinations(conditions: readonly ExactCondition[]): Exact[][] {
  return conditions.reduce<Exact[][]>(
    (made, { name, values }) =>
      made.flatMap((before) => values.map((value) => [...before, { type: "Exact" as const, name, value }])),
    [[]],
  );
}
