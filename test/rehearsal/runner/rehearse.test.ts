import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import pino from "pino";
import { HitlessError } from "../../../src/errors/hitlessError.js";
import type { RehearsalReport } from "../../../src/rehearsal/report/model.js";
import { Interrupted } from "../../../src/rehearsal/runner/interruption.js";
import { rehearse } from "../../../src/rehearsal/runner/rehearse.js";
import type { View } from "../../../src/rehearsal/runner/view.js";
import { parseScenario } from "../../../src/rehearsal/scenario/readScenario.js";
import { FAKE_ENGINE, FakeCloud } from "./fakeCloud.js";
import { scratch, until } from "./scratch.js";

const own = scratch();
const pulumi = own.script("pulumi", FAKE_ENGINE);
const program = path.join(own.directory, "program");
mkdirSync(program);
writeFileSync(path.join(program, "Pulumi.yaml"), "name: web\nruntime: nodejs\n");
afterAll(own.remove);

let cloud: FakeCloud;
beforeEach(async () => {
  cloud = await FakeCloud.start();
});
afterEach(() => cloud.close());

const engine = { pulumi, environment: () => ({}) };
const log = pino({ level: "silent" });

/** Remembers what was shown. */
function memory(): View & { text: () => string } {
  const lines: string[] = [];
  return { line: (text) => void lines.push(text), status: () => {}, end: () => {}, text: () => lines.join("\n") };
}

interface More {
  readonly interrupt?: AbortSignal;
  readonly speed?: number;
  readonly view?: View;
}

function run(yaml: string, more: More = {}): Promise<RehearsalReport> {
  const scenario = parseScenario(yaml, "rehearsal.yaml");
  const interrupt = more.interrupt ?? new AbortController().signal;
  const view = more.view ?? memory();
  return rehearse({ directory: program, scenario, engine, cloudUrl: cloud.url, log, ...more, view, interrupt });
}

const quick = "observeSeconds: 0.3";
const create = `{ name: create, set: { version: v1 }, up: success, shares: { v1: 1 }, ${quick} }`;

/** What rehearsals left behind in the directory for temporary files. */
const temporary = path.join(own.directory, "tmp");
mkdirSync(temporary);
process.env.TMPDIR = temporary;

function leftovers(): string[] {
  return readdirSync(temporary);
}

test("a scenario is walked through under load, and everything that held is a pass", async () => {
  const view = memory();
  const report = await run(
    `minimumRequests: 300
faults: { throttleShare: 0.1 }
load: { rate: 150 }
steps:
  - ${create}
  - { name: again, up: { expect: success, changes: none }, ${quick} }
  - { name: broken, set: { version: broken }, up: { expect: refused, reason: HIT310 }, shares: { v1: 1 }, ${quick} }
  - { name: still shown, preview: changed, ${quick} }
  - { name: killed, set: { version: v2, slow: true }, kill: { afterReplaced: 2 }, ${quick} }
  - { name: goes on, set: { slow: null }, faults: {}, up: success, shares: { v2: 1 }, servers: { healthyAtLeast: 2, atMost: 2 }, ${quick} }
  - { name: nothing left, preview: unchanged, ${quick} }
`,
    { view },
  );
  expect(report.failures).toEqual([]);
  expect(report.verdict).toBe("passed");
  expect(report.steps.map(({ outcome }) => outcome)).toEqual([
    "success",
    "success",
    "refused",
    "changed",
    "killed",
    "success",
    "unchanged",
  ]);
  expect(report.steps[5]?.share).toEqual({ v2: 1 });
  expect(report.requests.sent).toBeGreaterThanOrEqual(300);
  expect(report.requests.sent).toBe(report.requests.completed);
  // Each request belongs to exactly one step.
  expect(report.steps.reduce((sum, { sent }) => sum + sent, 0)).toBe(report.requests.sent);
  expect(view.text()).toContain("HIT310 RollingFleet: release broken was refused");
  expect(cloud.deployed.slice(0, 2)).toEqual(["v1", "v2"]);
  // A cloud that is not ours is left without our faults.
  expect(cloud.faults).toEqual([{ throttleShare: 0.1 }, {}, {}]);
  expect(readdirSync(program)).toEqual(["Pulumi.yaml"]);
  expect(leftovers()).toEqual([]);
}, 60_000);

