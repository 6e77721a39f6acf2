import { CanaryRelease, CODES, type HitlessError } from "../../../src/index.js";
import { checkCanaryRelease } from "../../../src/strategies/canaryRelease/checkCanaryRelease.js";
import { setHitlessMocks } from "../../../src/testing/index.js";
import { type Change, codesOf as codesWith, type Row, range } from "../shared/badInput.js";
import { LISTENER } from "../shared/surroundings.js";
import { canaryArgs, release, runCanary } from "./programs.js";

const codesOf = (change: Change, name = "web") =>
  codesWith((args) => checkCanaryRelease(name, args), canaryArgs({ stable: "v1", canary: ["v2", 10] }), change);

const beta = { header: { name: "x-beta", values: ["1"] } };
const other = (version: string, weight = 1) => ({ ...release(version), weight });
const rule = (more: object = {}) => ({ listenerArn: LISTENER, priority: 10, paths: ["/*"], ...more });
const weight = (value: unknown): Change => {
  return (a) => (a.canary.weight = value);
};
const audience = (value: object): Change => {
  return (a) => (a.canary.audience = value);
};

const rows: Row[] = [
  ["as it is", () => {}, []],
  // Weights
  ...[0, 0.1, 12.5, 99.9, 100].map((w): [string, Change, string[]] => [`weight ${w}`, weight(w), []]),
  ...[-0.1, 100.1, Number.NaN, Number.POSITIVE_INFINITY, 10.05, "10", true].map((w): [string, Change, string[]] => [
    `weight ${String(w)}`,
    weight(w),
    ["HIT185"],
  ]),
  ["no weight", (a) => delete a.canary.weight, ["HIT106"]],
  ["weights of 100 in sum", (a) => Object.assign(a, { others: [other("v3", 90)] }), []],
  ["weights over 100 in sum", (a) => Object.assign(a, { others: [other("v3", 90.1)] }), ["HIT186"]],
  ["tenths that add up", (a) => Object.assign(a, { canary: other("v2", 99.7), others: [other("v3", 0.1), other("v4", 0.2)] }), []], // biome-ignore format: one line
  // Versions
  ["a canary with the stable's version", (a) => (a.canary.version = "v1"), ["HIT187"]],
  ["a previous with the canary's version", (a) => (a.previous = release("v2")), ["HIT187"]],
  ["two others alike", (a) => (a.others = [other("v3"), other("v3")]), ["HIT187"]],
  ["five versions", (a) => Object.assign(a, { others: [other("v3"), other("v4")], previous: release("v0") }), []],
  ["six versions", (a) => Object.assign(a, { others: [other("v3"), other("v4"), other("v5")], previous: release("v0") }), ["HIT189"]], // biome-ignore format: one line
  ["a version with spaces", (a) => (a.canary.version = "v 2"), ["HIT102"]],
  ["a version with a comma", (a) => (a.canary.version = "v2,3"), ["HIT102"]],
  ["a version with dots", (a) => (a.canary.version = "2.0.1"), []],
  ["others too long for a tag", (a) => (a.others = [other("x".repeat(128)), other("y".repeat(128))]), ["HIT102"]],
  ["no stable", (a) => delete a.stable, ["HIT106"]],
  ["others no list", (a) => (a.others = other("v3")), ["HIT106"]],
  ["a canary without an image", (a) => delete a.canary.imageId, ["HIT106"]],
  ["a misspelt argument of a canary", (a) => (a.canary.wieght = 5), ["HIT107"]],
  // Contracts
  ["a contract without its own", (a) => (a.canary.data = { writes: 7, reads: [6] }), ["HIT105"]],
  ["contracts that fit", (a) => Object.assign(a.canary, { data: { writes: 7, reads: [6, 7] } }), []],
  ["contracts that do not", contracts("canary"), ["HIT201", "HIT201"].slice(0, 1)],
  ["contracts of the previous that do not", contracts("previous"), ["HIT201"]],
  // Audience
  ["an audience", audience(beta), []],
  ["an audience without conditions", audience({}), ["HIT188"]],
  ["an audience with a priority only", audience({ priority: 5 }), ["HIT188"]],
  ["an audience of four header values", audience({ header: { name: "x", values: ["1", "2", "3", "4"] } }), ["HIT188"]],
  ["an audience of no header values", audience({ header: { name: "x", values: [] } }), ["HIT188"]],
  [
    "an audience of five values",
    audience({ header: { name: "x", values: ["1", "2"] }, query: { key: "q", values: ["1", "2", "3"] } }),
    [],
  ],
  [
    "an audience of six values",
    audience({
      header: { name: "x", values: ["1", "2"] },
      query: { key: "q", values: ["1", "2", "3"] },
      cookie: { name: "c", value: "1" },
    }),
    ["HIT188"],
  ],
  ["six wildcards", audience({ header: { name: "x", values: ["*a*", "*b*"] }, cookie: { name: "c", value: "1" } }), ["HIT188"]], // biome-ignore format: one line
  ["five values with the entrance's", (a) => Object.assign(a, { entrance: rule({ paths: ["/a", "/b", "/c"] }), canary: { ...a.canary, audience: { ...beta, priority: 1 } } }), []], // biome-ignore format: one line
  ["six values with the entrance's", (a) => Object.assign(a, { entrance: rule({ paths: ["/a", "/b", "/c"], hosts: ["a", "b"] }), canary: { ...a.canary, audience: { ...beta, priority: 1 } } }), ["HIT188"]], // biome-ignore format: one line
  ["an audience by host", audience({ header: { name: "Host", values: ["a"] } }), ["HIT188"]],
  ["a header without a name", audience({ header: { values: ["a"] } }), ["HIT106"]],
  ["a value of 129", audience({ header: { name: "x", values: ["x".repeat(129)] } }), ["HIT188"]],
  ["networks", audience({ sourceCidrs: ["10.0.0.0/8", "2001:db8::/32"] }), []],
  ["addresses", audience({ sourceCidrs: ["10.0.0.1", "10.0.0.0/33", "*"] }), ["HIT188", "HIT188", "HIT188"]],
  ["a misspelt condition", audience({ ...beta, headers: [] }), ["HIT107"]],
  // Priorities
  ["an audience on a rule without priority", (a) => Object.assign(a, { entrance: rule(), canary: { ...a.canary, audience: beta } }), ["HIT194"]], // biome-ignore format: one line
  ["an audience after the public", (a) => Object.assign(a, { entrance: rule(), canary: { ...a.canary, audience: { ...beta, priority: 11 } } }), ["HIT194"]], // biome-ignore format: one line
  ["an audience in the public's place", (a) => Object.assign(a, { entrance: rule(), canary: { ...a.canary, audience: { ...beta, priority: 10 } } }), ["HIT174"]], // biome-ignore format: one line
  ["priority 0", audience({ ...beta, priority: 0 }), ["HIT194"]],
  ["priority 50001", audience({ ...beta, priority: 50_001 }), ["HIT194"]],
  // Capacity
  ["capacity full", (a) => (a.canary.capacity = "full"), []],
  ["capacity half", (a) => (a.canary.capacity = "half"), ["HIT192"]],
  ["servers 2", (a) => (a.canary.servers = 2), []],
  ["servers 0", (a) => (a.canary.servers = 0), ["HIT192"]],
  ["servers 1.5", (a) => (a.canary.servers = 1.5), ["HIT192"]],
  ["servers over the maximum", (a) => Object.assign(a.canary, { servers: 100 }), ["HIT192"]],
  ["capacity and servers", (a) => Object.assign(a.canary, { capacity: "full", servers: 2 }), ["HIT192"]],
  // Steps
  ["steps", (a) => (a.steps = [0.1, 5, 100]), []],
  ["steps that fall", (a) => (a.steps = [5, 3]), ["HIT190"]],
  ["steps twice", (a) => (a.steps = [5, 5]), ["HIT190"]],
  ["steps from 0", (a) => (a.steps = [0, 5]), ["HIT190"]],
  ["steps over 100", (a) => (a.steps = [5, 101]), ["HIT190"]],
  ["steps NaN", (a) => (a.steps = [Number.NaN]), ["HIT190"]],
  ["no steps in it", (a) => (a.steps = []), ["HIT190"]],
  ["steps no list", (a) => (a.steps = 5), ["HIT190"]],
  ["maxStep", (a) => (a.maxStep = 0.5), []],
  ...[0, -1, 100.1, Number.NaN, "5"].map((m): [string, Change, string[]] => [
    `maxStep ${m}`,
    (a) => (a.maxStep = m),
    ["HIT191"],
  ]),
  // The rest
  ["stickiness", (a) => (a.stickiness = { seconds: 604_800 }), []],
  ["stickiness by a cookie of the app", (a) => (a.stickiness = { seconds: 60, cookieName: "SESSION" }), ["HIT177"]],
  ["stickiness for 0 s", (a) => (a.stickiness = { seconds: 0 }), ["HIT177"]],
  ["eleven alarms", (a) => (a.alarmNames = Array(11).fill("alarm")), ["HIT134"]],
  ...range("drainSeconds", 0, 3600, "HIT130"),
  ...range("startupSeconds", 0, 7200, "HIT131"),
  ...range("warmupSeconds", 0, 3600, "HIT131"),
  ...range("bakeSeconds", 0, 172_800, "HIT131"),
  ...range("spreadSeconds", 0, 3600, "HIT131"),
  ...range("capacitySeconds", 1, 1_209_600, "HIT131"),
  ["a misspelt argument", (a) => (a.stabel = release("v1")), ["HIT107"]],
];

