import { type Found, isChange, unmetBy } from "../../../src/rehearsal/report/expectations.js";
import { parseScenario } from "../../../src/rehearsal/scenario/readScenario.js";

function stepOf(yaml: string) {
  const step = parseScenario(`load: { requests: [{ path: /, users: 1 }] }\nsteps: [{ up: success }, ${yaml}]`, "r.yaml")
    .steps[1];
  if (step === undefined) throw new Error("no step");
  return step;
}

const fine: Found = {
  outcome: "success",
  reason: "",
  changes: { same: 9 },
  preview: null,
  happenings: [],
  share: { v1: 1 },
  answers: 1000,
  shareOf: {},
  answersOf: {},
  versionChanges: 0,
  peakServers: 6,
  minHealthy: 6,
};

const truth = { seconds: 1, announced: 1, notDone: [], notAnnounced: [], refused: "" };

test.each<[string, string, Partial<Found>]>([
  ["success", "{ up: success }", {}],
  ["refused", "{ up: refused }", { outcome: "refused", reason: "HIT310 …" }],
  [
    "refused for a reason",
    "{ up: { expect: refused, reason: HIT310.*healthy } }",
    { outcome: "refused", reason: "HIT310 web:\nnever healthy" },
  ],
  ["no changes", "{ up: { expect: success, changes: none } }", { changes: { same: 9, read: 2 } }],
  ["some changes", "{ up: { expect: success, changes: some } }", { changes: { same: 9, update: 1 } }],
  ["killed", "{ kill: { afterReplaced: 2 } }", { outcome: "killed" }],
  ["shares within the tolerance", "{ up: success, shares: { v1: 0.9, v2: 0.1 } }", { share: { v1: 0.94, v2: 0.06 } }],
  [
    "a share within what chance gives",
    "{ up: success, shares: { v1: { share: 0.9, confidence: 0.999 }, v2: { share: 0.1, confidence: 0.999 } } }",
    { share: { v1: 0.93, v2: 0.07 }, answers: 1000 },
  ],
  [
    "a kind's shares",
    "{ up: success, sharesOf: { GET /: { v2: 1 } } }",
    { shareOf: { "GET /": { v2: 1 } }, answersOf: { "GET /": 9 } },
  ],
  [
    "a preview, with things undone after a refusal",
    "{ up: refused }",
    { outcome: "refused", preview: { ...truth, notDone: ["update a"] } },
  ],
  ["what happened meanwhile", "{ up: success }", { happenings: [{ what: "x", at: 1, done: "y", problem: "" }] }],
  ["servers", "{ up: success, servers: { healthyAtLeast: 6, atMost: 8 } }", { peakServers: 8 }],
])("%s, and it held", (_, yaml, found) => {
  expect(unmetBy(stepOf(yaml), { ...fine, ...found })).toEqual([]);
});

test.each<[string, Partial<Found>, string]>([
  ["{ up: success }", { outcome: "refused", reason: "boom\nmore" }, "expected success, was refused: boom"],
  ["{ up: refused }", {}, "expected refused, was success"],
  ["{ up: success }", { outcome: "timed out" }, "expected success, was timed out"],
  [
    "{ up: { expect: refused, reason: HIT310 } }",
    { outcome: "refused", reason: "disk full" },
    "does not match /HIT310/: disk full",
  ],
  [
    "{ up: { expect: success, changes: none } }",
    { changes: { same: 9, update: 1 } },
    "expected no change, found 9 same, 1 update",
  ],
  ["{ up: { expect: success, changes: some } }", {}, "expected a change, found 9 same"],
  ["{ preview: unchanged }", { outcome: "changed" }, "expected unchanged, was changed"],
  ["{ kill: { afterReplaced: 2 } }", { outcome: "ended before it was killed" }, "expected killed, was ended before"],
  [
    "{ up: success, shares: { v1: 0.9, v2: 0.1 } }",
    { share: { v1: 0.8, v2: 0.2 } },
    "expected a share of 0.9 for v1, got 0.8",
  ],
  // 0 and 1 are exact: one stray answer of the old version is one too many.
  [
    "{ up: success, shares: { v2: 1 } }",
    { share: { v2: 0.999, v1: 0.001 } },
    "expected a share of 0 for v1, got 0.001",
  ],
  ["{ up: success, shares: { v2: 1 } }", { share: { v2: 0.99, "": 0.01 } }, "answers without a version"],
  ["{ up: success, shares: { v2: 1 } }", { share: {}, answers: 0 }, "no answer arrived"],
  [
    "{ up: success, shares: { v1: { share: 0.9, confidence: 0.999 }, v2: { share: 0.1, confidence: 0.999 } } }",
    { share: { v1: 0.94, v2: 0.06 }, answers: 1000 },
    "expected a share of 0.1 for v2, got 0.06; of 1000 answers, 70 to 132 are within the 99.9 % interval",
  ],
  [
    "{ up: success, sharesOf: { GET /: { v2: 1 } } }",
    { shareOf: { "GET /": { v1: 0.5, v2: 0.5 } }, answersOf: { "GET /": 2 } },
    "GET /: expected a share of 1 for v2, got 0.5",
  ],
  ["{ up: success, sharesOf: { GET /: { v2: 1 } } }", {}, "GET /: no answer arrived"],
  [
    "{ up: success }",
    { preview: { ...truth, notDone: ["update a"] } },
    "did not do what its preview had announced: update a",
  ],
  [
    "{ up: refused }",
    { outcome: "refused", preview: { ...truth, notAnnounced: ["delete a"] } },
    "had not announced: delete a",
  ],
  [
    "{ up: success }",
    { preview: { ...truth, refused: "HIT1\nmore" } },
    "the preview was refused and the update was not: HIT1",
  ],
  ["{ up: success }", { happenings: [{ what: "x", at: null, done: "", problem: "never came" }] }, "x: never came"],
  ["{ up: success, versionChanges: 0 }", { versionChanges: 2 }, "another version 0 times at most, they did 2 times"],
  ["{ up: success, servers: { healthyAtLeast: 6 } }", { minHealthy: 5 }, "at least 6 healthy servers, were 5"],
  ["{ up: success, servers: { atMost: 8 } }", { peakServers: 9 }, "at most 8 servers, were 9"],
])("%s did not hold: %j", (yaml, found, words) => {
  expect(unmetBy(stepOf(yaml), { ...fine, ...found }).join("\n")).toContain(words);
});

test("reading and keeping resources is no change", () => {
  expect(isChange({ same: 3, read: 1 })).toBe(false);
  expect(isChange({ same: 3, "delete-replaced": 1 })).toBe(true);
});
