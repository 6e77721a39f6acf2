import { CODES, HitlessError, RollingFleet, type RollingFleetArgs } from "../../../src/index.js";
import { checkRollingFleet } from "../../../src/strategies/rollingFleet/checkRollingFleet.js";
import { setHitlessMocks } from "../../../src/testing/index.js";
import { type Change, codesOf as codesWith, type Row, range } from "../shared/badInput.js";
import { BALANCER, LISTENER } from "../shared/surroundings.js";
import { goodArgs } from "./programs.js";

const codesOf = (change: Change, name = "web") =>
  codesWith((args) => checkRollingFleet(name, args), goodArgs(), change);

const rule = (more: object = {}): object => ({ listenerArn: LISTENER, priority: 1, paths: ["/*"], ...more });

/** Each row: what is set, and the codes that it must give (none: it is fine). */
const rows: Row[] = [
  ["as it is", () => {}, []],
  // Batches
  ["batchSize 1", (a) => (a.batchSize = 1), []],
  ["batchSize N", (a) => (a.batchSize = 6), []],
  ["batchSize N+1", (a) => (a.batchSize = 7), ["HIT111"]],
  ["batchSize 0", (a) => (a.batchSize = 0), ["HIT110"]],
  ["batchSize -1", (a) => (a.batchSize = -1), ["HIT110"]],
  ["batchSize 1.5", (a) => (a.batchSize = 1.5), ["HIT110"]],
  ["batchSize NaN", (a) => (a.batchSize = Number.NaN), ["HIT110"]],
  ["batchSize as text", (a) => (a.batchSize = "2"), ["HIT110"]],
  ["both batches", (a) => (a.batchPercentage = 20), ["HIT112"]],
  ["neither batch", (a) => delete a.batchSize, []],
  ...[1, 33.3, 100].map((p): [string, Change, string[]] => [`batchPercentage ${p}`, percentage(p), []]),
  ...[0, 0.9, 100.1, 101, -5, Number.NaN].map((p): [string, Change, string[]] => [
    `batchPercentage ${p}`,
    percentage(p),
    ["HIT113"],
  ]),
  // Surge
  ["no surge", (a) => (a.surge = false), []],
  ["no surge, batch N-1", (a) => Object.assign(a, { surge: false, batchSize: 5 }), []],
  ["no surge, batch N", (a) => Object.assign(a, { surge: false, batchSize: 6 }), ["HIT114"]],
  [
    "no surge, N = 1",
    (a) => Object.assign(a, { surge: false, batchSize: 1, fleet: { ...a.fleet, desiredCapacity: 1 } }),
    ["HIT114"],
  ],
  [
    "no surge, N = 2",
    (a) => Object.assign(a, { surge: false, batchSize: 1, fleet: { ...a.fleet, desiredCapacity: 2 } }),
    [],
  ],
  // Sizes
  ["min = desired = max", sizes(6, 6, 6), []],
  ["min 0", sizes(0, 6, 6), []],
  ["min over desired", sizes(7, 6, 8), ["HIT115"]],
  ["desired over max", sizes(1, 6, 5), ["HIT115"]],
  ["min over the default", (a) => (a.fleet.minSize = 7), ["HIT115"]],
  ["max under the default", (a) => (a.fleet.maxSize = 5), ["HIT115"]],
  ["min fractional", sizes(1.5, 6, 8), ["HIT116"]],
  ["min negative", sizes(-1, 6, 8), ["HIT116"]],
  [
    "desired 0",
    (a) => Object.assign(a, { batchSize: undefined, fleet: { ...a.fleet, desiredCapacity: 0 } }),
    ["HIT116"],
  ],
  ["max infinite", sizes(1, 6, Number.POSITIVE_INFINITY), ["HIT116"]],
  // Health
  ["health path without slash", (a) => (a.healthCheck.path = "health"), ["HIT120"]],
  ["health path with a host", (a) => (a.healthCheck.path = "http://x/health"), ["HIT120"]],
  ["health path with a space", (a) => (a.healthCheck.path = "/a b"), ["HIT120"]],
  ["health path of 1024", (a) => (a.healthCheck.path = `/${"x".repeat(1023)}`), []],
  ["health path of 1025", (a) => (a.healthCheck.path = `/${"x".repeat(1024)}`), ["HIT120"]],
  ["health path missing", (a) => delete a.healthCheck.path, ["HIT106"]],
  ["interval over timeout", health({ intervalSeconds: 6, timeoutSeconds: 5 }), []],
  ["interval = timeout", health({ intervalSeconds: 5, timeoutSeconds: 5 }), ["HIT121"]],
  ["interval under timeout", health({ intervalSeconds: 5, timeoutSeconds: 10 }), ["HIT121"]],
  ["timeout over the default interval", health({ timeoutSeconds: 11 }), ["HIT121"]],
  ["interval 4", health({ intervalSeconds: 4, timeoutSeconds: 2 }), ["HIT122"]],
  ["interval 300", health({ intervalSeconds: 300 }), []],
  ["interval 301", health({ intervalSeconds: 301 }), ["HIT122"]],
  ["timeout 1", health({ timeoutSeconds: 1 }), ["HIT122"]],
  ["timeout 120", health({ intervalSeconds: 300, timeoutSeconds: 120 }), []],
  ["timeout 121", health({ intervalSeconds: 300, timeoutSeconds: 121 }), ["HIT122"]],
  ["thresholds 1 and 11", health({ healthyThreshold: 1, unhealthyThreshold: 11 }), ["HIT122", "HIT122"]],
  ["thresholds 2 and 10", health({ healthyThreshold: 2, unhealthyThreshold: 10 }), []],
  ["matcher range", health({ matcher: "200-499" }), []],
  ["matcher list", health({ matcher: "200,204,302" }), []],
  ["matcher 500", health({ matcher: "500" }), ["HIT123"]],
  ["matcher words", health({ matcher: "OK" }), ["HIT123"]],
  // Durations
  ...range("drainSeconds", 0, 3600, "HIT130"),
  ...range("startupSeconds", 0, 7200, "HIT131"),
  ...range("warmupSeconds", 0, 3600, "HIT131"),
  ...range("bakeSeconds", 0, 172_800, "HIT131"),
  ...range("replacementTimeoutSeconds", 1, 1_209_600, "HIT131"),
  ...range("timeoutSeconds", 1, 1_209_600, "HIT131"),
  ["toleratedFailures 0", (a) => (a.toleratedFailures = 0), []],
  ["toleratedFailures -1", (a) => (a.toleratedFailures = -1), ["HIT136"]],
  ["ten alarms", (a) => (a.alarmNames = Array(10).fill("alarm")), []],
  ["eleven alarms", (a) => (a.alarmNames = Array(11).fill("alarm")), ["HIT134"]],
  ["whenBusy queue", (a) => (a.whenBusy = "queue"), []],
  ["whenBusy later", (a) => (a.whenBusy = "later"), ["HIT135"]],
  // Entrance
  ["neither listener nor load balancer", (a) => (a.entrance = {}), ["HIT141"]],
  ["both", (a) => (a.entrance = { ...rule(), loadBalancerArn: BALANCER }), ["HIT140"]],
  ["a rule", (a) => (a.entrance = rule()), []],
  ...[1, 50_000].map((p): [string, Change, string[]] => [
    `priority ${p}`,
    (a) => (a.entrance = rule({ priority: p })),
    [],
  ]),
  ...[0, 50_001, 1.5, -1].map((p): [string, Change, string[]] => [
    `priority ${p}`,
    (a) => (a.entrance = rule({ priority: p })),
    ["HIT142"],
  ]),
  ["no priority", (a) => (a.entrance = { listenerArn: LISTENER, paths: ["/*"] }), ["HIT142"]],
  ["no conditions", (a) => (a.entrance = { listenerArn: LISTENER, priority: 1 }), ["HIT144"]],
  ["four hosts", (a) => (a.entrance = rule({ hosts: ["a", "b", "c", "d"] })), ["HIT144"]],
  ["no hosts", (a) => (a.entrance = rule({ hosts: [] })), ["HIT144"]],
  ["six values", (a) => (a.entrance = rule({ hosts: ["a", "b", "c"], paths: ["/d", "/e", "/f"] })), ["HIT144"]],
  ["six wildcards", (a) => (a.entrance = rule({ paths: ["/*/*", "/*/*", "/*/?"] })), ["HIT144"]],
  ["a path of 129", (a) => (a.entrance = rule({ paths: [`/${"x".repeat(128)}`] })), ["HIT144"]],
  ["header Host", (a) => (a.entrance = rule({ headers: [{ name: "host", values: ["a"] }] })), ["HIT144"]],
  ["header with a wildcard", (a) => (a.entrance = rule({ headers: [{ name: "X-*", values: ["a"] }] })), ["HIT144"]],
  ["header of 41", (a) => (a.entrance = rule({ headers: [{ name: "X".repeat(41), values: ["a"] }] })), ["HIT144"]],
  [
    "listener arguments on a rule",
    (a) => (a.entrance = rule({ listenerPort: 80, hostName: "x" })),
    ["HIT146", "HIT146"],
  ],
  ["rule arguments on a listener", (a) => (a.entrance.priority = 5), ["HIT146"]],
  ["port 65535", (a) => (a.entrance.listenerPort = 65_535), []],
  ["port 0", (a) => (a.entrance.listenerPort = 0), ["HIT143"]],
  ["port 65536", (a) => (a.entrance.listenerPort = 65_536), ["HIT143"]],
  ["HTTPS without a certificate", (a) => (a.entrance.protocol = "HTTPS"), ["HIT145"]],
  [
    "HTTP with a certificate",
    (a) => Object.assign(a.entrance, { protocol: "HTTP", certificateArn: "arn" }),
    ["HIT145"],
  ],
  ["TCP", (a) => (a.entrance.protocol = "TCP"), ["HIT145"]],
  // Release
  ["user data of 16384 bytes", (a) => (a.release.userData = "x".repeat(16_384)), []],
  ["user data of 16385 bytes", (a) => (a.release.userData = "x".repeat(16_385)), ["HIT103"]],
  ["user data of 16384 characters, more bytes", (a) => (a.release.userData = "ä".repeat(16_384)), ["HIT103"]],
  ["version empty", (a) => (a.release.version = ""), ["HIT101"]],
  ["version of spaces", (a) => (a.release.version = "  "), ["HIT101"]],
  ["version missing", (a) => delete a.release.version, ["HIT101"]],
  ["version $Latest", (a) => (a.release.version = "$Latest"), ["HIT102"]],
  ["version $Default", (a) => (a.release.version = "$Default"), ["HIT102"]],
  ["version as a number", (a) => (a.release.version = 2), ["HIT102"]],
  ["version of 128", (a) => (a.release.version = "x".repeat(128)), []],
  ["version of 129", (a) => (a.release.version = "x".repeat(129)), ["HIT102"]],
  ["image from SSM", (a) => (a.release.imageId = "resolve:ssm:/x"), ["HIT108"]],
  ["image missing", (a) => delete a.release.imageId, ["HIT106"]],
  ["contract without its own", (a) => (a.release.data = { writes: 7, reads: [6] }), ["HIT105"]],
  ["contract", (a) => (a.release.data = { writes: 7, reads: [6, 7] }), []],
  // Fleet
  ["no security group", (a) => delete a.fleet.loadBalancerSecurityGroupIds, ["HIT151"]],
  ["empty security groups", (a) => (a.fleet.loadBalancerSecurityGroupIds = []), ["HIT151"]],
  ["no subnet", (a) => (a.fleet.subnetIds = []), ["HIT152"]],
  ["server port 0", (a) => (a.fleet.port = 0), ["HIT143"]],
  ["no VPC", (a) => delete a.fleet.vpcId, ["HIT106"]],
  ["both measures", scaling({ requestsPerServer: 1, cpuPercent: 50 }, 9), ["HIT160"]],
  ["no measure", scaling({}, 9), ["HIT160"]],
  ["scaling without a maximum", scaling({ cpuPercent: 50 }), ["HIT106"]],
  ["cpuPercent 0", scaling({ cpuPercent: 0 }, 9), ["HIT160"]],
  ["cpuPercent 101", scaling({ cpuPercent: 101 }, 9), ["HIT160"]],
  ["cpuPercent 100", scaling({ cpuPercent: 100 }, 9), []],
  [
    "group overrides what Hitless owns",
    (a) => (a.fleet.group = { instanceRefresh: {}, desiredCapacity: 3 }),
    ["HIT161", "HIT161"],
  ],
  ["template overrides what Hitless owns", (a) => (a.fleet.launchTemplate = { userData: "x" }), ["HIT161"]],
  ["interfaces and security groups", (a) => (a.fleet.launchTemplate = { networkInterfaces: [{}] }), ["HIT161"]],
  // Unknown arguments
  ["a misspelt argument", (a) => (a.batchsize = 2), ["HIT107"]],
  [
    "misspelt deeper",
    (a) => {
      a.fleet.desired = 2;
      a.healthCheck.interval = 5;
      a.release.ami = "x";
      a.entrance.port = 1;
    },
    ["HIT107", "HIT107", "HIT107", "HIT107"],
  ],
  ["a part is missing", (a) => delete a.healthCheck, ["HIT106"]],
];