test.each(rows)("%s", (_what, change, codes) => {
  expect([...codesOf(change)].sort()).toEqual([...codes].sort());
});

test.each([
  ["x".repeat(16), []],
  ["x".repeat(17), ["HIT100"]],
])("name %p", (name, codes) => {
  expect(codesOf(() => {}, name)).toEqual(codes);
});

test("two versions whose fleets would have one name", () => {
  // Found by search: both digests begin with the same five digits.
  const [one, two] = collision();
  expect(codesOf((a) => Object.assign(a, { stable: release(one), canary: { ...a.canary, version: two } }))).toEqual([
    "HIT193",
  ]);
});

test("everything that is wrong is said at once, and nothing is created", async () => {
  const mocks = await setHitlessMocks();
  const bad = canaryArgs({ stable: "v1", canary: ["v1", 120] }, { steps: [5, 1], maxStep: 0, drainSeconds: -1 });
  let codes: readonly string[] = [];
  try {
    new CanaryRelease("web", bad);
  } catch (error) {
    codes = (error as HitlessError).codes;
  }
  expect([...codes].sort()).toEqual(["HIT130", "HIT185", "HIT187", "HIT190", "HIT191"]);
  expect(mocks.resources).toEqual([]);
});

test("two releases on one place of a listener are refused", async () => {
  const args = canaryArgs({ stable: "v1" }, { entrance: rule() });
  await runCanary(args);
  expect(() => new CanaryRelease("api", args)).toThrow(/HIT174/);
});

