import * as fc from "fast-check";
import { quantity } from "../../src/plan/kubernetesQuantity.js";
import { billOf } from "../../src/policy/cost/bill.js";
import { countOf } from "../../src/policy/model/kubernetes/countOf.js";
import { podSize, preStopSeconds } from "../../src/policy/model/kubernetes/pods.js";
import type { StackResource } from "../../src/policy/model/resource.js";
import { readStack } from "../../src/policy/model/stack.js";
import { nodeShape } from "../../src/policy/prices/nodes.js";
import { Prices } from "../../src/policy/prices/prices.js";
import { allRules, type RuleName } from "../../src/policy/rules/index.js";
import { judge } from "./judge.js";
import { boundProgram, object, routedProgram, unknown } from "./kubernetesProgram.js";

const live = { name: "web" };
const idle = { name: "next", weight: 0 };

/** Both ways in, each a good program. */
const good: [string, StackResource[]][] = [
  ["a load balancer", boundProgram([live, idle])],
  ["a Gateway", routedProgram([live, idle])],
];

describe.each(good)("pods behind %s", (_, resources) => {
  test("are read as fleets with roles and shares", () => {
    const { fleets } = readStack(resources);
    expect(fleets.map(({ name, role, servers, version }) => [name, role, servers, version])).toEqual([
      ["web", "live", 2, "v-web"],
      ["next", "idle", 2, "v-next"],
    ]);
    expect(fleets.map(({ places }) => places.map(({ share }) => share))).toEqual([[100], [0]]);
  });
  test.each(allRules().map(({ name }) => [name]))("%s has nothing to say of a good program", (name) => {
    expect(judge(name as RuleName, resources)).toEqual([]);
  });
});

interface Case {
  readonly rule: RuleName;
  readonly bad: readonly StackResource[];
  readonly says: RegExp;
  readonly hidden?: readonly StackResource[];
  readonly options?: object;
}

const balanced = { name: "public" };
const loadBalancer = (spec: object, labels: object = { app: "web" }) =>
  object("core/v1:Service", balanced.name, { spec: { type: "LoadBalancer", selector: labels, ...spec } });

const cases: Case[] = [
  {
    rule: "no-weight-without-health-check",
    bad: routedProgram([{ ...live, container: { readinessProbe: undefined } }]),
    says: /web serves users and has no readinessProbe/,
    hidden: routedProgram([{ ...live, container: { readinessProbe: unknown } }]),
  },
  {
    rule: "health-check-too-slow",
    bad: boundProgram([{ ...live, container: { readinessProbe: { periodSeconds: 30, failureThreshold: 3 } } }]),
    says: /web finds a broken pod after 91 s \(30 s × 3 \+ 1 s\), expected at most 60 s/,
    hidden: boundProgram([{ ...live, container: { readinessProbe: { periodSeconds: unknown } } }]),
  },
  {
    rule: "drain-shorter-than-requests",
    bad: boundProgram([{ ...live, pod: { terminationGracePeriodSeconds: 25 } }]),
    says: /the pods of web .*killed/,
    hidden: boundProgram([{ ...live, pod: { terminationGracePeriodSeconds: unknown } }]),
  },
  {
    rule: "no-unattached-live-target-group",
    bad: boundProgram([live, { ...idle, detached: true }]),
    says: /next has servers, but no listener or rule of the stack forwards to its target group/,
    hidden: boundProgram([live, { ...idle, detached: true }]).map((one) =>
      one.name === "http" ? { ...one, props: { ...one.props, defaultActions: unknown } } : one,
    ),
  },
  {
    rule: "canary-capacity-below-weight",
    bad: routedProgram([
      { ...live, weight: 70, replicas: 10 },
      { ...idle, weight: 30, replicas: 2 },
    ]),
    says: /next gets 30 % of the users with 2 servers, expected at least 3/,
    hidden: routedProgram([
      { ...live, weight: unknown, replicas: 10 },
      { ...idle, weight: 10, replicas: 1 },
    ]),
  },
  {
    rule: "single-server-live",
    bad: boundProgram([{ ...live, spec: { replicas: undefined } }]),
    says: /web serves users with 1 server\(s\), expected at least 2/,
    hidden: boundProgram([{ ...live, replicas: unknown }]),
  },
  {
    rule: "concurrent-versions",
    bad: routedProgram(["a", "b", "c", "d"].map((name) => ({ name }))),
    says: /http has 4 versions at once \(v-a, v-b, v-c, v-d\), expected at most 3/,
    hidden: routedProgram(["a", "b", "c"].map((name) => ({ name, annotations: { "hitless.dev/version": unknown } }))),
  },
  {
    rule: "data-contract",
    bad: routedProgram([
      { ...live, annotations: { "hitless.dev/data-writes": "6", "hitless.dev/data-reads": "6" } },
      { ...idle, annotations: { "hitless.dev/data-writes": "7", "hitless.dev/data-reads": "7" } },
    ]),
    says: /v-web writes 6, but v-next reads only 7/,
    hidden: routedProgram([{ ...live, annotations: { "hitless.dev/data-writes": unknown } }, idle]),
  },
  {
    rule: "idle-environment-expiry",
    bad: routedProgram([live, { ...idle, annotations: { "hitless.dev/idle-until": "2026-11-24T10:00:00Z" } }]),
    says: /next \(idle\) should have gone at 2026-11-24T10:00:00\.000Z, 2 h ago/,
    hidden: routedProgram([live, { ...idle, annotations: { "hitless.dev/idle-until": unknown } }]),
  },
  {
    rule: "no-ignored-weights",
    bad: routedProgram([live], { ignoreChanges: ["spec.rules[0].backendRefs"] }),
    says: /http ignores changes of spec\.rules\[0\]\.backendRefs/,
  },
  {
    rule: "rollback-impossible",
    bad: boundProgram([{ ...live, container: { image: "registry.example:5000/shop" } }]),
    says: /web runs the image "registry\.example:5000\/shop"/,
    hidden: boundProgram([{ ...live, container: { image: unknown } }]),
  },
  {
    rule: "open-to-the-world",
    bad: routedProgram([live], { resources: [loadBalancer({})] }),
    says: /public \(type LoadBalancer\) lets everybody reach the pods of web, past its entrance/,
    hidden: routedProgram([live], { resources: [loadBalancer({ loadBalancerSourceRanges: unknown })] }),
  },
  {
    rule: "duplicate-environment-cost",
    options: { maxMonthlyUsd: 10 },
    // A pod asks for 0.5 of 2 processors, and 1 of 8 GiB: a quarter of an m5.large. Two pods: 2 × 0.096 / 4 × 730 = 35.04.
    bad: boundProgram([live, idle]),
    says: /Duplicates cost \$35\.04 a month[\s\S]*next +2 +0\.5 vCPU 1 GiB +0\.0480 +idle +35\.04[\s\S]*pods as their share of m5\.large/,
    hidden: boundProgram([live, { ...idle, container: { resources: unknown } }]),
  },
];

