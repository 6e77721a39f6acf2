import fc from "fast-check";
import { UNKNOWN, type Values } from "../../../../src/rehearsal/provider/protocol/values.js";
import { changesBetween, conformAll } from "../../../../src/rehearsal/provider/schema/compare.js";
import { inputsOf, parsePath, plan } from "../../../../src/rehearsal/provider/schema/plan.js";
import { previewCreate, previewUpdate } from "../../../../src/rehearsal/provider/schema/preview.js";
import {
  flag,
  integer,
  list,
  map,
  object,
  type Properties,
  set,
  text,
} from "../../../../src/rehearsal/provider/schema/property.js";
import { refreshInputs } from "../../../../src/rehearsal/provider/schema/refresh.js";

const PROPERTIES: Properties = {
  name: text({ computed: true, replace: true }),
  size: integer({ default: 3 }),
  on: flag(),
  chosen: text({ computed: true }),
  subnets: set(text()),
  order: list(text()),
  tags: map(),
  check: object({ path: text({ computed: true }), times: integer({ default: 2 }) }, { computed: true }),
  groups: set(object({ arn: text({ required: true }), weight: integer({ default: 1 }) }), { key: "arn" }),
  base: object({ kind: text() }, { replace: true }),
  arn: text({ output: true }),
};

const diff = (state: Values, inputs: Values, ignored: string[] = []): Record<string, string> =>
  Object.fromEntries(
    changesBetween(PROPERTIES, state, plan(PROPERTIES, inputs, state, ignored)).map(({ path, kind, replace }) => [
      path,
      replace ? `${kind}-replace` : kind,
    ]),
  );

const STATE: Values = {
  name: "web",
  size: 3,
  on: false,
  chosen: "by AWS",
  subnets: ["a", "b"],
  order: ["x", "y"],
  tags: { app: "web" },
  check: { path: "/", times: 2 },
  groups: [
    { arn: "blue", weight: 100 },
    { arn: "green", weight: 0 },
  ],
  base: { kind: "one" },
  arn: "arn:1",
};
const SAME: Values = {
  subnets: ["b", "a"],
  order: ["x", "y"],
  tags: { app: "web" },
  groups: [
    { arn: "green", weight: 0 },
    { arn: "blue", weight: 100 },
  ],
  base: { kind: "one" },
};

test.each<[string, Values, Record<string, string>]>([
  ["nothing, whatever the order of a set", {}, {}],
  ["a default that was left", { size: 4 }, { size: "update" }],
  ["zero, which is not absent", { size: 0 }, { size: "update" }],
  ["a flag", { on: true }, { on: "update" }],
  ["a flag given as what it is", { on: false }, {}],
  ["the name", { name: "shop" }, { name: "update-replace" }],
  ["an element of a set", { subnets: ["a", "c"] }, { "subnets[1]": "update" }],
  ["one more element of a set", { subnets: ["c", "b", "a"] }, { "subnets[0]": "add" }],
  ["the order of a list", { order: ["y", "x"] }, { "order[0]": "update", "order[1]": "update" }],
  ["a shorter list", { order: ["x"] }, { "order[1]": "delete" }],
  ["tags", { tags: { "a b": "1" } }, { "tags.app": "delete", 'tags["a b"]': "add" }],
  ["all tags", { tags: undefined }, { tags: "delete" }],
  ["a part of a block", { check: { times: 5 } }, { "check.times": "update" }],
  [
    "a weight, by its key",
    {
      groups: [
        { arn: "green", weight: 5 },
        { arn: "blue", weight: 100 },
      ],
    },
    { "groups[0].weight": "update" },
  ],
  [
    "a weight left to its default",
    { groups: [{ arn: "green" }, { arn: "blue", weight: 100 }] },
    { "groups[0].weight": "update" },
  ],
  ["a group gone", { groups: [{ arn: "blue", weight: 100 }] }, { "groups[1]": "delete" }],
  ["something inside that replaces", { base: { kind: "two" } }, { "base.kind": "update-replace" }],
  ["a value not known yet", { chosen: UNKNOWN }, { chosen: "update" }],
  ["a replacing value not known yet", { name: UNKNOWN }, { name: "update-replace" }],
  ["an element not known yet", { subnets: ["a", UNKNOWN] }, { "subnets[1]": "update" }],
])("a change of %s", (_what, change, expected) => {
  expect(diff(STATE, { ...SAME, ...change })).toEqual(expected);
});

