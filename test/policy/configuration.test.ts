import * as proxy from "@pulumi/policy/proxy";
import { hitlessPolicies } from "../../src/policy/index.js";
import { SENTINELS } from "../../src/policy/model/values.js";
import { allRules } from "../../src/policy/rules/index.js";
import { toPulumi } from "../../src/policy/toPulumi.js";

test.each([
  [
    { "duplicate-environment-cost": { maxMonthlyUsd: -5 } },
    /duplicate-environment-cost: maxMonthlyUsd is -5, expected a number of at least 0/,
  ],
  [
    { "duplicate-environment-cost": { region: "mars" } },
    /duplicate-environment-cost: region is "mars", expected a text like/,
  ],
  [
    { "concurrent-versions": { forbidAbove: 9 } },
    /concurrent-versions: forbidAbove is 9, expected a whole number from 1 to 5/,
  ],
  [{ "imds-v1": { strict: true } }, /imds-v1: unknown option "strict"; it has none/],
  [{ "imds-v1": "sometimes" }, /imds-v1: enforcementLevel is "sometimes", expected advisory, mandatory or disabled/],
  [{ "imds-v2": "mandatory" }, /Unknown policy "imds-v2"; there are: duplicate-environment-cost, /],
])("a bad configuration names rule, key and range: %j", (settings, message) => {
  expect(() => hitlessPolicies(settings as never)).toThrow(message);
});

test("a bad option in Pulumi's own configuration file is a mandatory violation, told once", () => {
  const rule = allRules().find(({ name }) => name === "drain-shorter-than-requests");
  const policy = toPulumi(rule as never);
  const told: unknown[] = [];
  const judge = policy.validateResource as (args: unknown, report: (violation: unknown) => void) => void;
  const args = { type: "aws:lb/targetGroup:TargetGroup", getConfig: () => ({ longestRequest: 3 }) };
  judge(args, (violation) => told.push(violation));
  judge(args, (violation) => told.push(violation));
  expect(told).toEqual([
    {
      enforcementLevel: "mandatory",
      message: expect.stringMatching(/unknown option "longestRequest"; it has: longestRequestSeconds/),
    },
  ]);
});

test("defaults are within their own ranges, and each rule says what it is and what to do", () => {
  for (const rule of allRules()) {
    expect(() => toPulumi(rule, rule.defaults)).not.toThrow();
    expect(rule.remediation.length).toBeGreaterThan(0);
    expect(rule.resource ?? rule.stack).toBeDefined();
  }
});

test("the sentinels of unknown values are those of @pulumi/policy", () => {
  const theirs = Object.entries(proxy)
    .filter(([name]) => /^unknown\w+Value$/.test(name))
    .map(([, value]) => value);
  expect(theirs).toHaveLength(7);
  expect([...SENTINELS].sort()).toEqual([...theirs].sort());
});
