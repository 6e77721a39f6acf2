/** Both sides of each limit of rules: the last value that AWS takes, and the first that it does not. */
import { code, page, to, world } from "../../rehearsal/cloud/elbv2/fakes.js";
import { statement } from "../statement.js";

let w: ReturnType<typeof world>;
let listener: string;
let loadBalancer: string;
let blue: string;
let green: string;
let priority: number;
beforeEach(async () => {
  w = world();
  [blue, green] = [await w.targetGroup("blue"), await w.targetGroup("green")];
  loadBalancer = await w.loadBalancer();
  listener = await w.listener(loadBalancer, [page]);
  priority = 1;
});
afterEach(() => w.elb.close());

const weighted = (Weight: number, stickiness?: object): object => ({
  Type: "forward",
  ForwardConfig: {
    TargetGroups: [
      { TargetGroupArn: blue, Weight },
      { TargetGroupArn: green, Weight: 1 },
    ],
    ...(stickiness && { TargetGroupStickinessConfig: stickiness }),
  },
});
const action = (one: object): Promise<string> => code(w.rule(listener, priority++, [one]));
const conditions = (...all: object[]): Promise<string> => code(w.rule(listener, priority++, [page], all));
const path = (...Values: string[]) => ({ Field: "path-pattern", PathPatternConfig: { Values } });
const host = (...Values: string[]) => ({ Field: "host-header", HostHeaderConfig: { Values } });
const header = (HttpHeaderName: string, ...Values: string[]) => ({
  Field: "http-header",
  HttpHeaderConfig: { HttpHeaderName, Values },
});

statement("A-01", async () => {
  for (const weight of [0, 999]) expect(await action(weighted(weight))).toBe("accepted");
  for (const weight of [-1, 1000]) expect(await action(weighted(weight))).toBe("ValidationError");
});

statement("A-11", async () => {
  const sticky = (DurationSeconds?: number) => action(weighted(1, { Enabled: true, DurationSeconds }));
  for (const seconds of [1, 604_800]) expect(await sticky(seconds)).toBe("accepted");
  for (const seconds of [0, 604_801]) expect(await sticky(seconds)).toBe("ValidationError");
  expect(await sticky()).toBe("InvalidLoadBalancerAction");
});

statement("A-22", async () => {
  const RuleArn = await w.rule(listener, 1, [weighted(5)], [path("/a"), host("a.example")]);
  await w.call("ModifyRule", { RuleArn, Conditions: [host("b.example")], Actions: [to(green)] });
  const [rule] = (await w.call("DescribeRules", { RuleArns: [RuleArn] })).Rules;
  expect(rule.Conditions).toEqual([
    { Field: "host-header", Values: ["b.example"], HostHeaderConfig: { Values: ["b.example"] } },
  ]);
  expect(rule.Actions[0].ForwardConfig.TargetGroups).toEqual([{ TargetGroupArn: green, Weight: 1 }]);
  await w.call("ModifyListener", { ListenerArn: listener, DefaultActions: [weighted(5)] });
  await w.call("ModifyListener", { ListenerArn: listener, DefaultActions: [to(blue)] });
  const [shown] = (await w.call("DescribeListeners", { ListenerArns: [listener] })).Listeners;
  expect(shown.DefaultActions[0].ForwardConfig.TargetGroups).toEqual([{ TargetGroupArn: blue, Weight: 1 }]);
});

statement("A-23", async () => {
  const method = { Field: "http-request-method", HttpRequestMethodConfig: { Values: ["GET"] } };
  const source = { Field: "source-ip", SourceIpConfig: { Values: ["10.0.0.0/8"] } };
  for (const once of [host("a"), path("/a"), method, source]) {
    expect(await conditions(once)).toBe("accepted");
    expect(await conditions(once, once)).toBe("ValidationError");
  }
  const query = { Field: "query-string", QueryStringConfig: { Values: [{ Key: "a", Value: "b" }] } };
  for (const often of [header("X-A", "x"), query]) expect(await conditions(often, often, often)).toBe("accepted");
});

statement("A-24", async () => {
  expect(await conditions(path("/a", "/b", "/c"))).toBe("accepted");
  expect(await conditions(path("/a", "/b", "/c", "/d"))).toBe("ValidationError");
  expect(await conditions(path("/a", "/b", "/c"), host("a", "b"))).toBe("accepted");
  expect(await conditions(path("/a", "/b", "/c"), host("a", "b"), header("X-A", "x"))).toBe("ValidationError");
  expect(await conditions(path("/*/?/*"), host("*.a", "?.b"))).toBe("accepted");
  expect(await conditions(path("/*/?/*"), host("*.a", "?.b?"))).toBe("ValidationError");
});

statement("A-25", async () => {
  expect(await conditions(path("/".padEnd(128, "a")))).toBe("accepted");
  expect(await conditions(path("/".padEnd(129, "a")))).toBe("ValidationError");
  expect(await conditions(header("X".padEnd(40, "a"), "x"))).toBe("accepted");
  for (const name of ["X".padEnd(41, "a"), "host", "X-*", "X-?"]) {
    expect(await conditions(header(name, "x"))).toBe("ValidationError");
  }
});

statement("A-30", async () => {
  const at = (number: number) => code(w.rule(listener, number, [page]));
  for (const taken of [1, 50_000]) expect(await at(taken)).toBe("accepted");
  for (const refused of [0, 50_001]) expect(await at(refused)).toBe("ValidationError");
});

statement("A-71", async () => {
  const config = { RegexValues: ["^/v[0-9]+$"] };
  expect(await conditions({ Field: "path-pattern", PathPatternConfig: config })).toBe("accepted");
  expect(await conditions({ Field: "host-header", HostHeaderConfig: config })).toBe("accepted");
  expect(await conditions({ Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-A", ...config } })).toBe(
    "accepted",
  );
  expect(await conditions({ Field: "path-pattern", PathPatternConfig: { ...config, Values: ["/a"] } })).toBe(
    "ValidationError",
  );
});

test("rewriting the request is refused by name, in a new rule and in an old one", async () => {
  const Transforms = [{ Type: "url-rewrite", UrlRewriteConfig: { Rewrites: [{ Regex: "a", Replace: "b" }] } }];
  const rule = { ListenerArn: listener, Priority: 9, Conditions: [path("/a")], Actions: [page] };
  const refused = w.call("CreateRule", { ...rule, Transforms });
  await expect(refused).rejects.toThrow("The local cloud does not serve rule transforms.");
  const { RuleArn } = (await w.call("CreateRule", rule)).Rules[0];
  await expect(w.call("ModifyRule", { RuleArn, Transforms })).rejects.toThrow(
    "The local cloud does not serve rule transforms.",
  );
});