const table = cases.map((one) => [one.rule, one] as const);

test.each(table)("%s: pods that break it", (rule, { bad, says, options }) => {
  const violations = judge(rule, bad, options).filter((verdict) => !verdict.unseen);
  expect(violations.map(({ problem }) => problem).join("\n")).toMatch(says);
});

test.each(table.filter(([, { hidden }]) => hidden))("%s: an unknown value is told", (rule, { hidden }) => {
  const verdicts = judge(rule, hidden ?? []);
  expect(verdicts.length).toBeGreaterThan(0);
  expect(verdicts.every(({ unseen }) => unseen)).toBe(true);
});

test.each([
  [loadBalancer({ loadBalancerSourceRanges: ["10.0.0.0/8"] })],
  [loadBalancer({ loadBalancerClass: "service.k8s.aws/nlb" })],
  [loadBalancer({}, { app: "somebody-else" })],
])("a Service that opens nothing of ours", (service) => {
  expect(judge("open-to-the-world", routedProgram([live], { resources: [service] }))).toEqual([]);
});

test("pods without preStop are advised against, no more", () => {
  const verdicts = judge(
    "drain-shorter-than-requests",
    boundProgram([{ ...live, container: { lifecycle: undefined } }]),
  );
  expect(verdicts.map(({ level }) => level)).toEqual(["advisory"]);
});

test("a Deployment that no entrance leads to is a worker: nobody's duplicate, and no rule about users is for it", () => {
  const worker = routedProgram([live, { name: "worker", detached: true, replicas: 1 }]);
  expect(readStack(worker).fleets.map(({ role }) => role)).toEqual(["live", "live"]);
  for (const { name } of allRules()) expect([name, judge(name as RuleName, worker)]).toEqual([name, []]);
});

test("an autoscaler owns the number of pods", () => {
  const autoscaler = object("autoscaling/v2:HorizontalPodAutoscaler", "web", {
    spec: { scaleTargetRef: { kind: "Deployment", name: "web-0a1b2c3d" }, minReplicas: 3, maxReplicas: 9 },
  });
  const { fleets } = readStack(
    routedProgram([{ ...live, spec: { replicas: undefined } }], { resources: [autoscaler] }),
  );
  expect(fleets.map(({ servers, maxServers }) => [servers, maxServers])).toEqual([[3, 9]]);
});

test("a header's route is a chosen one: who comes by it is no share of the public", () => {
  const rules = [
    { backendRefs: [{ name: "web-0a1b2c3d", port: 80 }] },
    { matches: [{ headers: [{ name: "x-beta", value: "v2" }] }], backendRefs: [{ name: "next-0a1b2c3d", port: 80 }] },
  ];
  const { fleets } = readStack(routedProgram([live, idle], { rules }));
  expect(fleets.map(({ role }) => role)).toEqual(["live", "idle"]);
});

