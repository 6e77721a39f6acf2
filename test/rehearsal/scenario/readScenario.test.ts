import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { HitlessError } from "../../../src/errors/hitlessError.js";
import { faultsShape } from "../../../src/rehearsal/cloud/faultsShape.js";
import { makeCertificate } from "../../../src/rehearsal/cloud/tls/x509.js";
import { REHEARSAL_CODES } from "../../../src/rehearsal/scenario/codes.js";
import { parseScenario, readScenario } from "../../../src/rehearsal/scenario/readScenario.js";
import { unknownZones } from "../../../src/rehearsal/scenario/zones.js";

const steps = "steps:\n  - up: success\n";

function refused(text: string): HitlessError {
  try {
    parseScenario(text, "rehearsal.yaml");
  } catch (error) {
    if (error instanceof HitlessError) return error;
    throw error;
  }
  throw new Error("the scenario was accepted");
}

test("what is left out gets its documented default", () => {
  expect(parseScenario(steps, "rehearsal.yaml")).toEqual({
    speed: 1,
    minimumRequests: 0,
    previewed: false,
    destroy: true,
    isolation: "auto",
    certificates: {},
    config: {},
    faults: {},
    load: {
      output: "url",
      rate: 200,
      versionHeader: "x-version",
      maxConnections: 2000,
      requests: [
        { path: "/", method: "GET", share: 1, timeoutSeconds: 15, headers: {}, bodyBytes: 0, bodySeconds: 0, users: 0 },
      ],
    },
    steps: [
      {
        set: {},
        up: { expect: "success", refresh: false },
        during: [],
        sharesOf: {},
        tolerance: 0.05,
        lostAtMost: 0,
        observeSeconds: 1.5,
        observeRequests: 0,
        servers: {},
        waits: { bakeSeconds: 0, spreadSeconds: 0 },
        timeoutSeconds: 900,
      },
    ],
  });
});

test("short and long forms say the same", () => {
  const short = parseScenario("steps: [{ up: success }, { preview: changed }, { up: refused }]", "r.yaml");
  const long = parseScenario(
    "steps: [{ up: { expect: success } }, { preview: { expect: changed } }, { up: { expect: refused } }]",
    "r.yaml",
  );
  expect(short).toEqual(long);
});

test("a share is a fraction, with a confidence or without", () => {
  const scenario = parseScenario(
    "steps: [{ up: success, shares: { v1: 0.9, v2: { share: 0.1, confidence: 0.99 } } }]",
    "r",
  );
  expect(scenario.steps[0]?.shares).toEqual({ v1: { share: 0.9 }, v2: { share: 0.1, confidence: 0.99 } });
});

test("faults may stand everywhere, all that the cloud knows", () => {
  const faults =
    "{ skipDraining: true, ignoreHealth: true, propagationSeconds: 5, throttleShare: 0.1, apiErrorShare: 0.2, apiLatencySeconds: 0.5, " +
    "consistencyDelaySeconds: 3, bootDelaySeconds: 60, bootFailureShare: 0.25, lostZones: [us-east-1a, us-east-1c] }";
  const scenario = parseScenario(
    `faults: ${faults}\nsteps: [{ up: success, faults: ${faults}, during: [{ after: { seconds: 1 }, faults: ${faults} }] }]`,
    "r.yaml",
  );
  expect(Object.keys(scenario.faults).sort()).toEqual(Object.keys(faultsShape).sort());
  expect(scenario.steps[0]?.faults).toEqual(scenario.faults);
  expect(scenario.steps[0]?.during[0]?.faults).toEqual(scenario.faults);
  expect(scenario.faults.lostZones).toEqual(["us-east-1a", "us-east-1c"]);
});

