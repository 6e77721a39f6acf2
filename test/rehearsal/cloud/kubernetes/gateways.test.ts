import { compileCondition } from "../../../../src/rehearsal/cloud/balancer/rules/conditions.js";
import type { RequestFacts } from "../../../../src/rehearsal/cloud/balancer/rules/requestFacts.js";
import { attachmentsOf } from "../../../../src/rehearsal/cloud/kubernetes/gateways/attachment.js";
import { Backends } from "../../../../src/rehearsal/cloud/kubernetes/gateways/backends.js";
import { conditionsOf } from "../../../../src/rehearsal/cloud/kubernetes/gateways/conditions.js";
import { gatewayConfig } from "../../../../src/rehearsal/cloud/kubernetes/gateways/gatewayConfig.js";
import type {
  Gateway,
  GatewayListener,
  HttpRoute,
  RouteMatch,
  RouteRule,
} from "../../../../src/rehearsal/cloud/kubernetes/gateways/gatewayObjects.js";
import { gatewayStatus, routeParents } from "../../../../src/rehearsal/cloud/kubernetes/gateways/status.js";
import { endpoint, service, slice, viewOf } from "./view.js";

const gateway = (listener: Partial<GatewayListener> = {}): Gateway => ({
  metadata: { name: "public", namespace: "infra", generation: 1 },
  spec: {
    gatewayClassName: "any",
    listeners: [
      { name: "http", port: 8080, protocol: "HTTP", allowedRoutes: { namespaces: { from: "All" } }, ...listener },
    ],
  },
});
const route = (name: string, rules: readonly RouteRule[], more: object = {}): HttpRoute => ({
  metadata: { name, namespace: "shop", generation: 3, creationTimestamp: "2026-01-01T00:00:00Z" },
  spec: { parentRefs: [{ name: "public", namespace: "infra" }], rules, ...more },
});
const to = (name: string, weight?: number) => ({ name, port: 80, ...(weight !== undefined && { weight }) });
const none = () => undefined;
const certificate = () => ({ cert: "", key: "" });

function build(
  routes: readonly HttpRoute[],
  to_ = gateway(),
  view = viewOf({ services: [service("old"), service("new")] }),
) {
  const attached = routes.map((each) => ({ route: each, attachments: attachmentsOf(each, to_, none) }));
  return gatewayConfig(to_, "127.0.0.9", attached, new Backends(view), certificate);
}

describe("matches", () => {
  const facts = (given: {
    path?: string;
    host?: string;
    query?: string;
    method?: string;
    headers?: Record<string, string>;
  }) =>
    ({
      path: given.path ?? "/",
      host: given.host ?? "example.com",
      query: given.query ?? "",
      method: given.method ?? "GET",
      headerValues: (name: string) => (given.headers?.[name] === undefined ? [] : [given.headers[name]]),
    }) as unknown as RequestFacts;
  const holds = (match: RouteMatch, given: Parameters<typeof facts>[0], hostnames: string[] = []): boolean =>
    conditionsOf(match, hostnames).every((condition) => compileCondition(condition)(facts(given)));

  test.each<[RouteMatch, Parameters<typeof facts>[0], boolean]>([
    [{}, {}, true],
    [{ path: { value: "/shop" } }, { path: "/shop" }, true],
    [{ path: { value: "/shop" } }, { path: "/shop/1" }, true],
    [{ path: { value: "/shop" } }, { path: "/shopping" }, false],
    [{ path: { value: "/shop/" } }, { path: "/shop" }, true],
    [{ path: { type: "Exact", value: "/a.b*" } }, { path: "/a.b*" }, true],
    [{ path: { type: "Exact", value: "/a.b*" } }, { path: "/axb*" }, false],
    [{ path: { type: "RegularExpression", value: "/v[0-9]" } }, { path: "/v1" }, true],
    [{ path: { type: "RegularExpression", value: "/v[0-9]" } }, { path: "/v1/x" }, false],
    [{ headers: [{ name: "X-Beta", value: "v2.0" }] }, { headers: { "x-beta": "v2.0" } }, true],
    [{ headers: [{ name: "X-Beta", value: "v2.0" }] }, { headers: { "x-beta": "v200" } }, false],
    [{ headers: [{ name: "x-beta", value: "yes" }] }, {}, false],
    [{ queryParams: [{ name: "q", value: "a*" }] }, { query: "p=1&q=a*" }, true],
    [{ queryParams: [{ name: "q", value: "a*" }] }, { query: "q=ab" }, false],
    [{ method: "POST" }, { method: "POST" }, true],
    [{ method: "POST" }, {}, false],
  ])("%j against %j: %s", (match, given, expected) => {
    expect(holds(match, given)).toBe(expected);
  });

  test("hosts may begin with a wildcard", () => {
    expect(holds({}, { host: "shop.example.com" }, ["*.example.com"])).toBe(true);
    expect(holds({}, { host: "shop.example.org" }, ["*.example.com"])).toBe(false);
  });
});

