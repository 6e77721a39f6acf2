import { BlueGreenPair, CODES, type HitlessError } from "../../../src/index.js";
import { checkBlueGreenPair } from "../../../src/strategies/blueGreenPair/checkBlueGreenPair.js";
import { setHitlessMocks } from "../../../src/testing/index.js";
import { type Change, codesOf as codesWith, type Row, range } from "../shared/badInput.js";
import { LISTENER } from "../shared/surroundings.js";
import { goodPair } from "./programs.js";

const codesOf = (change: Change, name = "shop") =>
  codesWith((args) => checkBlueGreenPair(name, args), goodPair(), change);

const set =
  (values: object): Change =>
  (args) =>
    Object.assign(args, values);
const verify = (check: object): Change => set({ verify: [{ path: "/", ...check }] });
const preview = (values: object): Change => set({ preview: values });
const onListener = (route: object, more: object = {}): Change =>
  set({ entrance: { listenerArn: LISTENER, priority: 10, paths: ["/*"], ...more }, preview: route });

/** Each row: what is set, and the codes that it must give (none: it is fine). */
const rows: Row[] = [
  ["as it is", () => {}, []],
  ["green live", set({ live: "green" }), []],
  ["an unknown colour", set({ live: "red" }), ["HIT170"]],
  ["a colour with capitals", set({ live: "Blue" }), ["HIT170"]],
  ["a colour that is known later", set({ live: Promise.resolve("blue") }), ["HIT170"]],
  ["no colour", (a) => delete a.live, ["HIT106"]],
  ["no green", (a) => delete a.green, ["HIT106"]],
  ["live side without capacity", (a) => (a.fleet.desiredCapacity = 0), ["HIT116"]],
  ["equal versions where no switch is asked", (a) => (a.green.version = "v1"), []],
  ["cold", set({ idle: "cold" }), []],
  ["lukewarm", set({ idle: "lukewarm" }), ["HIT171"]],
  [
    "cold, and an autoscaler that may go to nothing",
    (a) =>
      Object.assign(a, { idle: "cold", fleet: { ...a.fleet, minSize: 0, maxSize: 9, scaling: { cpuPercent: 50 } } }),
    ["HIT171"],
  ],
  // Releases
  ["blue without a version", (a) => (a.blue.version = ""), ["HIT101"]],
  ["green from SSM", (a) => (a.green.imageId = "resolve:ssm:/x"), ["HIT108"]],
  ["a contract whose reads lack its own writes", (a) => (a.green.data = { writes: 7, reads: [6] }), ["HIT105"]],
  [
    "contracts that do not meet",
    (a) => {
      a.blue.data = { writes: 6, reads: [6] };
      a.green.data = { writes: 7, reads: [6, 7] };
    },
    ["HIT201"],
  ],
  [
    "contracts that meet",
    (a) => {
      a.blue.data = { writes: 6, reads: [6, 7] };
      a.green.data = { writes: 7, reads: [6, 7] };
    },
    [],
  ],
  // Stages
  ["stages", set({ shift: [10, 50, 100] }), []],
  ["stages that do not ascend", set({ shift: [50, 10, 100] }), ["HIT176"]],
  ["stages that stand still", set({ shift: [50, 50, 100] }), ["HIT176"]],
  ["stages that do not end", set({ shift: [10, 50] }), ["HIT176"]],
  ["stage 0", set({ shift: [0, 100] }), ["HIT176"]],
  ["stage NaN", set({ shift: [Number.NaN, 100] }), ["HIT176"]],
  ["stage over 100", set({ shift: [10, 120] }), ["HIT176"]],
  ["no stage", set({ shift: [] }), ["HIT176"]],
  // Stickiness
  ["stickiness", set({ stickiness: { seconds: 604_800 } }), []],
  ["stickiness of 0", set({ stickiness: { seconds: 0 } }), ["HIT177"]],
  ["stickiness of more than a week", set({ stickiness: { seconds: 604_801 } }), ["HIT177"]],
  ["a cookie of the app", set({ stickiness: { seconds: 60, cookieName: "session" } }), ["HIT177"]],
  ["stickiness without seconds", set({ stickiness: {} }), ["HIT106"]],
  // Durations
  ...range("drainSeconds", 0, 3600, "HIT130"),
  ...range("startupSeconds", 0, 7200, "HIT131"),
  ...range("warmupSeconds", 0, 3600, "HIT131"),
  ...range("spreadSeconds", 0, 3600, "HIT131"),
  ...range("bakeSeconds", 0, 172_800, "HIT131"),
  ...range("rollbackWindowSeconds", 0, 172_800, "HIT131"),
  ...range("verifySeconds", 1, 86_400, "HIT131"),
  ...range("capacitySeconds", 1, 1_209_600, "HIT131"),
  ["eleven alarms", set({ alarmNames: Array(11).fill("alarm") }), ["HIT134"]],
  // Preview routes
  ["another header", preview({ header: "x-side" }), []],
  ["a cookie", preview({ cookie: "side" }), []],
  ["ports", preview({ ports: { blue: 8001, green: 8002 } }), []],
  ["header and cookie", preview({ header: "x-side", cookie: "side" }), ["HIT172"]],
  ["the host as header", preview({ header: "Host" }), ["HIT172"]],
  ["a header with a space", preview({ header: "x side" }), ["HIT172"]],
  ["a cookie with a semicolon", preview({ cookie: "a;b" }), ["HIT172"]],
  ["one port for both", preview({ ports: { blue: 8001, green: 8001 } }), ["HIT172"]],
  ["the port of the entrance", preview({ ports: { blue: 80, green: 8001 } }), ["HIT172"]],
  ["port 0", preview({ ports: { blue: 0, green: 8001 } }), ["HIT143"]],
  ["a missing port", preview({ ports: { blue: 8001 } }), ["HIT143"]],
  ["ports and a priority", preview({ ports: { blue: 8001, green: 8002 }, priority: 3 }), ["HIT172"]],
  ["no network", preview({ sourceCidrs: [] }), ["HIT172"]],
  ["a network without its length", preview({ sourceCidrs: ["10.0.0.0"] }), ["HIT172"]],
  ["four networks", preview({ sourceCidrs: ["10.0.0.0/8", "10.0.0.0/9", "10.0.0.0/10", "10.0.0.0/11"] }), ["HIT172"]],
  ["priority 0", preview({ priority: 0 }), ["HIT173"]],
  ["priority 49999", preview({ priority: 49_999 }), []],
  ["priority 50000", preview({ priority: 50_000 }), ["HIT173"]],
  ["on a listener", onListener({ priority: 8 }), []],
  ["on a listener without a priority", onListener({}), ["HIT173"]],
  ["on a listener, behind the entrance", onListener({ priority: 11 }), ["HIT173"]],
  ["on a listener, green on the entrance's place", onListener({ priority: 9 }), ["HIT173"]],
  ["on a listener with ports", onListener({ ports: { blue: 8001, green: 8002 } }), ["HIT172"]],
  ["more than five values", onListener({ priority: 1 }, { hosts: ["a", "b"], paths: ["/c", "/d", "/e"] }), ["HIT172"]],
  ["more than five wildcards", onListener({ priority: 1, cookie: "side" }, { paths: ["/*/*", "/*/*"] }), ["HIT172"]],
  // Verification
  [
    "a whole check",
    verify({ status: 204, bodyContains: "ok", headers: [{ name: "x", value: "y" }], latencyMs: 500, inARow: 5 }),
    [],
  ],
  ["a path without a slash", verify({ path: "health" }), ["HIT175"]],
  ["no path", set({ verify: [{}] }), ["HIT106"]],
  ["no list", set({ verify: { path: "/" } }), ["HIT175"]],
  ["status 99", verify({ status: 99 }), ["HIT175"]],
  ["status 600", verify({ status: 600 }), ["HIT175"]],
  ["none in a row", verify({ inARow: 0 }), ["HIT175"]],
  ["latency 0", verify({ latencyMs: 0 }), ["HIT175"]],
  ["deadline 0", verify({ deadlineSeconds: 0 }), ["HIT175"]],
  ["an empty text", verify({ bodyContains: "" }), ["HIT175"]],
  ["a header without a value", verify({ headers: [{ name: "x" }] }), ["HIT175"]],
  // Unknown arguments
  ["misspelt", set({ rollbackWindow: 60 }), ["HIT107"]],
  ["misspelt deeper", set({ preview: { port: 1 }, verify: [{ path: "/", body: "x" }] }), ["HIT107", "HIT107"]],
];

test.each(rows)("%s", (_what, change, codes) => {
  expect([...codesOf(change)].sort()).toEqual([...codes].sort());
});

test.each([
  ["x".repeat(18), []],
  ["x".repeat(19), ["HIT100"]],
  ["shop_1", ["HIT100"]],
])("name %p", (name, codes) => {
  expect(codesOf(() => {}, name)).toEqual(codes);
});

test("everything that is wrong is said at once, and nothing is created", async () => {
  const mocks = await setHitlessMocks();
  const args = { ...goodPair(), live: "red" as never, shift: [0], stickiness: { seconds: 0 }, drainSeconds: -1 };
  let codes: readonly string[] = [];
  try {
    new BlueGreenPair("shop", args);
  } catch (error) {
    codes = (error as HitlessError).codes;
  }
  expect(codes).toEqual(["HIT170", "HIT176", "HIT177", "HIT130"]);
  expect(mocks.resources).toEqual([]);
});

test("every code of the pair's own range is given by some row", () => {
  const given = new Set([...rows.flatMap(([, , codes]) => codes), "HIT174"]);
  const declared = Object.keys(CODES).filter((code) => code >= "HIT170" && code < "HIT185");
  expect(declared.filter((code) => !given.has(code))).toEqual([]);
});
