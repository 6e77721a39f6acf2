import type { StackResource } from "../../src/policy/model/resource.js";
import { readStack } from "../../src/policy/model/stack.js";
import { allRules, type RuleName } from "../../src/policy/rules/index.js";
import { beforeOperation } from "../../src/policy/rules/replacesLiveTargetGroup.js";
import { judge } from "./judge.js";
import { boundProgram, routedProgram } from "./kubernetesProgram.js";
import { arnOf, program, resource, type Side, unknown, urnOf } from "./program.js";

const live: Side = { name: "blue" };
const idle: Side = { name: "green", weight: 0 };
const good = program([live, idle]);
const servers = (ingress: unknown) =>
  resource("ec2/securityGroup:SecurityGroup", "servers", { id: "sg-servers", ingress });
const https = resource("lb/listener:Listener", "https", {
  arn: "arn:https",
  loadBalancerArn: "arn:balancer",
  protocol: "HTTPS",
  defaultActions: [{ type: "forward", targetGroupArn: "arn:elsewhere" }],
});
const alarm = (props: object) =>
  resource("cloudwatch/metricAlarm:MetricAlarm", "errors", {
    namespace: "AWS/ApplicationELB",
    metricName: "HTTPCode_ELB_5XX_Count",
    ...props,
  });
const ignoring = (resources: StackResource[], keys: string[]) =>
  resources.map((one) => (one.name === "http" ? { ...one, ignoreChanges: keys } : one));

interface Case {
  /** What breaks the rule, with words that the message must have. */
  readonly bad: readonly StackResource[];
  readonly says: RegExp;
  /** What it has to let pass, besides the good program. */
  readonly passes?: readonly StackResource[];
  /** A value that is not known yet; `undefined` for the one rule that reads only options of a resource. */
  readonly hidden?: readonly StackResource[];
  readonly options?: object;
}