test("the more special match goes first: host, exact path, longer path, method, headers, query, age", () => {
  const rule = (match: RouteMatch): RouteRule[] => [{ matches: [match], backendRefs: [to("old")] }];
  const routes = [
    route("all", rule({})),
    route("older", rule({ headers: [{ name: "a", value: "1" }] }), {}),
    {
      ...route("younger", rule({ headers: [{ name: "b", value: "1" }] })),
      metadata: { name: "younger", namespace: "shop", creationTimestamp: "2026-02-01T00:00:00Z" },
    },
    route(
      "two-headers",
      rule({
        headers: [
          { name: "a", value: "1" },
          { name: "b", value: "1" },
        ],
      }),
    ),
    route("query", rule({ queryParams: [{ name: "a", value: "1" }] })),
    route("method", rule({ method: "GET" })),
    route("longer", rule({ path: { value: "/shop" } })),
    route("exact", rule({ path: { type: "Exact", value: "/s" } })),
    route("host", rule({}), { hostnames: ["*.example.com"] }),
    route("exact-host", rule({}), { hostnames: ["a.example.com"] }),
  ];
  const rules = build(routes).config.listeners[0]?.rules ?? [];
  expect(rules.map(({ arn }) => arn.replace(/^shop\/(.*)\/0\/\d+$/, "$1"))).toEqual([
    "exact-host",
    "host",
    "exact",
    "longer",
    "method",
    "two-headers",
    "older",
    "younger",
    "query",
    "all",
    "none",
  ]);
  expect(rules.map(({ priority }) => priority)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, Number.POSITIVE_INFINITY]);
});

test("weights are kept, endpoints that drain or leave finish what they have, and unready ones were never there", () => {
  const endpoints = (ready: boolean) => [
    endpoint("10.0.0.1", "old-1", { ready }),
    endpoint("10.0.0.2", "old-2", { ready: false, serving: false }),
  ];
  const sliced = (...listed: ReturnType<typeof endpoint>[]) =>
    viewOf({ services: [service("old"), service("new")], slices: [slice("old", listed)] });
  const main = route("main", [{ backendRefs: [to("old", 75), to("new", 25)] }]);
  const attached = [{ route: main, attachments: attachmentsOf(main, gateway(), none) }];
  let view = sliced(...endpoints(true));
  const backends = new Backends({
    get services() {
      return view.services;
    },
    slicesOf: (...a: [string, string]) => view.slicesOf(...a),
  } as never);
  const old = () => gatewayConfig(gateway(), "127.0.0.9", attached, backends, certificate).config.targetGroups[0];
  const targets = () => old()?.targets.map(({ id, draining }) => [id, draining]);

  const { config } = build([main]);
  expect(config.listeners[0]?.rules[0]?.actions[0]?.ForwardConfig?.TargetGroups).toEqual([
    { TargetGroupArn: "gateway-backend/shop/old/80", Weight: 75 },
    { TargetGroupArn: "gateway-backend/shop/new/80", Weight: 25 },
  ]);
  expect(targets()).toEqual([["10.0.0.1", false]]);
  view = sliced(...endpoints(false));
  expect(targets()).toEqual([["10.0.0.1", true]]);
  view = sliced();
  expect(old()).toMatchObject({ targets: [], whenUnlisted: "finish" });
});

test.each<[string, RouteRule, string]>([
  ["a Service that is not there", { backendRefs: [to("nobody")] }, "500"],
  ["weights that add up to nothing", { backendRefs: [to("old", 0)] }, "500"],
  ["no backend", {}, "500"],
])("a rule with %s answers %s", (_what, rule, status) => {
  const action = build([route("main", [rule])]).config.listeners[0]?.rules[0]?.actions[0];
  expect(action?.FixedResponseConfig?.StatusCode).toBe(status);
});

test.each<[string, HttpRoute, Gateway, object]>([
  [
    "a listener that is not there",
    route("r", [], { parentRefs: [{ name: "public", namespace: "infra", sectionName: "x" }] }),
    gateway(),
    { type: "Accepted", status: "False", reason: "NoMatchingParent" },
  ],
  [
    "a namespace that is not allowed",
    route("r", []),
    gateway({ allowedRoutes: { namespaces: { from: "Same" } } }),
    { type: "Accepted", status: "False", reason: "NotAllowedByListeners" },
  ],
  [
    "a host that the listener does not have",
    route("r", [], { hostnames: ["a.org"] }),
    gateway({ hostname: "*.example.com" }),
    { type: "Accepted", status: "False", reason: "NoMatchingListenerHostname" },
  ],
  [
    "a filter that is not served",
    route("r", [{ filters: [{ type: "URLRewrite" }], backendRefs: [to("old")] }]),
    gateway(),
    { type: "Accepted", status: "False", reason: "UnsupportedValue" },
  ],
  [
    "a Service that is not there",
    route("r", [{ backendRefs: [to("nobody")] }]),
    gateway(),
    { type: "ResolvedRefs", status: "False", reason: "BackendNotFound" },
  ],
  [
    "nothing wrong",
    route("r", [{ backendRefs: [to("old")] }]),
    gateway(),
    { type: "Accepted", status: "True", reason: "Accepted" },
  ],
])("a route with %s is told so", (_what, each, at, condition) => {
  const [attached] = build([each], at).routes;
  expect(routeParents(attached as never)[0]?.conditions).toContainEqual(
    expect.objectContaining({ ...condition, observedGeneration: 3 }),
  );
});

test("a route that is not served takes nothing away from others", () => {
  const good = route("good", [{ backendRefs: [to("old")] }]);
  const bad = route("bad", [
    { filters: [{ type: "URLRewrite" }], matches: [{ path: { value: "/bad" } }], backendRefs: [to("old")] },
  ]);
  const { config } = build([good, bad]);
  expect(config.listeners[0]?.rules).toHaveLength(2);
});

test("a status that was written is not written again: nothing in it changes by itself", () => {
  const main = route("main", [{ backendRefs: [to("old")] }]);
  const first = build([main]);
  const told = { ...main, status: { parents: routeParents(first.routes[0] as never) } };
  const known = { ...gateway(), status: gatewayStatus(gateway(), "127.0.0.9", first.routes) };
  jest.useFakeTimers({ now: Date.now() + 3_600_000, doNotFake: [] });
  const second = build([told]);
  expect(routeParents(second.routes[0] as never)).toEqual(told.status.parents);
  expect(gatewayStatus(known, "127.0.0.9", second.routes)).toEqual(known.status);
  jest.useRealTimers();
});
