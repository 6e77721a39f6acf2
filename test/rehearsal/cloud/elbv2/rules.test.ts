import { code, page, to, world } from "./fakes.js";

type World = ReturnType<typeof world>;
let w: World;
beforeEach(() => {
  w = world();
});
afterEach(() => w.elb.close());

describe("rules", () => {
  let listener: string;
  let blue: string;
  let green: string;
  beforeEach(async () => {
    blue = await w.targetGroup("blue");
    green = await w.targetGroup("green");
    listener = await w.listener(await w.loadBalancer(), [page]);
  });

  const forward = (groups: object[], stickiness?: object): object => ({
    Type: "forward",
    ForwardConfig: { TargetGroups: groups, ...(stickiness && { TargetGroupStickinessConfig: stickiness }) },
  });

  test("they are applied and described in the order of their priorities, the default last [A-30]", async () => {
    await w.rule(listener, 20, [to(green)]);
    await w.rule(listener, 10, [to(blue)]);
    const { Rules } = await w.call("DescribeRules", { ListenerArn: listener });
    expect(Rules.map((rule: { Priority: string }) => rule.Priority)).toEqual(["10", "20", "default"]);
    expect(w.dataPlane.last.listeners[0]?.rules.map((rule) => rule.priority)).toEqual([
      10,
      20,
      Number.POSITIVE_INFINITY,
    ]);
    expect(w.dataPlane.last.targetGroups.map((group) => group.name).sort()).toEqual(["blue", "green"]);
  });

  test("the snapshot tells when weights were changed, and only then", async () => {
    const arn = await w.rule(listener, 10, [to(blue)]);
    const changedAt = (priority: number | "default"): number | undefined =>
      w.elb.listenerSnapshots()[0]?.rules.find((rule) => rule.priority === priority)?.weightsChangedAt;
    const before = Date.now();
    expect(changedAt(10)).toBeUndefined();
    await w.call("ModifyRule", { RuleArn: arn, Actions: [to(blue)] });
    expect(changedAt(10)).toBeUndefined();
    await w.call("ModifyRule", { RuleArn: arn, Actions: [to(green)] });
    expect(changedAt(10)).toBeGreaterThanOrEqual(before);
    expect(changedAt("default")).toBeUndefined();
    await w.call("ModifyListener", { ListenerArn: listener, DefaultActions: [to(blue)] });
    expect(changedAt("default")).toBeGreaterThanOrEqual(before);
  });

  test.each<[string, () => object[], string]>([
    [
      "a missing weight among two",
      () => [forward([{ TargetGroupArn: blue, Weight: 1 }, { TargetGroupArn: green }])],
      "InvalidLoadBalancerAction",
    ],
    ["a weight of 1000", () => [forward([{ TargetGroupArn: blue, Weight: 1000 }])], "ValidationError"],
    ["a weight of -1", () => [forward([{ TargetGroupArn: blue, Weight: -1 }])], "ValidationError"],
    ["a weight of 0.5", () => [forward([{ TargetGroupArn: blue, Weight: 0.5 }])], "ValidationError"],
    [
      "all weights 0",
      () => [
        forward([
          { TargetGroupArn: blue, Weight: 0 },
          { TargetGroupArn: green, Weight: 0 },
        ]),
      ],
      "accepted",
    ],
    [
      "a group named twice",
      () => [
        forward([
          { TargetGroupArn: blue, Weight: 1 },
          { TargetGroupArn: blue, Weight: 1 },
        ]),
      ],
      "InvalidLoadBalancerAction",
    ],
    ["an unknown group", () => [to("arn:none")], "TargetGroupNotFound"],
    [
      "stickiness without a duration",
      () => [forward([{ TargetGroupArn: blue }], { Enabled: true })],
      "InvalidLoadBalancerAction",
    ],
    [
      "stickiness of eight days",
      () => [forward([{ TargetGroupArn: blue }], { Enabled: true, DurationSeconds: 604801 })],
      "ValidationError",
    ],
    ["no group at all", () => [{ Type: "forward" }], "InvalidLoadBalancerAction"],
    [
      "two groups in disagreement",
      () => [{ Type: "forward", TargetGroupArn: green, ...forward([{ TargetGroupArn: blue }]) }],
      "InvalidLoadBalancerAction",
    ],
    ["two actions", () => [to(blue), page], "InvalidLoadBalancerAction"],
    ["authentication", () => [{ Type: "authenticate-oidc" }, to(blue)], "InvalidConfigurationRequest"],
    [
      "a redirect to itself",
      () => [{ Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301" } }],
      "InvalidLoadBalancerAction",
    ],
    [
      "a redirect elsewhere",
      () => [{ Type: "redirect", RedirectConfig: { StatusCode: "HTTP_302", Path: "/x" } }],
      "accepted",
    ],
    [
      "a fixed 302",
      () => [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "302" } }],
      "InvalidLoadBalancerAction",
    ],
  ])("an action with %s [A-01, A-02, A-11]", async (_title, actions, expected) => {
    expect(await code(w.rule(listener, 1, actions()))).toBe(expected);
  });

  test("six groups are one too many [A-04]", async () => {
    const groups = await Promise.all(["a", "b", "c", "d", "e", "f"].map((name) => w.targetGroup(name)));
    expect(await code(w.rule(listener, 1, [to(...groups.slice(0, 5))]))).toBe("accepted");
    expect(await code(w.rule(listener, 2, [to(...groups)]))).toBe("InvalidLoadBalancerAction");
  });

  test("target stickiness needs group stickiness where there are two groups [A-13]", async () => {
    await w.call("ModifyTargetGroupAttributes", {
      TargetGroupArn: blue,
      Attributes: [{ Key: "stickiness.enabled", Value: "true" }],
    });
    const groups = [
      { TargetGroupArn: blue, Weight: 1 },
      { TargetGroupArn: green, Weight: 1 },
    ];
    expect(await code(w.rule(listener, 1, [forward(groups)]))).toBe("InvalidLoadBalancerAction");
    expect(await code(w.rule(listener, 1, [forward(groups, { Enabled: true, DurationSeconds: 60 })]))).toBe("accepted");
  });

  test.each<[string, object[], string]>([
    ["none", [], "ValidationError"],
    [
      "two host conditions",
      [
        { Field: "host-header", Values: ["a"] },
        { Field: "host-header", Values: ["b"] },
      ],
      "ValidationError",
    ],
    [
      "two header conditions",
      ["a", "b"].map((HttpHeaderName) => ({
        Field: "http-header",
        HttpHeaderConfig: { HttpHeaderName, Values: ["x"] },
      })),
      "accepted",
    ],
    ["four values", [{ Field: "path-pattern", Values: ["/a", "/b", "/c", "/d"] }], "ValidationError"],
    [
      "six values in all",
      [
        { Field: "path-pattern", Values: ["/a", "/b", "/c"] },
        { Field: "host-header", Values: ["a", "b", "c"] },
      ],
      "ValidationError",
    ],
    ["six wildcards", [{ Field: "path-pattern", Values: ["/*/*/*/*/*/*"] }], "ValidationError"],
    ["129 characters", [{ Field: "path-pattern", Values: ["/".padEnd(129, "a")] }], "ValidationError"],
    [
      "the Host header",
      [{ Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "Host", Values: ["a"] } }],
      "ValidationError",
    ],
    [
      "a header with a wildcard",
      [{ Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-*", Values: ["a"] } }],
      "ValidationError",
    ],
    [
      "a cookie",
      [{ Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "Cookie", Values: ["*canary=1*"] } }],
      "accepted",
    ],
    [
      "a query string",
      [{ Field: "query-string", QueryStringConfig: { Values: [{ Key: "v", Value: "2" }, { Value: "x" }] } }],
      "accepted",
    ],
    [
      "a method in small letters",
      [{ Field: "http-request-method", HttpRequestMethodConfig: { Values: ["get"] } }],
      "ValidationError",
    ],
    ["a block", [{ Field: "source-ip", SourceIpConfig: { Values: ["10.0.0.0/8", "2001:db8::/32"] } }], "accepted"],
    ["a bare address", [{ Field: "source-ip", SourceIpConfig: { Values: ["10.0.0.1"] } }], "ValidationError"],
    [
      "values in two places",
      [{ Field: "host-header", Values: ["a"], HostHeaderConfig: { Values: ["a"] } }],
      "ValidationError",
    ],
    [
      "another field's configuration",
      [{ Field: "host-header", Values: ["a"], PathPatternConfig: { Values: ["/a"] } }],
      "ValidationError",
    ],
    ["a broken regular expression", [{ Field: "path-pattern", RegexValues: ["("] }], "ValidationError"],
    ["an unknown field", [{ Field: "constructor", Values: ["a"] }], "ValidationError"],
  ])("conditions with %s [A-23, A-24, A-25]", async (_title, conditions, expected) => {
    expect(await code(w.rule(listener, 1, [page], conditions))).toBe(expected);
  });

  test.each([0, 50001, 1.5])("priority %d is refused [A-30]", async (priority) => {
    expect(await code(w.rule(listener, priority, [page]))).toBe("ValidationError");
  });

  test("a priority belongs to one rule; a swap in one call is fine", async () => {
    const one = await w.rule(listener, 1, [to(blue)]);
    const two = await w.rule(listener, 2, [to(green)]);
    expect(await code(w.rule(listener, 1, [page]))).toBe("PriorityInUse");
    const set = (...pairs: [string, number][]) =>
      w.call("SetRulePriorities", { RulePriorities: pairs.map(([RuleArn, Priority]) => ({ RuleArn, Priority })) });
    expect(await code(set([one, 2]))).toBe("PriorityInUse");
    await set([one, 2], [two, 1]);
    const { Rules } = await w.call("DescribeRules", { ListenerArn: listener });
    expect(Rules.map((rule: { RuleArn: string }) => rule.RuleArn).slice(0, 2)).toEqual([two, one]);
  });

  test("the default rule can be neither deleted nor modified nor moved", async () => {
    const { Rules } = await w.call("DescribeRules", { ListenerArn: listener });
    const { RuleArn } = Rules[0];
    expect(await code(w.call("DeleteRule", { RuleArn }))).toBe("OperationNotPermitted");
    expect(await code(w.call("ModifyRule", { RuleArn, Actions: [page] }))).toBe("OperationNotPermitted");
    expect(await code(w.call("SetRulePriorities", { RulePriorities: [{ RuleArn, Priority: 5 }] }))).toBe(
      "OperationNotPermitted",
    );
  });

  test("modifying replaces the list that is given and keeps the other [A-22]", async () => {
    const RuleArn = await w.rule(listener, 1, [to(blue)]);
    await w.call("ModifyRule", { RuleArn, Actions: [to(green)] });
    const [shown] = (await w.call("DescribeRules", { RuleArns: [RuleArn] })).Rules;
    expect(shown).toMatchObject({
      Actions: [{ TargetGroupArn: green }],
      Conditions: [{ Field: "path-pattern", Values: ["/1"] }],
    });
  });

  test("a hundred rules, and not one more [A-08]", async () => {
    for (let priority = 1; priority <= 100; priority++) await w.rule(listener, priority, [page]);
    expect(await code(w.rule(listener, 101, [page]))).toBe("TooManyRules");
  });
});
