import type { AwsCloud } from "../../../src/gates/aws/awsCloud.js";
import type { RuleView } from "../../../src/gates/balancerCloud.js";
import { findPreview, type PreviewWish, requirePreview } from "../../../src/gates/verify/previewTarget.js";

const LISTENER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/1/2";
const rule = (more: Partial<RuleView>): RuleView => ({
  arn: "rule-2",
  priority: "2",
  targetGroupArns: ["green"],
  headers: { "x-hitless-preview": ["green"] },
  ...more,
});

function cloudWith(rules: RuleView[], { protocol = "HTTP", ports = [80] } = {}): AwsCloud {
  return {
    rules: async () => rules,
    listenerArns: async () => ports.map((port) => `listener-${port}`),
    listener: async (arn: string) => ({
      arn,
      protocol,
      port: Number(arn.split("-").at(-1)) || (ports[0] as number),
      dnsName: "lb.example.com",
    }),
  } as unknown as AwsCloud;
}

const wish = (more: Partial<PreviewWish> = {}): PreviewWish => ({
  subject: 'BlueGreenPair "shop"',
  label: "green (v2)",
  route: { kind: "header", name: "X-Hitless-Preview", value: "green", priority: 2 },
  targetGroupArn: "green",
  listenerArn: LISTENER,
  loadBalancerArn: "lb",
  entrance: { hosts: [], headers: [] },
  ...more,
});

test.each<[string, RuleView[], string]>([
  ["nothing there", [rule({ priority: "1" })], "no rule of priority 2"],
  ["another header", [rule({ headers: { "x-side": ["green"] } })], "does not ask for X-Hitless-Preview: green"],
  [
    "another value",
    [rule({ headers: { "x-hitless-preview": ["blue"] } })],
    "does not ask for X-Hitless-Preview: green",
  ],
  ["another target group", [rule({ targetGroupArns: ["blue"] })], "leads to blue, expected green"],
  ["two target groups", [rule({ targetGroupArns: ["green", "blue"] })], "leads to green, blue, expected green"],
  ["no target group", [rule({ targetGroupArns: [] })], "leads to no target group, expected green"],
])("a route with %s is not believed", async (_what, rules, why) => {
  expect(await findPreview(wish(), cloudWith(rules))).toEqual({ why: expect.stringContaining(why) });
  await expect(requirePreview(wish(), cloudWith(rules))).rejects.toMatchObject({ codes: ["HIT362"] });
});

test("by header", async () => {
  expect(await requirePreview(wish(), cloudWith([rule({})]))).toEqual({
    url: "http://lb.example.com",
    headers: { "X-Hitless-Preview": "green" },
  });
});

test("by cookie, let in by the entrance's own conditions, over TLS under the users' name", async () => {
  const route = { kind: "cookie", name: "side", value: "green", priority: 2 } as const;
  const entrance = { hosts: ["*.example.com"], headers: [{ name: "X-Tenant", values: ["a?", "b"] }] };
  const cloud = cloudWith([rule({ headers: { cookie: ["*side=green*"] } })], { protocol: "HTTPS", ports: [8443] });
  expect(await requirePreview(wish({ route, entrance }), cloud)).toEqual({
    url: "https://lb.example.com:8443",
    headers: { "X-Tenant": "ax", host: "preview.example.com", cookie: "side=green" },
    serverName: "preview.example.com",
  });
});

describe("by a port of its own", () => {
  const route = { kind: "port", port: 8002, value: "green" } as const;

  test("the listener's default leads there", async () => {
    const cloud = cloudWith([rule({ priority: "default" })], { ports: [80, 8002] });
    expect(await requirePreview(wish({ route }), cloud)).toEqual({ url: "http://lb.example.com:8002", headers: {} });
  });

  test("the rule for some networks leads there", async () => {
    const cloud = cloudWith([rule({ priority: "1" })], { ports: [8002] });
    const restricted = { ...route, sourceCidrs: ["10.0.0.0/8"] };
    expect(await requirePreview(wish({ route: restricted }), cloud)).toMatchObject({
      url: "http://lb.example.com:8002",
    });
  });

  test("no such listener", async () => {
    expect(await findPreview(wish({ route }), cloudWith([rule({})]))).toEqual({
      why: "the load balancer has no listener on port 8002",
    });
  });
});