test("two audiences on one place are refused, also on the component's own listener", () => {
  const same = { ...beta, priority: 7 };
  const codes = codesOf((a) => {
    a.canary.audience = same;
    a.others = [{ ...other("v3"), audience: same }];
  });
  expect(codes).toEqual(["HIT174"]);
});

test("every code of its own is given by some row", () => {
  const given = new Set([...rows.flatMap(([, , codes]) => codes), "HIT193", "HIT195"]);
  const own = Object.keys(CODES).filter((code) => /^HIT1(8[5-9]|9\d)$/.test(code));
  expect(own.filter((code) => !given.has(code))).toEqual([]);
});

function contracts(role: "canary" | "previous"): Change {
  return (a) => {
    a.stable.data = { writes: 7, reads: [7] };
    a[role] = { ...release("v9"), ...(role === "canary" ? { weight: 1 } : {}), data: { writes: 8, reads: [7, 8] } };
  };
}

/** Two versions that are shortened to the same name. */
function collision(): [string, string] {
  const seen = new Map<string, string>();
  for (let number = 0; ; number += 1) {
    const version = `release.candidate.${number}`;
    const name = checkCanaryRelease("x".repeat(16), canaryArgs({ stable: version })).versions[0]?.name as string;
    const before = seen.get(name.slice(17));
    if (before !== undefined) return [before, version];
    seen.set(name.slice(17), version);
  }
}