test("a preview is compared with the update after it", async () => {
  const report = await run(`previewed: true
steps:
  - ${create}
  - { name: truthful, set: { version: v2 }, up: success, ${quick} }
  - { name: surprising, set: { version: v3, surprises: true }, up: success, ${quick} }
  - { name: unasked, set: { version: v4 }, up: success, previewed: false, ${quick} }
  - { name: unkept, set: { version: v5, surprises: null, promises: true }, up: success, ${quick} }
  - { name: refused, set: { version: broken }, up: refused, ${quick} }`);
  expect(report.failures).toEqual([
    "surprising: the update did what its preview had not announced: create urn:new",
    "unkept: the update did not do what its preview had announced: delete urn:old",
  ]);
  expect(report.steps[1]?.preview).toMatchObject({ announced: 1, notDone: [], notAnnounced: [] });
  expect(report.steps[3]?.preview).toBeNull();
}, 60_000);

test("the engine is killed after its n-th operation, if there are so many", async () => {
  const report = await run(`steps:
  - ${create}
  - { name: early, set: { version: v2, slow: true }, kill: { afterOperations: 1 }, ${quick} }
  - { name: goes on, set: { slow: null }, up: success, ${quick} }
  - { name: too late, set: { version: v3 }, kill: { afterOperations: 2 }, ${quick} }`);
  expect(report.steps[1]).toMatchObject({ outcome: "killed", operations: 1 });
  expect(report.failures).toEqual([
    "too late: expected killed, was ended before it was killed: it ended after 1 operations",
  ]);
}, 60_000);

test("somebody else changes the cloud, in a step of its own and in the middle of an update", async () => {
  const report = await run(`steps:
  - ${create}
  - { name: a server dies, terminate: { group: web }, ${quick} }
  - { name: nobody knows it, terminate: { group: shop }, ${quick} }
  - name: meanwhile
    set: { version: v2, slow: true }
    kill: { afterReplaced: 2 }
    during:
      - { after: { operations: 1 }, scale: { group: we, to: 4 } }
      - { after: { operations: 9 }, terminate: { group: web } }
    ${quick}`);
  expect(report.steps[1]?.outcome).toBe("done");
  expect(cloud.powerFailures).toEqual(["i-v1-1"]);
  expect(cloud.updates.join()).toMatch(/DesiredCapacity=4.*MaxSize=4|MaxSize=4.*DesiredCapacity=4/);
  expect(report.steps[3]?.happenings[0]).toMatchObject({ done: "web scaled to 4", problem: "" });
  expect(report.failures).toEqual([
    'nobody knows it: expected done, was not done: there is no group "shop" (there are web)',
    "meanwhile: terminate 1 of web after 9 operations: its moment did not come before the update ended",
  ]);
}, 60_000);

test("sabotaged: one broken answer in fifty is a fail, with its evidence", async () => {
  cloud.breakEvery = 50;
  const report = await run(`minimumRequests: 200\nload: { rate: 200 }\nsteps: [${create}]`);
  expect(report.verdict).toBe("failed");
  expect(report.requests.lost).toBeGreaterThanOrEqual(3);
  expect(report.requests.lostByKind).toEqual({ cutShort: report.requests.lost });
  expect(report.steps[0]?.lost).toBe(report.requests.lost);
  expect(report.failures.join()).toContain("requests were lost");
}, 60_000);

test("an expectation that did not hold is a fail, and the steps after it are still walked", async () => {
  const report = await run(`steps:
  - ${create}
  - { name: hoped, set: { version: broken }, up: success, ${quick} }
  - { name: later, preview: unchanged, ${quick} }`);
  expect(report.verdict).toBe("failed");
  expect(report.failures).toEqual([
    "hoped: expected success, was refused: HIT310 RollingFleet: release broken was refused",
    "later: expected unchanged, was changed",
  ]);
}, 60_000);

test("without a first version to send requests to, the rest is not walked", async () => {
  const report = await run(`steps:
  - { name: create, set: { version: broken }, up: success, ${quick} }
  - { name: later, up: success, ${quick} }`);
  expect(report.verdict).toBe("failed");
  expect(report.steps).toHaveLength(1);
  expect(report.failures.join("\n")).toMatch(/1 of 2 steps were not carried out[\s\S]*no request was sent/);
}, 60_000);

test("an engine that hangs is stopped at the step's deadline", async () => {
  const report = await run(`steps:
  - ${create}
  - { name: hangs, set: { version: hangs }, up: success, timeoutSeconds: 1, ${quick} }`);
  expect(report.steps[1]?.outcome).toBe("timed out");
  expect(report.verdict).toBe("failed");
}, 60_000);

test("Ctrl-C in the middle of an update takes everything down", async () => {
  const interrupt = new AbortController();
  const view = memory();
  const running = run(`steps:\n  - ${create}\n  - { name: hangs, set: { version: hangs }, up: success }`, {
    interrupt: interrupt.signal,
    view,
  });
  await until(() => view.text().includes("▸ hangs"));
  interrupt.abort();
  await expect(running).rejects.toThrow(Interrupted);
  expect(leftovers()).toEqual([]);
}, 60_000);

