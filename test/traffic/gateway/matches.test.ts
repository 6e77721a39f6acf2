import fc from "fast-check";
import { matchesOf, type RouteConditions } from "../../../src/traffic/gateway/matches.js";

const names = (length: number) => fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: length });
const condition = fc.record({ name: fc.string({ minLength: 1 }), values: names(4) });
const conditions: fc.Arbitrary<RouteConditions> = fc.record(
  {
    paths: names(3),
    headers: fc.uniqueArray(condition, { maxLength: 3, selector: ({ name }) => name }),
    query: condition,
  },
  { requiredKeys: ["paths", "headers"] },
);

/** What a Gateway does with a rule: one of the matches has to hold, with everything in it (Gateway API reference, HTTPRouteMatch). */
function letsIn(
  given: RouteConditions,
  request: { path: string; headers: Map<string, string>; query: Map<string, string> },
) {
  return matchesOf(given).some(
    ({ path, headers = [], queryParams = [] }) =>
      path.value === request.path &&
      headers.every(({ name, value }) => request.headers.get(name) === value) &&
      queryParams.every(({ name, value }) => request.query.get(name) === value),
  );
}

test("a request is let in when any path and each condition hold, by any of its values", () => {
  fc.assert(
    fc.property(conditions, fc.infiniteStream(fc.nat()), fc.boolean(), (given, picks, spoil) => {
      const pick = <T>(values: readonly T[]): T => values[(picks.next().value as number) % values.length] as T;
      const headers = new Map(given.headers.map(({ name, values }) => [name, pick(values)]));
      const query = new Map(given.query ? [[given.query.name, pick(given.query.values)]] : []);
      expect(letsIn(given, { path: pick(given.paths), headers, query })).toBe(true);
      if (!spoil || given.headers.length === 0) return;
      headers.set(pick(given.headers).name, "\u0000 a value that nobody asked for");
      expect(letsIn(given, { path: pick(given.paths), headers, query })).toBe(false);
    }),
  );
});

test("there is one match for each combination", () => {
  fc.assert(
    fc.property(conditions, (given) => {
      const sizes = [given.paths, ...given.headers.map(({ values }) => values), given.query?.values ?? [""]];
      expect(matchesOf(given)).toHaveLength(sizes.reduce((product, { length }) => product * length, 1));
    }),
  );
});
