import type { StackResource } from "../../src/policy/model/resource.js";
import { readStack } from "../../src/policy/model/stack.js";
import { allRules, type RuleName } from "../../src/policy/rules/index.js";
import { judge } from "./judge.js";
import { arnOf, program, resource, type Side } from "./program.js";

describe("BlueGreenPair", () => {
  const sides: Side[] = [{ name: "shop-blue" }, { name: "shop-green", weight: 0 }];
  const tagged = { listener: { tags: { "hitless:live": "blue" } } };
  /** As the component keeps it: see src/strategies/shared/idleRecord.ts. */
  const record = (
    since: string,
    version = "v-shop-green",
    component = "hitless:index:BlueGreenPair",
  ): StackResource => {
    const kept = { "hitless:idle-since": since, fleet: "shop-green", version };
    const urn = `urn:pulumi:test::shop::${component}$pulumi:index:Stash::shop-green-idle`;
    const props = { input: kept, output: kept };
    return {
      urn,
      type: "pulumi:index:Stash",
      name: "shop-green-idle",
      props,
      references: {},
      ignoreChanges: ["input"],
    };
  };
  const inPair = (resources: StackResource[]) =>
    resources.map((one) => ({ ...one, urn: one.urn.replace("::aws:", "::hitless:index:BlueGreenPair$aws:") }));
  test.each([
    ["a day and two hours after the switch", record("2026-11-23T10:00:00.000Z"), 1],
    ["an hour after the switch", record("2026-11-24T11:00:00.000Z"), 0],
    ["when another release is there to be switched to", record("2026-11-23T10:00:00.000Z", "v0"), 0],
    ["with the record of another component", record("2026-11-23T10:00:00.000Z", "v-shop-green", "shop:index:Other"), 0],
  ])("a warm idle environment, %s", (_, kept, violations) => {
    const verdicts = judge("idle-environment-expiry", [...inPair(program(sides, tagged)), kept]);
    expect(verdicts).toHaveLength(violations);
    if (violations > 0)
      expect(verdicts[0]?.problem).toMatch(
        /shop-green \(idle\) should have gone at 2026-11-24T10:00:00\.000Z, 2 h ago/,
      );
  });
  test("a cold idle environment in no action is no stuck one", () => {
    const cold = program([sides[0] as Side, { name: "shop-green", servers: 0, detached: true }], tagged);
    for (const { name } of allRules()) expect([name, judge(name as RuleName, cold)]).toEqual([name, []]);
  });
  test("a preview route on its own port makes nothing live", () => {
    const route = resource("lb/listener:Listener", "green-preview", {
      arn: "arn:preview",
      loadBalancerArn: "arn:balancer",
      protocol: "HTTP",
      tags: { "hitless:preview": "green" },
      defaultActions: [{ type: "forward", targetGroupArn: arnOf("shop-green") }],
    });
    const { fleets } = readStack(program(sides, { ...tagged, resources: [route] }));
    expect(fleets.map(({ name, role }) => [name, role])).toEqual([
      ["shop-blue", "live"],
      ["shop-green", "idle"],
    ]);
    // The same without our words on the entrance: weights alone tell.
    const untold = readStack(program(sides, { resources: [route] }));
    expect(untold.fleets.map(({ role }) => role)).toEqual(["live", "idle"]);
  });
});