test("a rehearsal on paper passes as one, and says what it has not shown", async () => {
  cloud.isolation = "paper";
  const report = await run(`isolation: paper\nsteps: [${create}]`);
  expect(report).toMatchObject({ verdict: "passed", isolation: "paper" });
  expect(report.warnings).toEqual([expect.stringMatching(/^Servers were on paper: .*user data.*were not\.$/)]);
}, 60_000);

test("the faults of a scenario reach the cloud whole", async () => {
  const faults = "{ apiLatencySeconds: 0.01, lostZones: [us-east-1a] }";
  await run(`faults: ${faults}\nsteps: [${create}, { faults: { bootFailureShare: 1 }, shares: { v1: 1 }, ${quick} }]`);
  expect(cloud.faults.slice(0, 2)).toEqual([
    { apiLatencySeconds: 0.01, lostZones: ["us-east-1a"] },
    { bootFailureShare: 1 },
  ]);
}, 60_000);

test("what a step's faults cost counts for that step, from the first request that they meet", async () => {
  cloud.breaksOnFaults = true;
  const faulty = `{ name: faulty, faults: { lostZones: [us-east-1a] }, shares: { v1: 1 }, lostAtMost: 1000, ${quick} }`;
  const report = await run(`steps: [${create}, ${faulty}]`);
  expect(report.steps[0]?.lost).toBe(0);
  expect(report.steps[1]?.lost).toBeGreaterThan(20);
}, 60_000);

describe("bad input", () => {
  async function refused(work: () => Promise<unknown>): Promise<string> {
    const error = await work().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(HitlessError);
    expect(leftovers()).toEqual([]);
    return (error as HitlessError).message;
  }

  test("an output that is missing or no URL", async () => {
    const missing = await refused(() => run(`load: { output: address }\nsteps: [${create}]`));
    expect(missing).toMatch(/^HIT420 output "address": .*it exports url, list/);
    expect(await refused(() => run(`load: { output: list }\nsteps: [${create}]`))).toMatch(
      /^HIT420 .*its value is \[\]/,
    );
  }, 60_000);

  test("a speed that the cloud does not have", async () => {
    expect(await refused(() => run(`steps: [${create}]`, { speed: 3 }))).toMatch(/^HIT412 .*runs at speed 10/);
  });

  test("an isolation or a certificate that the cloud does not have", async () => {
    const arn = "arn:aws:acm:us-east-1:123456789012:certificate/shop";
    const certificates = (file: string) => `certificates: { "${arn}": { cert: ${file}, key: /none } }`;
    const pem = path.join(own.directory, "shop.pem");
    writeFileSync(pem, "THE CERTIFICATE\n");
    const both = await refused(() => run(`isolation: paper\n${certificates(pem)}\nsteps: [${create}]`));
    expect(both).toMatch(/HIT414 .*isolation is loopback, and the rehearsal is asked for paper/);
    expect(both).toMatch(/HIT414 .*does not have the scenario's certificate for arn:aws:acm/);
    cloud.trust = "ANOTHER\nTHE CERTIFICATE\n";
    expect((await run(`${certificates(pem)}\nsteps: [${create}]`)).failures).toEqual([]);
  }, 60_000);

  test("a zone that the cloud does not have, before anything is made", async () => {
    const text = await refused(() => run(`steps: [${create}, { faults: { lostZones: [us-east-1b] } }]`));
    expect(text).toMatch(/^HIT405 steps\[1\]\.faults\.lostZones: "us-east-1b" is no/);
    expect(cloud.deployed).toEqual([]);
  });

  test("a cloud out of reach", async () => {
    await cloud.close();
    expect(await refused(() => run(`steps: [${create}]`))).toMatch(/^HIT410 .*ECONNREFUSED[\s\S]*npx hitless cloud/);
    cloud = await FakeCloud.start();
  });

  test("an engine that cannot make a stack", async () => {
    const scenario = parseScenario(`steps: [${create}]`, "r.yaml");
    const broken = own.script("broken", "console.error('no space left'); process.exit(1)");
    const options = { directory: program, scenario, cloudUrl: cloud.url, log, view: memory() };
    const engine = { pulumi: broken, environment: () => ({}) };
    const interrupt = new AbortController().signal;
    expect(await refused(() => rehearse({ ...options, engine, interrupt }))).toMatch(/^HIT422 [\s\S]*no space left/);
  });

  test("a directory without a project", async () => {
    expect(existsSync(path.join(own.directory, "Pulumi.yaml"))).toBe(false);
    const scenario = parseScenario(`steps: [${create}]`, "r.yaml");
    const interrupt = new AbortController().signal;
    const options = { directory: own.directory, scenario, engine, log, view: memory(), interrupt };
    expect(await refused(() => rehearse(options))).toMatch(/^HIT401/);
  });
});