const cases: Record<RuleName, Case> = {
  "duplicate-environment-cost": {
    bad: good,
    options: { maxMonthlyUsd: 10 },
    // Two t3.micro: 2 × 0.0104 × 730.
    says: /Duplicates cost \$15\.18 a month, expected at most \$10\.00[\s\S]*green +2 +t3\.micro +0\.0208 +idle +15\.18[\s\S]*built into Hitless, us-east-1, of 2026-07-20 \(127 days old\)[\s\S]*idle: "cold"/,
    hidden: program([live, { ...idle, type: unknown }]),
  },
  "idle-environment-expiry": {
    bad: program([live, { ...idle, tags: { "hitless:idle-until": "2026-11-24T10:00:00Z" } }]),
    says: /green \(idle\) should have gone at 2026-11-24T10:00:00\.000Z, 2 h ago/,
    passes: program([live, { ...idle, tags: { "hitless:idle-since": "2026-11-24T10:00:00Z" } }]),
    hidden: program([live, { ...idle, tags: { "hitless:idle-until": unknown } }]),
  },
  "concurrent-versions": {
    bad: program(["a", "b", "c", "d"].map((name) => ({ name }))),
    says: /4 versions at once \(v-a, v-b, v-c, v-d\), expected at most 3/,
    passes: program(["a", "b", "c"].map((name) => ({ name, tags: { "hitless:version": "v1" } }))),
    hidden: program(["a", "b", "c"].map((name) => ({ name, tags: { "hitless:version": unknown } }))),
  },
  "no-weight-without-health-check": {
    bad: program([{ ...live, target: { healthCheck: { enabled: true, matcher: "200-499" } } }, idle]),
    says: /blue has weight in http, but its health check passes errors \(matcher "200-499"\)/,
    passes: program([live, { ...idle, target: { healthCheck: { enabled: false } } }]),
    hidden: program([{ ...live, target: { healthCheck: unknown } }, idle]),
  },
  "health-check-too-slow": {
    bad: program([{ ...live, target: { healthCheck: { interval: 60, timeout: 5, unhealthyThreshold: 5 } } }]),
    says: /after 305 s \(60 s × 5 \+ 5 s\), expected at most 60 s/,
    hidden: program([{ ...live, target: { healthCheck: { interval: unknown } } }]),
  },
  "drain-shorter-than-requests": {
    bad: program([{ ...live, target: { deregistrationDelay: "5" } }]),
    says: /blue drains for 5 s, expected at least 10 s/,
    passes: program([{ ...live, target: { deregistrationDelay: undefined } }]),
    hidden: program([{ ...live, target: { deregistrationDelay: unknown } }]),
  },
  "no-unattached-live-target-group": {
    bad: program([live, { ...idle, detached: true }]),
    says: /green has servers, but no listener or rule of the stack forwards to its target group/,
    hidden: program([live, { ...idle, detached: true }], { listener: { defaultActions: unknown } }),
  },
  "canary-capacity-below-weight": {
    bad: program([
      { ...live, weight: 70, servers: 10 },
      { name: "next", weight: 30, servers: 2 },
    ]),
    says: /next gets 30 % of the users with 2 servers, expected at least 3/,
    passes: program([
      { ...live, weight: 90, servers: 10 },
      { name: "next", weight: 10, servers: 1 },
    ]),
    hidden: program([
      { ...live, weight: unknown, servers: 10 },
      { name: "next", weight: 10, servers: 1 },
    ]),
  },
  "single-server-live": {
    bad: program([{ ...live, servers: 1 }, idle]),
    says: /blue serves users with 1 server\(s\), expected at least 2/,
    passes: program([live, { ...idle, servers: 0 }]),
    hidden: program([{ ...live, servers: unknown }, idle]),
  },
  "no-latest-template-version": {
    bad: program([{ ...live, group: { launchTemplate: { id: "lt-blue", version: "$Latest" } } }]),
    says: /blue takes \$Latest of its launch template/,
    hidden: program([{ ...live, group: { launchTemplate: { id: "lt-blue", version: unknown } } }]),
  },
  "no-fixed-target-group-name": {
    bad: program([{ ...live, target: { name: "checkout" } }]),
    says: /blue is named "checkout"/,
    hidden: program([{ ...live, target: { name: unknown } }]),
  },
  "no-ignored-weights": {
    bad: ignoring(good, ["defaultActions[0].forward"]),
    says: /http ignores changes of defaultActions\[0\]\.forward/,
    passes: ignoring(good, ["tags"]),
  },
  "alarm-missing-data-breaches": {
    bad: [alarm({})],
    says: /errors watches HTTPCode_ELB_5XX_Count with treatMissingData "missing"/,
    passes: [alarm({ treatMissingData: "notBreaching" }), alarm({ namespace: "AWS/EC2" })],
    hidden: [alarm({ treatMissingData: unknown })],
  },
  "rollback-impossible": {
    bad: program([{ ...live, template: { imageId: "resolve:ssm:/images/shop" } }]),
    says: /blue takes its image from an SSM parameter/,
    hidden: program([{ ...live, template: { imageId: unknown } }]),
  },
  "replaces-live-target-group": {
    bad: program([{ ...live, target: { arn: unknown } }]),
    says: /all of them would go to a target group that does not exist yet \(blue\)/,
    passes: program([live, { ...idle, target: { arn: unknown } }]),
    hidden: program([live], { listener: { defaultActions: [{ type: "forward", targetGroupArn: unknown }] } }).map(
      (one) => (one.name === "http" ? { ...one, references: {} } : one),
    ),
  },
  "data-contract": {
    bad: program([
      { ...live, tags: { "hitless:data-writes": "6", "hitless:data-reads": "6" } },
      { ...idle, tags: { "hitless:data-writes": "7", "hitless:data-reads": "7" } },
    ]),
    says: /v-blue writes 6, but v-green reads only 7/,
    passes: program([
      { ...live, tags: { "hitless:data-writes": "6", "hitless:data-reads": "6 7" } },
      { ...idle, tags: { "hitless:data-writes": "7", "hitless:data-reads": "6 7" } },
    ]),
    hidden: program([{ ...live, tags: { "hitless:data-writes": unknown } }, idle]),
  },
  "open-to-the-world": {
    bad: [...good, servers([{ fromPort: 8080, cidrBlocks: ["0.0.0.0/0"] }])],
    says: /servers lets everybody \(0\.0\.0\.0\/0\) reach the servers on port 8080/,
    passes: [...good, servers([{ fromPort: 8080, securityGroups: ["sg-front"] }])],
    hidden: [...good, servers([{ fromPort: 8080, cidrBlocks: [unknown] }])],
  },
  "imds-v1": {
    bad: program([{ ...live, template: { metadataOptions: { httpTokens: "optional" } } }]),
    says: /blue has metadataOptions\.httpTokens optional, expected "required"/,
    hidden: program([{ ...live, template: { metadataOptions: unknown } }]),
  },
  "plain-http-in-public": {
    bad: [...good, https],
    says: /http forwards plain HTTP on the public load balancer shop/,
    passes: [...program([live], { listener: { defaultActions: [{ type: "redirect", redirect: {} }] } }), https],
    hidden: [...program([live], { balancer: { internal: unknown } }), https],
  },
  "no-recreate-live": {
    bad: boundProgram([{ name: "web", spec: { strategy: { type: "Recreate" } } }]),
    says: /web serves users with strategy Recreate/,
    passes: routedProgram([{ name: "web" }, { name: "old", weight: 0, spec: { strategy: { type: "Recreate" } } }]),
    hidden: boundProgram([{ name: "web", spec: { strategy: unknown } }]),
  },
  "no-readiness-gate": {
    bad: boundProgram([{ name: "web" }], { labels: {} }),
    says: /shop has pods behind a load balancer \(web\) and no label elbv2\.k8s\.aws\/pod-readiness-gate-inject/,
    passes: boundProgram([{ name: "web" }]),
    hidden: boundProgram([{ name: "web" }], { labels: { "elbv2.k8s.aws/pod-readiness-gate-inject": unknown } }),
  },
  "no-disruption-budget": {
    bad: boundProgram([{ name: "web" }]).filter(({ type }) => !type.includes("PodDisruptionBudget")),
    says: /web serves users without a PodDisruptionBudget/,
    passes: routedProgram([{ name: "web" }]),
    hidden: boundProgram([{ name: "web" }]).map((one) =>
      one.type.includes("PodDisruptionBudget")
        ? { ...one, props: { ...one.props, spec: { selector: { matchLabels: { app: unknown } } } } }
        : one,
    ),
  },
};