test("a zone that the cloud does not have is told wherever it is to be lost", () => {
  const scenario = parseScenario(
    `faults: { lostZones: [us-east-1a, us-east-1x] }
steps: [{ up: success, during: [{ after: { seconds: 1 }, faults: { lostZones: [eu-west-1a] } }] }]`,
    "r.yaml",
  );
  expect(unknownZones(scenario, ["us-east-1a"]).map(({ subject, problem }) => `${subject}: ${problem}`)).toEqual([
    'faults.lostZones: "us-east-1x" is no Availability Zone of the local cloud',
    'steps[0].during[0].faults.lostZones: "eu-west-1a" is no Availability Zone of the local cloud',
  ]);
});

test("configuration takes any value, and null to remove one", () => {
  const scenario = parseScenario("steps: [{ up: success, set: { a: 1, b: null, c: { d: [x] } } }]", "r.yaml");
  expect(scenario.steps[0]?.set).toEqual({ a: 1, b: null, c: { d: ["x"] } });
});

test.each([
  ["an unknown key", `lode: 1\n${steps}`, "HIT404", 'rehearsal.yaml:1 lode: unknown key "lode"'],
  ["an unknown key in a step", "steps:\n  - up: success\n    sett: {}", "HIT404", "rehearsal.yaml:3 steps[0].sett"],
  ["an unknown key in a request", `${steps}load: { requests: [{ path: /, bytes: 1 }] }`, "HIT404", "requests[0].bytes"],
  ["an unknown fault", `${steps}faults: { skipDrain: true }`, "HIT404", "known keys: skipDraining"],
  ["a share of more than all calls", `${steps}faults: { apiErrorShare: 1.1 }`, "HIT405", "faults.apiErrorShare"],
  ["a latency without end", `${steps}faults: { apiLatencySeconds: 61 }`, "HIT405", "faults.apiLatencySeconds"],
  ["a delay of yesterday", `${steps}faults: { consistencyDelaySeconds: -1 }`, "HIT405", "consistencyDelaySeconds"],
  ["a boot that never ends", `${steps}faults: { bootDelaySeconds: 3601 }`, "HIT405", "faults.bootDelaySeconds"],
  ["a share of nobody", `${steps}faults: { bootFailureShare: half }`, "HIT405", "faults.bootFailureShare"],
  ["a zone that is none", `${steps}faults: { lostZones: [us-east-1] }`, "HIT405", "faults.lostZones[0]"],
  ["a zone alone", `${steps}faults: { lostZones: us-east-1a }`, "HIT405", "faults.lostZones"],
  ["kubectl without a cluster", `${steps}  - kubectl: [cordon, node-1]\n`, "HIT406", "no cluster"],
  ["a cluster of five nodes", `${steps}cluster: { nodes: 5 }`, "HIT405", "cluster.nodes"],
  [
    "a cluster's image without a tag",
    `${steps}cluster: { images: [{ name: shop, command: [node] }] }`,
    "HIT405",
    "with a tag",
  ],
  [
    "a cluster's file at no absolute path",
    `${steps}cluster: { images: [{ name: "shop:v1", files: { app: app }, command: [node] }] }`,
    "HIT405",
    "absolute path",
  ],
  ["a misspelt key of a cluster", `${steps}cluster: { node: 2 }`, "HIT404", "nodes, images"],
  ["an isolation that there is not", `${steps}isolation: pager`, "HIT405", '"auto"|"namespace"|"loopback"|"paper"'],
  ["a certificate for no ARN", `${steps}certificates: { mine: { cert: a, key: b } }`, "HIT405", "certificates.mine"],
  ["half a certificate", `${steps}certificates: { "arn:aws:acm:x:1:certificate/a": { cert: a } }`, "HIT405", "key"],
  ["a wrong type", `${steps}speed: fast`, "HIT405", "rehearsal.yaml:3 speed: expected number"],
  ["an unknown outcome", "steps:\n  - up: succes", "HIT405", 'expected one of "success"|"refused"'],
  ["a missing key", `${steps}load: { requests: [{}] }`, "HIT405", "load.requests[0].path: is missing"],
  ["a path without a slash", `${steps}load: { requests: [{ path: x }] }`, "HIT405", 'must start with "/"'],
  ["a rate of nothing", `${steps}load: { rate: 0 }`, "HIT405", "load.rate"],
  ["shares of nothing", `${steps}load: { requests: [{ path: /, share: 0 }] }`, "HIT405", "one share above 0"],
  ["no steps", "steps: []", "HIT405", "steps"],
  ["an empty file", "", "HIT405", "expected object"],
  ["a broken regular expression", "steps: [{ up: { expect: refused, reason: '(' } }]", "HIT405", "regular expression"],
  ["broken YAML", "steps: [", "HIT403", "rehearsal.yaml:1"],
  ["a key that stands twice", `speed: 1\nspeed: 2\n${steps}`, "HIT403", "rehearsal.yaml:2"],
  ["two actions", "steps: [{ up: success, preview: changed }]", "HIT406", "up and preview together"],
  ["a step that does nothing", `${steps}  - name: idle`, "HIT406", 'step "idle" neither does nor expects'],
  ["a first step that makes nothing", "steps: [{ preview: changed }]", "HIT406", "makes nothing"],
  ["shares that do not add up", "steps: [{ up: success, shares: { v1: 0.5 } }]", "HIT406", "the sum 0.5"],
  ["shares without a window", "steps: [{ up: success, shares: { v1: 1 }, observeSeconds: 0 }]", "HIT406", "no time"],
  ["two moments to kill at", `${steps}  - kill: { afterReplaced: 1, afterOperations: 1 }`, "HIT405", "exactly one of"],
  ["no moment to kill at", `${steps}  - kill: {}`, "HIT405", "exactly one of afterReplaced, afterOperations"],
  ["an update and an intervention", "steps: [{ up: success, scale: { group: a, to: 1 } }]", "HIT406", "into `during`"],
  ["two interventions", `${steps}  - { scale: { group: a, to: 1 }, terminate: { group: a } }`, "HIT406", "together"],
  [
    "a moment that is none",
    "steps: [{ up: success, during: [{ after: {}, faults: {} }] }]",
    "HIT405",
    "exactly one of",
  ],
  ["nothing at a moment", "steps: [{ up: success, during: [{ after: { seconds: 1 } }] }]", "HIT405", "exactly one of"],
  ["no weights", `${steps}  - weights: { to: {} }`, "HIT405", "a target group and its weight"],
  ["a weight that ALB does not take", `${steps}  - weights: { to: { a: 1000 } }`, "HIT405", "999"],
  [
    "in the middle of nothing",
    `${steps}  - { faults: {}, during: [{ after: { seconds: 1 }, faults: {} }] }`,
    "HIT406",
    "no update",
  ],
  ["a preview to compare with nothing", `${steps}  - { preview: changed, previewed: true }`, "HIT406", "no update"],
  [
    "shares of an unknown request",
    "steps: [{ up: success, sharesOf: { beta: { v1: 1 } } }]",
    "HIT406",
    'shares of "beta"',
  ],
  [
    "shares of a request that do not add up",
    "steps: [{ up: success, sharesOf: { GET /: { v1: 0.5 } } }]",
    "HIT406",
    "sum 0.5",
  ],
  ["certainty", "steps: [{ up: success, shares: { v1: { share: 1, confidence: 1 } } }]", "HIT405", "confidence"],
  ["version changes that nobody sees", "steps: [{ up: success, versionChanges: 0 }]", "HIT406", "no users"],
  [
    "names that stand twice",
    `${steps}load: { requests: [{ name: a, path: / }, { name: a, path: /b }] }`,
    "HIT406",
    'called "a"',
  ],
  [
    "cookies of two kinds",
    `${steps}load: { requests: [{ path: /, users: 1, headers: { Cookie: a=1 } }] }`,
    "HIT406",
    "their own cookies",
  ],
  [
    "a header that is the client's own",
    `${steps}load: { requests: [{ path: /, headers: { Content-Length: "5" } }] }`,
    "HIT406",
    "the headers name Content-Length",
  ],
  ["a reason to succeed", "steps: [{ up: { expect: success, reason: x } }]", "HIT406", "expected to succeed"],
])("%s is refused with its place", (_, text, code, words) => {
  const error = refused(text);
  expect(error.codes).toContain(code);
  expect(error.message).toContain(words);
  for (const fault of error.faults) {
    expect(fault.why).not.toBe("");
    expect(fault.fix).not.toBe("");
  }
});

