/** The load balancing types, each through its whole life. */
import type { Values } from "../../../../src/rehearsal/provider/protocol/values.js";
import { LB, LISTENER, Lifecycle, TG } from "../lifecycle.js";

const RULE = "aws:lb/listenerRule:ListenerRule";
const ATTACHMENT = "aws:lb/targetGroupAttachment:TargetGroupAttachment";

let life: Lifecycle;
beforeAll(async () => {
  life = await Lifecycle.start();
}, 30_000);
afterAll(() => life.close());

test("load balancer", async () => {
  await life.make("aws:ec2/securityGroup:SecurityGroup", "front", { vpcId: life.ids.vpc }, "sg");
  const given = {
    securityGroups: [life.ids.sg],
    subnets: [life.ids.subnetB, life.ids.subnetA],
    idleTimeout: 30,
    tags: { app: "web" },
  };
  const state = await life.make(LB, "lb", given);
  expect(state).toMatchObject({
    loadBalancerType: "application",
    internal: false,
    subnets: [life.ids.subnetB, life.ids.subnetA],
  });
  expect(state.arnSuffix).toMatch(/^app\/lb-[0-9a-f]{7}\/[0-9a-f]+$/);
  await life.expectImportable(LB, "lb", life.ids.lb as string, { ...given, name: state.name });
  const { detailed } = await life.change(LB, "lb", {
    ...given,
    idleTimeout: 60,
    dropInvalidHeaderFields: true,
    tags: { app: "shop" },
  });
  expect(detailed).toEqual({ idleTimeout: "update", dropInvalidHeaderFields: "update", "tags.app": "update" });
});

test("target group", async () => {
  const healthCheck = { path: "/health", interval: 5, timeout: 2, healthyThreshold: 2, matcher: "200,204" };
  const given = { port: 80, protocol: "HTTP", vpcId: life.ids.vpc, deregistrationDelay: 5, healthCheck };
  const state = await life.make(TG, "tg", given);
  expect(state.healthCheck).toMatchObject({ unhealthyThreshold: 3, port: "traffic-port", protocol: "HTTP" });
  await life.expectImportable(TG, "tg", life.ids.tg as string, { ...given, name: state.name });
  const sticky = { type: "lb_cookie", cookieDuration: 60, enabled: false };
  const { detailed } = await life.change(TG, "tg", {
    ...given,
    stickiness: sticky,
    healthCheck: { ...healthCheck, path: "/up", matcher: "204,200" },
  });
  expect(detailed).toMatchObject({ "healthCheck.path": "update", "stickiness.cookieDuration": "update" });
  await life.make(TG, "tg2", { port: 80, protocol: "HTTP", vpcId: life.ids.vpc });
  expect(life.states.tg2?.healthCheck).toMatchObject({ healthyThreshold: 5, unhealthyThreshold: 2 });
});

test("listener: weights are sent and read back as they are, zero included", async () => {
  const forward = (first: number, second: number): Values => ({
    type: "forward",
    forward: {
      targetGroups: [
        { arn: life.ids.tg, weight: first },
        { arn: life.ids.tg2, weight: second },
      ],
    },
  });
  const given = { loadBalancerArn: life.ids.lb, port: 80, defaultActions: [forward(100, 0)] };
  const state = await life.make(LISTENER, "listener", given);
  expect(state.protocol).toBe("HTTP");
  await life.expectImportable(LISTENER, "listener", life.ids.listener as string, given);
  const { detailed, state: moved } = await life.change(LISTENER, "listener", {
    ...given,
    defaultActions: [forward(0, 100)],
  });
  expect(detailed).toEqual({
    "defaultActions[0].forward.targetGroups[0].weight": "update",
    "defaultActions[0].forward.targetGroups[1].weight": "update",
  });
  expect(moved.defaultActions[0].forward.targetGroups).toEqual([
    { arn: life.ids.tg, weight: 0 },
    { arn: life.ids.tg2, weight: 100 },
  ]);
  const single = { ...given, defaultActions: [{ type: "forward", targetGroupArn: life.ids.tg }] };
  await life.change(LISTENER, "listener", single);
  await life.expectImportable(LISTENER, "listener", life.ids.listener as string, single);
});

