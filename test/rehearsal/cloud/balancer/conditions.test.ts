import type { IncomingMessage } from "node:http";
import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { compileCondition } from "../../../../src/rehearsal/cloud/balancer/rules/conditions.js";
import { RequestFacts } from "../../../../src/rehearsal/cloud/balancer/rules/requestFacts.js";
import { wildcard } from "../../../../src/rehearsal/cloud/balancer/rules/wildcard.js";

function facts(request: {
  method?: string;
  url?: string;
  headers?: Record<string, string>;
  from?: string;
}): RequestFacts {
  const headers = { Host: "example.com", ...request.headers };
  return new RequestFacts({
    method: request.method ?? "GET",
    url: request.url ?? "/",
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    rawHeaders: Object.entries(headers).flat(),
    socket: { remoteAddress: request.from ?? "127.0.0.1" },
  } as unknown as IncomingMessage);
}

const host = (...Values: string[]): RuleCondition => ({ Field: "host-header", HostHeaderConfig: { Values } });
const path = (...Values: string[]): RuleCondition => ({ Field: "path-pattern", PathPatternConfig: { Values } });
const method = (...Values: string[]): RuleCondition => ({
  Field: "http-request-method",
  HttpRequestMethodConfig: { Values },
});
const header = (HttpHeaderName: string, ...Values: string[]): RuleCondition => ({
  Field: "http-header",
  HttpHeaderConfig: { HttpHeaderName, Values },
});
const query = (...Values: { Key?: string; Value: string }[]): RuleCondition => ({
  Field: "query-string",
  QueryStringConfig: { Values },
});
const source = (...Values: string[]): RuleCondition => ({ Field: "source-ip", SourceIpConfig: { Values } });

test.each<[string, RuleCondition, Parameters<typeof facts>[0], boolean]>([
  ["host, whatever the case", host("Example.COM"), {}, true],
  ["host with a port", host("example.com"), { headers: { Host: "example.com:8080" } }, true],
  ["host wildcard", host("*.example.com"), { headers: { Host: "a.b.example.com" } }, true],
  ["host wildcard needs the dot", host("*.example.com"), {}, false],
  ["host, one of several", host("a.com", "example.com"), {}, true],
  ["host, older form", { Field: "host-header", Values: ["example.com"] }, {}, true],
  ["host, expression", { Field: "host-header", HostHeaderConfig: { RegexValues: ["^EX.*com$"] } }, {}, true],
  [
    "path, expression",
    { Field: "path-pattern", PathPatternConfig: { RegexValues: ["^/v[0-9]+$"] } },
    { url: "/v12?x" },
    true,
  ],
  [
    "path, expression minds the case",
    { Field: "path-pattern", PathPatternConfig: { RegexValues: ["^/v"] } },
    { url: "/V" },
    false,
  ],
  [
    "header, expression",
    { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-A", RegexValues: ["^b+$"] } },
    { headers: { "x-a": "BB" } },
    true,
  ],
  ["path prefix", path("/img/*"), { url: "/img/a.png?x=1" }, true],
  ["path prefix needs the slash", path("/img/*"), { url: "/img" }, false],
  ["path minds the case", path("/img/*"), { url: "/IMG/a" }, false],
  ["path without its query", path("/a"), { url: "/a?b" }, true],
  ["path with one unknown", path("/v?/x"), { url: "/v2/x" }, true],
  ["path, ? is exactly one", path("/v?/x"), { url: "/v/x" }, false],
  ["path, * in the middle", path("/*/x/*"), { url: "/a/b/x/" }, true],
  ["path of a target in absolute form", path("/p"), { url: "http://other.com/p?q" }, true],
  ["method", method("POST", "PUT"), { method: "PUT" }, true],
  ["method minds the case", method("post"), { method: "POST" }, false],
  ["header, name and value whatever the case", header("x-Canary", "YES"), { headers: { "X-CANARY": "yes" } }, true],
  ["header absent", header("X-Canary", "*"), {}, false],
  ["cookie", header("Cookie", "*group=beta*"), { headers: { Cookie: "a=1; group=beta; b=2" } }, true],
  ["query pair", query({ Key: "version", Value: "v1" }), { url: "/?a=b&VERSION=V1" }, true],
  ["query pair of another key", query({ Key: "version", Value: "v1" }), { url: "/?a=v1" }, false],
  ["query value of any key", query({ Value: "example" }), { url: "/?a=example" }, true],
  ["query wildcard", query({ Key: "u*", Value: "1?" }), { url: "/?user=12" }, true],
  ["query escaped star is itself", query({ Value: "a\\*" }), { url: "/?x=a*" }, true],
  ["query escaped star is no wildcard", query({ Value: "a\\*" }), { url: "/?x=ab" }, false],
  ["no query", query({ Value: "*" }), {}, false],
  ["source block", source("10.0.0.0/8", "127.0.0.0/24"), {}, true],
  ["source elsewhere", source("10.0.0.0/8"), {}, false],
  ["source over a dual-stack socket", source("127.0.0.1/32"), { from: "::ffff:127.0.0.1" }, true],
  ["source IPv6", source("2001:db8::/32"), { from: "2001:db8::5" }, true],
  [
    "source is the peer, not X-Forwarded-For",
    source("10.0.0.0/8"),
    { headers: { "X-Forwarded-For": "10.1.1.1" } },
    false,
  ],
])("condition: %s [A-26, A-27, A-28]", (_name, condition, request, expected) => {
  expect(compileCondition(condition)(facts(request))).toBe(expected);
});

test("a header sent twice is searched in both values", () => {
  const twice = facts({});
  twice.request.rawHeaders.push("X-A", "one", "X-A", "two");
  expect(compileCondition(header("X-A", "two"))(twice)).toBe(true);
});

test.each<[RuleCondition, RegExp]>([
  [{ Field: "weather" }, /condition on "weather".*it knows host-header/],
  [{ Field: "path-pattern" }, /path-pattern condition has no values/],
  [source("10.0.0.300/8"), /source-ip condition has "10\.0\.0\.300\/8", expected a block/],
  [{ Field: "host-header", HostHeaderConfig: { RegexValues: ["("] } }, /regular expression "\(" cannot be read/],
])("a condition that cannot be used says so: %j", (condition, message) => {
  expect(() => compileCondition(condition)).toThrow(message);
});

test("no pattern makes matching expensive", () => {
  const matches = wildcard("*a*a*a*a*b", { ignoreCase: false });
  const started = process.cpuUsage().user;
  expect(matches("a".repeat(16_000))).toBe(false);
  expect(process.cpuUsage(undefined).user - started).toBeLessThan(2_000_000);
});