test.each(rows)("%s", (_what, change, codes) => {
  expect([...codesOf(change)].sort()).toEqual([...codes].sort());
});

test.each([
  ["web", []],
  ["Checkout-API-2", []],
  ["x".repeat(24), []],
  ["x".repeat(25), ["HIT100"]],
  ["check_out", ["HIT100"]],
  ["v1.2", ["HIT100"]],
  ["-web", ["HIT100"]],
  ["web-", ["HIT100"]],
  ["internal-web", ["HIT100"]],
  ["sg-web", ["HIT100"]],
  ["", ["HIT100"]],
])("name %p", (name, codes) => {
  expect(codesOf(() => {}, name)).toEqual(codes);
});

test("everything that is wrong is said at once, in one form, and nothing is created", async () => {
  const mocks = await setHitlessMocks();
  const args = goodArgs();
  const bad: RollingFleetArgs = {
    ...args,
    batchSize: 0,
    drainSeconds: 3601,
    release: { ...args.release, version: "" },
  };
  expect(() => new RollingFleet("web", bad)).toThrow(
    new HitlessError([
      {
        code: "HIT110",
        subject: 'RollingFleet "web"',
        problem: "batchSize is 0, expected a whole number of at least 1.",
        why: "Servers are replaced whole.",
        fix: "set batchSize within that",
      },
      {
        code: "HIT101",
        subject: 'RollingFleet "web"',
        problem: 'release.version is empty, expected a name such as "v2".',
        why: "The version tells servers of two releases apart.",
        fix: "set release.version",
      },
      {
        code: "HIT130",
        subject: 'RollingFleet "web"',
        problem: "drainSeconds is 3601, expected a whole number from 0 to 3600.",
        why: "The deregistration delay of a target group has these limits.",
        fix: "set drainSeconds within that",
      },
    ]),
  );
  expect(mocks.resources).toEqual([]);
});

test("the form of a message", () => {
  let message = "";
  try {
    checkRollingFleet("web", { ...goodArgs(), batchSize: 7 });
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toBe(
    [
      'HIT111 RollingFleet "web": batchSize is 7, expected at most fleet.desiredCapacity, which is 6.',
      "  Why: More servers than there are cannot be replaced at once.",
      "  Fix: set batchSize to 6 or less",
    ].join("\n"),
  );
});

test("every code of the 1xx range that is not another strategy's is given by some row", () => {
  const given = new Set([...rows.flatMap(([, , codes]) => codes), "HIT100"]);
  const declared = Object.keys(CODES).filter((code) => code < "HIT170");
  expect(declared.filter((code) => !given.has(code))).toEqual([]);
});

function percentage(value: number): Change {
  return (args) => Object.assign(args, { batchSize: undefined, batchPercentage: value });
}
function sizes(minSize: number, desiredCapacity: number, maxSize: number): Change {
  return (args) => Object.assign(args.fleet, { minSize, desiredCapacity, maxSize });
}
function health(change: object): Change {
  return (args) => Object.assign(args.healthCheck, change);
}
function scaling(measures: object, maxSize?: number): Change {
  return (args) => Object.assign(args.fleet, { scaling: measures, maxSize });
}