test.each([
  ["size", { size: 9 }],
  ["tags.app", { tags: { app: "shop" } }],
  ["tags", { tags: undefined }],
  ['tags["a.b"]', { tags: { app: "web", "a.b": "1" } }],
  ["check", { check: { path: "/up" } }],
  [
    "groups[0].weight",
    {
      groups: [
        { arn: "blue", weight: 7 },
        { arn: "green", weight: 0 },
      ],
    },
  ],
  [
    "groups[*].weight",
    {
      groups: [
        { arn: "blue", weight: 7 },
        { arn: "green", weight: 9 },
      ],
    },
  ],
])("ignoreChanges %s", (path, change) => {
  const inputs = { ...SAME, ...change };
  expect(Object.keys(diff(STATE, inputs)).length).toBeGreaterThan(0);
  expect(diff(STATE, inputs, [path])).toEqual({});
});

test("paths", () => {
  expect(parsePath('a.b[0].c["d.e"][*]')).toEqual(["a", "b", "0", "c", "d.e", "*"]);
});

test("what AWS answers takes the order of what was asked", () => {
  const asked = plan(PROPERTIES, SAME, {});
  const state = conformAll(PROPERTIES, asked, STATE);
  expect(state).toMatchObject({ subnets: ["b", "a"], groups: SAME.groups, arn: "arn:1" });
});

test("a preview knows what the program gives, and nothing that AWS gives", () => {
  expect(previewCreate(PROPERTIES, plan(PROPERTIES, SAME, {}))).toEqual({
    ...SAME,
    name: UNKNOWN,
    size: 3,
    chosen: UNKNOWN,
    check: UNKNOWN,
    arn: UNKNOWN,
  });
  const planned = plan(PROPERTIES, { ...SAME, size: 4, check: { times: 9 }, tags: undefined }, STATE);
  const { tags: _gone, ...rest } = STATE;
  expect(previewUpdate(PROPERTIES, STATE, planned, ["arn"])).toEqual({
    ...rest,
    subnets: SAME.subnets,
    groups: SAME.groups,
    size: 4,
    check: { path: "/", times: 9 },
    arn: UNKNOWN,
  });
});

test("a refresh moves only those inputs that drifted", () => {
  const drifted = {
    ...STATE,
    size: 9,
    groups: [
      { arn: "blue", weight: 50 },
      { arn: "green", weight: 50 },
    ],
    chosen: "else",
  };
  expect(refreshInputs(PROPERTIES, { ...SAME, size: 3, check: { times: 2 } }, drifted)).toEqual({
    ...SAME,
    size: 9,
    check: { times: 2 },
    groups: drifted.groups,
  });
});

const inputs = fc.record(
  {
    name: fc.string({ minLength: 1 }),
    size: fc.integer(),
    on: fc.boolean(),
    chosen: fc.string({ minLength: 1 }),
    subnets: fc.uniqueArray(fc.string({ minLength: 1 })),
    order: fc.array(fc.string()),
    tags: fc.dictionary(fc.stringMatching(/^[a-z."\\ ]+$/), fc.string()),
    check: fc.record({ path: fc.string({ minLength: 1 }), times: fc.integer() }, { requiredKeys: [] }),
    groups: fc.uniqueArray(fc.record({ arn: fc.string(), weight: fc.nat() }, { requiredKeys: ["arn"] }), {
      selector: ({ arn }) => arn,
    }),
    base: fc.record({ kind: fc.string() }),
  },
  { requiredKeys: [] },
);

test("property: a state that came of a plan shows no difference to it, in any order, nor after a refresh or an import", () => {
  fc.assert(
    fc.property(inputs, fc.infiniteStream(fc.nat()), (given, stream) => {
      const random = (): number => stream.next().value as number;
      const shuffled = (items?: unknown[]) => items && [...items].sort(() => (random() % 2) - 0.5);
      const state = plan(PROPERTIES, given, {});
      const again = { ...given, subnets: shuffled(given.subnets), groups: shuffled(given.groups) };
      expect(diff(state, again)).toEqual({});
      expect(diff(state, refreshInputs(PROPERTIES, given, state))).toEqual({});
      expect(refreshInputs(PROPERTIES, given, state)).toEqual(given);
      expect(diff(state, inputsOf(PROPERTIES, state))).toEqual({});
    }),
  );
});

test("property: there is a difference exactly where the plans differ, and following it removes it", () => {
  fc.assert(
    fc.property(inputs, inputs, (first, second) => {
      const state = plan(PROPERTIES, first, {});
      const planned = plan(PROPERTIES, second, state);
      const tops = new Set(changesBetween(PROPERTIES, state, planned).map(({ top }) => top));
      const moved = { ...state, ...Object.fromEntries([...tops].map((name) => [name, planned[name]])) };
      expect(changesBetween(PROPERTIES, moved, plan(PROPERTIES, second, moved))).toEqual([]);
    }),
  );
});