test("listener rule", async () => {
  const given = {
    listenerArn: life.ids.listener,
    actions: [
      { type: "fixed-response", fixedResponse: { contentType: "text/plain", messageBody: "no", statusCode: "404" } },
    ],
    conditions: [
      { pathPattern: { values: ["/a/*", "/b/*"] } },
      { httpHeader: { httpHeaderName: "x-preview", values: ["v2"] } },
    ],
  };
  const state = await life.make(RULE, "rule", given);
  expect(state.priority).toBe(1);
  await life.expectImportable(RULE, "rule", life.ids.rule as string, given);
  const { detailed } = await life.change(RULE, "rule", {
    ...given,
    priority: 7,
    conditions: [{ pathPattern: { values: ["/b/*", "/a/*"] } }],
  });
  expect(detailed).toEqual({ priority: "update", "conditions[1]": "delete" });
  await life.make(RULE, "second", {
    ...given,
    priority: 2,
    actions: [{ type: "redirect", redirect: { statusCode: "HTTP_301", protocol: "HTTPS", port: "443" } }],
  });
  await life.remove(RULE, "second");
});

test("stickiness, tags and audiences, as releases side by side have them", async () => {
  const forward = { targetGroups: [{ arn: life.ids.tg, weight: 90 }, { arn: life.ids.tg2, weight: 10 }], stickiness: { enabled: true, duration: 600 } }; // biome-ignore format: one line
  const listener = { loadBalancerArn: life.ids.lb, port: 80, defaultActions: [{ type: "forward", forward }] };
  const tags = { "hitless:stable": "v1", "hitless:canary": "v2" };
  await life.change(LISTENER, "listener", { ...listener, tags });
  await life.expectImportable(LISTENER, "listener", life.ids.listener as string, { ...listener, tags });
  const promoted = await life.change(LISTENER, "listener", { ...listener, tags: { "hitless:stable": "v2" } });
  expect(promoted.detailed).toEqual({ 'tags["hitless:stable"]': "update", 'tags["hitless:canary"]': "delete" });
  const audience = {
    listenerArn: life.ids.listener,
    priority: 100,
    actions: [{ type: "forward", targetGroupArn: life.ids.tg2 }],
    conditions: [
      { queryStrings: [{ key: "try", value: "a" }, { value: "b" }] },
      { sourceIp: { values: ["10.0.0.0/8"] } },
      { httpHeader: { httpHeaderName: "Cookie", values: ["*beta=on*"] } },
    ],
    tags,
  };
  await life.make(RULE, "audience", audience);
  await life.expectImportable(RULE, "audience", life.ids.audience as string, audience);
  const moved = await life.change(RULE, "audience", {
    ...audience,
    actions: [{ type: "forward", targetGroupArn: life.ids.tg }],
  });
  expect(moved.detailed).toEqual({ "actions[0].targetGroupArn": "update" });
  await life.remove(RULE, "audience");
});

test("an address as a target", async () => {
  const group = { port: 80, protocol: "HTTP", vpcId: life.ids.vpc, targetType: "ip" };
  await life.make(TG, "addresses", group);
  const given = { targetGroupArn: life.ids.addresses, targetId: "172.31.0.200" };
  const state = await life.make(ATTACHMENT, "target", given);
  expect(state.port).toBe(80);
  await life.expectImportable(ATTACHMENT, "target", life.ids.target as string, given);
  await life.remove(ATTACHMENT, "target");
});

test("deletions, in the order of an engine", async () => {
  for (const [type, key] of [
    [TG, "addresses"],
    [RULE, "rule"],
    [LISTENER, "listener"],
    [TG, "tg"],
    [TG, "tg2"],
    [LB, "lb"],
  ] as const) {
    await life.remove(type, key);
  }
});
