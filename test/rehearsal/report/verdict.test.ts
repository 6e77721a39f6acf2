import type { LoadSummary } from "../../../src/rehearsal/load/model.js";
import type { RehearsalReport, StepReport } from "../../../src/rehearsal/report/model.js";
import { reportText } from "../../../src/rehearsal/report/text.js";
import { failuresOf } from "../../../src/rehearsal/report/verdict.js";
import { requestsReport } from "../../../src/rehearsal/runner/requestsReport.js";
import { parseScenario } from "../../../src/rehearsal/scenario/readScenario.js";

const scenario = parseScenario("minimumRequests: 100\nsteps: [{ name: one, up: success }]", "r.yaml");

const load: LoadSummary = {
  sent: 100,
  completed: 100,
  lost: 0,
  inFlight: 0,
  appErrors: 3,
  retriedOnClosedConnection: 0,
  versions: { v1: 100 },
  versionsOf: { "GET /": { v1: 100 } },
  versionChanges: 0,
  lastPlainAnswer: {},
  maxLatencyMs: 20,
  generatorLagMs: 1,
  startedAt: 0,
  endedAt: 1000,
  latencyMs: { p50: 1.5, p99: 12, max: 20 },
  schedulingMs: { p50: 0, p99: 0, max: 0 },
  steadySchedulingMs: { p50: 0, p99: 0, max: 0 },
  statuses: { "200": 97, "500": 3 },
  lostByKind: {},
  perRequest: [{ request: "GET /", sent: 100, lost: 0, latencyMs: { p50: 1.5, p99: 12, max: 20 } }],
  evidence: [],
  seconds: [],
};

const step: StepReport = {
  name: "one",
  action: "up",
  expected: "success",
  outcome: "success",
  seconds: 12.34,
  limitSeconds: 10,
  lost: 0,
  share: { v1: 0.9, v2: 0.1 },
  answers: 100,
  shareOf: {},
  answersOf: {},
  versionChanges: 0,
  operations: 1,
  preview: null,
  happenings: [],
  switchSeconds: 0.012,
  peakServers: 8,
  peakDraining: 2,
  minHealthy: 6,
  sent: 100,
  appErrors: 3,
  unmet: [],
  reason: "",
  changes: {},
  startedAt: 0,
  endedAt: 12_340,
  limit: null,
};

test("a rehearsal passes when everything held and nothing was lost; the app's own errors do not fail it", () => {
  expect(failuresOf(scenario, [step], load)).toEqual([]);
});

test("requests that the scenario allows a step to cost are no failure; one more is", () => {
  const scenario = parseScenario("steps: [{ up: success }, { terminate: { group: web }, lostAtMost: 2 }]", "r.yaml");
  const dying = (lost: number) => [step, { ...step, lost }];
  expect(failuresOf(scenario, dying(2), { ...load, lost: 2 })).toEqual([]);
  expect(failuresOf(scenario, dying(3), { ...load, lost: 3 })).toHaveLength(1);
  expect(failuresOf(scenario, [{ ...step, lost: 1 }, step], { ...load, lost: 1 })).toHaveLength(1);
});

test.each<[string, readonly StepReport[], LoadSummary | undefined, string]>([
  ["a lost request", [step], { ...load, lost: 1, lostByKind: { reset: 1 } }, "1 of 100 requests were lost (1 reset)"],
  ["an expectation", [{ ...step, unmet: ["expected a, was b"] }], load, "one: expected a, was b"],
  ["too few requests", [step], { ...load, sent: 99 }, "minimumRequests is 100"],
  ["a step not carried out", [], load, "1 of 1 steps were not carried out"],
  ["no load", [step], undefined, "nothing was shown"],
  ["an empty load", [step], { ...load, sent: 0 }, "nothing was shown"],
])("%s fails it", (_, steps, summary, words) => {
  expect(failuresOf(scenario, steps, summary).join("\n")).toContain(words);
});

test("the text has a row per step and says what became of the requests", () => {
  const lost = {
    request: "GET /",
    kind: "reset" as const,
    code: "ECONNRESET",
    detail: "socket hang up",
    scheduledAt: 1000,
    endedAt: 1300,
    bytes: 0,
    reusedConnection: false,
    retried: false,
    generatorLagMs: 250,
  };
  const report: RehearsalReport = {
    verdict: "failed",
    isolation: "namespace",
    failures: ["1 of 100 requests were lost (1 reset)"],
    warnings: ["pulumi destroy failed"],
    requests: requestsReport({ ...load, lost: 1, retriedOnClosedConnection: 2, evidence: [lost] }),
    steps: [step],
    speed: 10,
    rate: 200,
    seconds: 30,
    timeline: [],
  };
  const text = reportText(report);
  expect(text).toMatch(/one {3}success {3}success +12\.3 +- +10\.0 +0\.012 +0 +≥ 6 +8 {2}v1 90 %, v2 10 %/);
  expect(text).toContain("100 sent, 1 lost, 3 answered with an error by the app");
  expect(text).toContain("2 met an idle connection");
  expect(text).toContain(
    "GET /: reset (ECONNRESET) after 300 ms, socket hang up, while the generator itself stood still for 250 ms",
  );
  expect(text).toContain("pulumi destroy failed");
  expect(text.endsWith("FAILED")).toBe(true);
  expect(reportText({ ...report, verdict: "passed" })).toContain("PASSED:");
  expect(reportText({ ...report, verdict: "passed", isolation: "paper" })).toContain("PASSED on paper:");
});