test("a first preview: names that are not known yet are followed by the program's wiring", () => {
  const first = boundProgram([live], { arn: unknown });
  const { fleets } = readStack(first);
  expect(fleets.map(({ places }) => places.length)).toEqual([1]);
});

describe("what pods cost, by hand", () => {
  const { fleets } = readStack(boundProgram([live]));
  const model = readStack(boundProgram([live]));
  test("given prices come before a node's share", () => {
    const bill = billOf(model, new Prices({ nodeType: "m5.large", vcpuHourUsd: 0.04, gibHourUsd: 0.004 }));
    expect(bill.livePerHour).toBeCloseTo(2 * (0.5 * 0.04 + 1 * 0.004), 10);
  });
  test("memory counts where it is the larger share of the node", () => {
    const greedy = readStack(
      boundProgram([{ ...live, container: { resources: { requests: { cpu: "100m", memory: "4Gi" } } } }]),
    );
    expect(billOf(greedy, new Prices({ nodeType: "m5.large" })).livePerHour).toBeCloseTo((2 * 0.096 * 4) / 8, 10);
  });
  test("without nodes and prices it is told, and never priced 0", () => {
    const bill = billOf(model, new Prices());
    expect(bill.lines).toEqual([]);
    expect(bill.unpriced).toEqual([
      expect.stringMatching(/^web: the type of its nodes is not known; set .*"nodeType"/),
    ]);
    const odd = billOf(model, new Prices({ nodeType: "x9.huge" }));
    expect(odd.unpriced).toEqual([expect.stringMatching(/no price or no shape is known for x9\.huge/)]);
  });
  test("the surge of a rollout is a quarter, rounded up", () => {
    expect(billOf(model, new Prices({ nodeType: "m5.large" })).lines.map(({ surgeServers }) => surgeServers)).toEqual([
      1,
    ]);
    expect(fleets).toHaveLength(1);
  });
});

test.each([
  ["t3.medium", 2, 4],
  ["t2.micro", 1, 1],
  ["m5.large", 2, 8],
  ["c5.9xlarge", 36, 72],
  ["c5n.18xlarge", 72, 189],
  ["r6g.xlarge", 4, 32],
  ["m7g.medium", 1, 4],
])("%s has %d processors and %d GiB", (type, vcpus, gib) => expect(nodeShape(type)).toEqual({ vcpus, gib }));

test.each([
  ["250m", 0.25],
  ["1", 1],
  ["1.5", 1.5],
  ["1e3", 1000],
  ["512Mi", 512 * 2 ** 20],
  ["2G", 2e9],
  ["100k", 1e5],
])("the quantity %s", (text, value) => expect(quantity(text)).toBeCloseTo(value, 9));

test.each(["", "1GiB", "m", "one", "1 Gi"])("%j is no quantity", (text) => expect(quantity(text)).toBeUndefined());

test("a surge rounds up and a loss rounds down, and a plain number stays", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 500 }), (percent, pods) => {
      const [up, down] = [countOf(`${percent}%`, pods, Math.ceil), countOf(`${percent}%`, pods, Math.floor)];
      expect(up).toBeGreaterThanOrEqual((percent * pods) / 100);
      expect(down).toBeLessThanOrEqual((percent * pods) / 100);
      expect((up ?? 0) - (down ?? 0)).toBeLessThanOrEqual(1);
      expect(countOf(String(percent), pods, Math.ceil)).toBe(percent);
    }),
  );
  expect(countOf("many", 3, Math.ceil)).toBeUndefined();
});

test("a pod is as large as its containers together, or as the largest that runs before them", () => {
  const asks = (cpu: string, memory = "1Gi") => ({ resources: { requests: { cpu, memory } } });
  const pod = (spec: object) => object("apps/v1:Deployment", "web", { spec: { template: { spec } } });
  expect(podSize(pod({ containers: [asks("1"), asks("500m")] }))).toEqual({ vcpus: 1.5, gib: 2 });
  expect(podSize(pod({ containers: [asks("1")], initContainers: [asks("2", "512Mi")] }))).toEqual({ vcpus: 2, gib: 1 });
  const sidecar = { ...asks("250m"), restartPolicy: "Always" };
  expect(podSize(pod({ containers: [asks("1")], initContainers: [sidecar] }))).toEqual({ vcpus: 1.25, gib: 2 });
  expect(podSize(pod({ containers: [{ resources: { limits: { cpu: "2" } } }] }))).toEqual({ vcpus: 2, gib: undefined });
});

test.each([
  [{ sleep: { seconds: 20 } }, 20],
  [{ exec: { command: ["sh", "-c", "sleep 15"] } }, 15],
  [{ exec: { command: ["/app/drain"] } }, "other"],
  [undefined, undefined],
])("preStop %j waits for %s s", (preStop, seconds) => {
  expect(preStopSeconds({ lifecycle: { preStop } })).toBe(seconds);
});
