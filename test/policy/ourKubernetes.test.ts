import { billOf } from "../../src/policy/cost/bill.js";
import type { StackResource } from "../../src/policy/model/resource.js";
import { readStack } from "../../src/policy/model/stack.js";
import { Prices } from "../../src/policy/prices/prices.js";
import { allRules, type RuleName } from "../../src/policy/rules/index.js";
import type { HitlessMocks } from "../../src/testing/index.js";
import { canary, pair, rolling, runCanary, runPair, runRolling } from "../strategies/kubernetes/programs.js";
import { judge } from "./judge.js";

/** What a policy pack is shown of a program under mocks: inputs, and the names and ARNs that the mocks make up. */
function shown({ resources }: HitlessMocks): StackResource[] {
  return resources.map(({ type, name, inputs }) => {
    const own = type.startsWith("kubernetes:")
      ? { metadata: { name: `${name}-12345678`, ...inputs.metadata } }
      : {
          arn: type.includes("lb/targetGroup")
            ? `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}-1234567/0123456789abcdef`
            : `arn:${name}`,
        };
    return {
      urn: `urn:pulumi:stack::project::hitless:index:Component$${type}::${name}`,
      type,
      name,
      props: { ...own, ...inputs, ...("metadata" in own ? { metadata: own.metadata } : {}) },
      references: {},
      ignoreChanges: [],
    };
  });
}

const prices = new Prices({ nodeType: "m5.large" });

const nodes: StackResource = {
  urn: "urn:pulumi:stack::project::aws:eks/nodeGroup:NodeGroup::nodes",
  type: "aws:eks/nodeGroup:NodeGroup",
  name: "nodes",
  props: { instanceTypes: ["m5.large"] },
  references: {},
  ignoreChanges: [],
};

describe.each(["alb", "gateway"] as const)("our components behind %s", (front) => {
  test.each([
    ["RollingFleet", async () => (await runRolling(rolling(front))).mocks, ["live"]],
    ["BlueGreenPair", async () => (await runPair(pair(front))).mocks, ["live", "idle"]],
    ["CanaryRelease", async () => (await runCanary(canary(front))).mocks, ["live", "canary"]],
  ] as const)("%s passes every rule, and its fleets are known for what they are", async (_, program, roles) => {
    const resources = [...shown(await program()), nodes];
    const model = readStack(resources);
    expect([...model.fleets].map(({ role }) => role).sort()).toEqual([...roles].sort());
    for (const { name } of allRules()) expect([name, judge(name as RuleName, resources)]).toEqual([name, []]);
    // 0.25 of 2 processors is more of the node than 0.25 of 8 GiB.
    const { lines } = billOf(model, prices);
    for (const { perHour, servers } of lines) expect(perHour).toBeCloseTo((servers * 0.096) / 8, 10);
  });
});