test("all faults are told at once, with their lines", () => {
  const error = refused("speed: fast\nlode: 1\nsteps:\n  - up: maybe\n    foo: 1\n  - name: 3\n");
  expect(error.faults.map(({ code, subject }) => `${code} ${subject}`).sort()).toEqual([
    "HIT404 rehearsal.yaml:2 lode",
    "HIT404 rehearsal.yaml:5 steps[0].foo",
    "HIT405 rehearsal.yaml:1 speed",
    "HIT405 rehearsal.yaml:4 steps[0].up.expect",
    "HIT405 rehearsal.yaml:6 steps[1].name",
  ]);
});

describe("files", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), "hitless-test-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test("a scenario is read from its file", () => {
    const file = path.join(directory, "rehearsal.yaml");
    writeFileSync(file, `speed: 7\n${steps}`);
    expect(readScenario(file).speed).toBe(7);
  });

  test("certificates are found beside the scenario", () => {
    const { cert, key } = makeCertificate({ commonName: "a", hosts: ["shop.example"], isAuthority: true });
    writeFileSync(path.join(directory, "shop.pem"), cert);
    writeFileSync(path.join(directory, "shop.key"), key);
    const file = path.join(directory, "rehearsal.yaml");
    const arn = "arn:aws:acm:us-east-1:123456789012:certificate/shop";
    const given = (files: string) => writeFileSync(file, `${steps}certificates: { "${arn}": ${files} }\n`);
    given("{ cert: shop.pem, key: shop.key }");
    expect(readScenario(file).certificates).toEqual({
      [arn]: { cert: path.join(directory, "shop.pem"), key: path.join(directory, "shop.key") },
    });
    given("{ cert: none.pem, key: shop.key }");
    expect(() => readScenario(file)).toThrow(/^HIT405 rehearsal\.yaml:3 certificates\..*none\.pem/);
    given("{ cert: shop.key, key: shop.key }");
    expect(() => readScenario(file)).toThrow(/^HIT405 .*the certificate cannot be used/);
    given('{ cert: "a,b.pem", key: shop.key }');
    expect(() => readScenario(file)).toThrow(/^HIT405 .*has a comma/);
  });

  test("a file that is not there is told with what to do", () => {
    expect(() => readScenario(path.join(directory, "none.yaml"))).toThrow(/^HIT402 .*none\.yaml: cannot be read/);
  });
});

