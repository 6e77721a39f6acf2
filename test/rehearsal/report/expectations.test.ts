import { type Found, isChange, unmetBy } from "../../../src/rehearsal/report/expectations.js";
import { parseScenario } from "../../../src/rehearsal/scenario/readScenario.js";

function stepOf(yaml: string) {
  const step = parseScenario(`steps: [{ up: success }, ${yaml}]`, "r.yaml").steps[1];
  if (step === undefined) throw new Error("no step");
  return step;
}

const fine: Found = {
  outcome: "success",
  reason: "",
  changes: { same: 9 },
  share: { v1: 1 },
  peakServers: 6,
  minHealthy: 6,
};

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
  ["{ up: success, shares: { v2: 1 } }", { share: {} }, "no answer arrived"],
  ["{ up: success, servers: { healthyAtLeast: 6 } }", { minHealthy: 5 }, "at least 6 healthy servers, were 5"],
  ["{ up: success, servers: { atMost: 8 } }", { peakServers: 9 }, "at most 8 servers, were 9"],
])("%s did not hold: %j", (yaml, found, words) => {
  expect(unmetBy(stepOf(yaml), { ...fine, ...found }).join("\n")).toContain(words);
});

test("reading and keeping resources is no change", () => {
  expect(isChange({ same: 3, read: 1 })).toBe(false);
  expect(isChange({ same: 3, "delete-replaced": 1 })).toBe(true);
});