const table = Object.entries(cases) as [RuleName, Case][];

test("every rule has its cases", () => {
  expect(Object.keys(cases).sort()).toEqual(
    allRules()
      .map(({ name }) => name)
      .sort(),
  );
});

test.each(table)("%s: a program that breaks it", (name, { bad, says, options }) => {
  const violations = judge(name, bad, options).filter((verdict) => !verdict.unseen);
  expect(violations.map(({ problem }) => problem).join("\n")).toMatch(says);
});

test.each(table)("%s: a good program passes, with nothing to say", (name, { passes }) => {
  expect(judge(name, good)).toEqual([]);
  expect(judge(name, passes ?? good)).toEqual([]);
});

test.each(table.filter(([, { hidden }]) => hidden))(
  "%s: an unknown value is told, and is no violation",
  (name, { hidden }) => {
    const verdicts = judge(name, hidden ?? []);
    expect(verdicts.length).toBeGreaterThan(0);
    expect(verdicts.every(({ unseen }) => unseen)).toBe(true);
  },
);

test("what has no price is told, as advice, and never counts as free", () => {
  const verdicts = judge("duplicate-environment-cost", program([live, { ...idle, type: "x9.huge" }]));
  expect(verdicts).toEqual([
    { level: "advisory", problem: expect.stringMatching(/^Not priced: green: no price is known for x9\.huge; add it/) },
  ]);
});

test("three versions at once are advised against, four are forbidden", () => {
  const levels = (names: string[]) =>
    judge("concurrent-versions", program(names.map((name) => ({ name })))).map(({ level }) => level);
  expect(levels(["a", "b", "c"])).toEqual(["advisory"]);
  expect(levels(["a", "b", "c", "d"])).toEqual([undefined]);
});

test("a first preview: target groups without ARNs are followed by the program's wiring", () => {
  const side = { target: { arn: unknown } };
  const first = program(
    [
      { ...live, ...side },
      { ...idle, ...side },
    ],
    { listener: { arn: unknown } },
  );
  for (const name of [
    "no-unattached-live-target-group",
    "no-weight-without-health-check",
    "canary-capacity-below-weight",
  ] as const) {
    expect(judge(name, first)).toEqual([]);
  }
  expect(judge("duplicate-environment-cost", first).map(({ unseen }) => unseen)).toEqual([true, true]);
});

test("replaces-live-target-group sees it also while it cannot tell which new target group gets the weight", () => {
  const side = { target: { arn: unknown } };
  const both = program([
    { ...live, ...side },
    { ...idle, ...side },
  ]);
  expect(judge("replaces-live-target-group", both).map(({ problem }) => problem)).toEqual([
    expect.stringMatching(/does not exist yet \(blue, green\)/),
  ]);
});

test("a target group of another stack is not taken for the one that the program has wired", () => {
  const outside = resource(
    "lb/listener:Listener",
    "outer",
    { arn: "arn:outer", defaultActions: [{ type: "forward", targetGroupArn: arnOf("elsewhere") }] },
    { defaultActions: [urnOf("lb/targetGroup:TargetGroup", "green")] },
  );
  const { fleets } = readStack(program([live, idle], { resources: [outside] }));
  expect(fleets.map(({ role }) => role)).toEqual(["live", "idle"]);
});

test("a template whose outputs do not repeat its id is found by the program's wiring", () => {
  const { fleets } = readStack(program([{ ...live, template: { id: undefined } }]));
  expect(fleets.map(({ instanceType }) => instanceType)).toEqual(["t3.micro"]);
});

describe("replaces-live-target-group, before the operation", () => {
  const shown = new Map([["urn:pulumi:test::shop::aws:lb/targetGroup:TargetGroup::blue", "blue-0123abc"]]);
  const listener = (name: string, tags?: object) =>
    resource("lb/listener:Listener", "http", {
      defaultActions: [
        { type: "forward", targetGroupArn: `arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/${name}/9` },
      ],
      ...(tags ? { tags } : {}),
    });
  test.each([
    ["the target group that was shown", listener("blue-0123abc"), 0],
    ["another in its place", listener("blue-ffff999"), 1],
    ["one of another program", listener("elsewhere-ffff999"), 0],
    ["another in its place, behind a gate of ours", listener("blue-ffff999", { "hitless:live": "blue" }), 0],
  ])("%s", (_, entrance, violations) => {
    expect(beforeOperation(entrance, shown)).toHaveLength(violations);
  });
});