test("docs/rehearsal.md names every key and every code, and its example is a scenario", () => {
  const docs = readFileSync(path.join(__dirname, "../../../docs/rehearsal.md"), "utf8");
  for (const code of Object.keys(REHEARSAL_CODES)) expect(docs).toContain(code);
  const examples = [...docs.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) expect(parseScenario(example, "docs").steps.length).toBeGreaterThan(0);
  // Every level of the scenario tells its keys when it meets an unknown one.
  const unknown = [
    `x: 1\n${steps}`,
    `${steps}load: { x: 1 }`,
    `${steps}load: { requests: [{ path: /, x: 1 }] }`,
    `${steps}faults: { x: 1 }`,
    `${steps}certificates: { "arn:aws:acm:x:1:certificate/a": { x: 1 } }`,
    "steps: [{ up: success, x: 1 }]",
    "steps: [{ up: { expect: success, x: 1 } }]",
    "steps: [{ kill: { afterReplaced: 1, x: 1 } }]",
    "steps: [{ up: success, servers: { x: 1 } }]",
  ];
  for (const text of unknown) {
    const known = /known keys: ([^.]*)/.exec(refused(text).message)?.[1];
    expect(known).toBeDefined();
    for (const key of known?.split(", ") ?? []) expect(docs).toContain(`\`${key}\``);
  }
});
