import * as http from "node:http";
import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ask, Bench, balancer, forwardTo, freePort, group, rule, targetConfig } from "./bench.js";

let bench: Bench;
let port: number;
beforeEach(async () => {
  bench = new Bench();
  port = await freePort();
});
afterEach(() => bench.close());

/** One healthy target per name that answers with its name. */
async function groups(...names: string[]) {
  const configs = [];
  for (const name of names) {
    const target = await bench.target((_request, response) => response.end(name));
    configs.push(group(name, [targetConfig(`i-${name}`, target.port)]));
  }
  return configs;
}

const allHealthy = (...names: string[]) => Promise.all(names.map((name) => bench.untilHealth(`i-${name}`, "healthy")));
const text = async (options: Parameters<typeof ask>[1] = {}) => (await ask(port, options)).body.toString();

test("rules are tried by priority, all conditions must hold, the default comes last", async () => {
  const host = (value: string) => ({ Field: "host-header", HostHeaderConfig: { Values: [value] } });
  const path = (value: string) => ({ Field: "path-pattern", PathPatternConfig: { Values: [value] } });
  const rules = [
    rule(Infinity, [], forwardTo(["default", 1])),
    rule(20, [path("/a/*")], forwardTo(["path", 1])),
    rule(10, [host("a.com"), path("/a/*")], { Type: "forward", TargetGroupArn: "arn:both" }),
  ];
  await bench.plane.apply(balancer(port, await groups("default", "path", "both"), { rules }));
  await allHealthy("default", "path", "both");
  expect(await text({ path: "/" })).toBe("default");
  expect(await text({ path: "/a/1" })).toBe("path");
  expect(await text({ path: "/a/1", headers: { Host: "a.com" } })).toBe("both");
  expect(await text({ path: "/b", headers: { Host: "a.com" } })).toBe("default");
});

test("fixed responses and redirects", async () => {
  const path = (value: string) => [{ Field: "path-pattern", PathPatternConfig: { Values: [value] } }];
  const fixed: Action = {
    Type: "fixed-response",
    FixedResponseConfig: { StatusCode: "503", ContentType: "application/json", MessageBody: '{"closed":true}' },
  };
  const secure: Action = {
    Type: "redirect",
    RedirectConfig: { Protocol: "HTTPS", Port: "443", StatusCode: "HTTP_301" },
  };
  const moved: Action = {
    Type: "redirect",
    RedirectConfig: { Host: "new.#{host}", Path: "/v2/#{path}", Query: "from=#{host}", StatusCode: "HTTP_302" },
  };
  const rules = [rule(1, path("/closed"), fixed), rule(2, path("/moved/*"), moved), rule(Infinity, [], secure)];
  await bench.plane.apply(balancer(port, [], { rules }));
  expect(await ask(port, { path: "/closed" })).toMatchObject({
    status: 503,
    headers: { "content-type": "application/json", server: "awselb/2.0" },
    body: Buffer.from('{"closed":true}'),
  });
  expect(await ask(port, { path: "/x?y=1", headers: { Host: "shop.com" } })).toMatchObject({
    status: 301,
    headers: { location: "https://shop.com:443/x?y=1" },
  });
  expect(await ask(port, { path: "/moved/a?b", headers: { Host: "shop.com" } })).toMatchObject({
    status: 302,
    headers: { location: `http://new.shop.com:${port}/v2/moved/a?from=shop.com` },
  });
});

test("10 % of 2,000 requests stays within the binomial interval, and weight 0 gets none [A-03, A-17]", async () => {
  const rules = [rule(Infinity, [], forwardTo(["stable", 90], ["canary", 10], ["off", 0]))];
  await bench.plane.apply(balancer(port, await groups("stable", "canary", "off"), { rules }));
  await allHealthy("stable", "canary", "off");
  const counts: Record<string, number> = { stable: 0, canary: 0, off: 0 };
  const agent = new http.Agent({ keepAlive: true, maxSockets: 10 });
  bench.onClose(() => agent.destroy());
  for (let n = 0; n < 100; n++) {
    for (const name of await Promise.all(Array.from({ length: 20 }, () => text({ agent }))))
      counts[name] = (counts[name] ?? 0) + 1;
  }
  expect(counts.off).toBe(0);
  expect(counts.stable).toBe(2000 - (counts.canary ?? 0));
  expect(Math.abs((counts.canary ?? 0) - 200)).toBeLessThan(3 * Math.sqrt(2000 * 0.1 * 0.9));
});

test("group stickiness binds a client to its group, also at weight 0, until the group leaves the action [A-12]", async () => {
  const sticky = (...shares: [string, number][]) => {
    const action = forwardTo(...shares);
    return {
      ...action,
      ForwardConfig: { ...action.ForwardConfig, TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 3600 } },
    };
  };
  const both = await groups("one", "two");
  const apply = (...shares: [string, number][]) =>
    bench.plane.apply(balancer(port, both, { rules: [rule(Infinity, [], sticky(...shares))] }));
  await apply(["one", 1], ["two", 0]);
  await allHealthy("one", "two");
  const first = await ask(port);
  const cookies = first.headers["set-cookie"] ?? [];
  expect(cookies.map((line) => line.split("=")[0])).toEqual(["AWSALBTG", "AWSALBTGCORS"]);
  const headers = { Cookie: `theme=dark; ${cookies[0]?.split(";")[0]}` };
  await apply(["one", 0], ["two", 1]);
  expect(await text()).toBe("two");
  expect(await text({ headers })).toBe("one");
  await apply(["two", 1]);
  expect(await text({ headers })).toBe("two");
});

test("a group without targets keeps its share: 503, no failover [A-18, A-60]", async () => {
  const [full] = await groups("full");
  const rules = [rule(Infinity, [], forwardTo(["full", 0], ["empty", 1]))];
  await bench.plane.apply(balancer(port, [full as never, group("empty", [])], { rules }));
  const answer = await ask(port);
  expect(answer.status).toBe(503);
  expect(answer.headers.server).toBe("awselb/2.0");
  expect(answer.body.toString()).toContain("<h1>503 Service Temporarily Unavailable</h1>");
});

test("a client bound to a group that lost its last target gets 503 until its cookie is over [A-18]", async () => {
  const [one, two] = await groups("one", "two");
  const { ForwardConfig } = forwardTo(["one", 1], ["two", 0]);
  const bind = (seconds: number) => ({
    Type: "forward" as const,
    ForwardConfig: { ...ForwardConfig, TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: seconds } },
  });
  const apply = (first: typeof one, action: ReturnType<typeof bind>) =>
    bench.plane.apply(balancer(port, [first as never, two as never], { rules: [rule(Infinity, [], action)] }));
  await apply(one, bind(3600));
  await allHealthy("one", "two");
  const cookie = (await ask(port)).headers["set-cookie"]?.[0]?.split(";")[0];
  const headers = { Cookie: cookie };
  const elsewhere = bind(3600);
  elsewhere.ForwardConfig.TargetGroups = [
    { TargetGroupArn: "arn:one", Weight: 0 },
    { TargetGroupArn: "arn:two", Weight: 1 },
  ];
  await apply(group("one", []), elsewhere);
  expect((await ask(port, { headers })).status).toBe(503);
  expect(await text()).toBe("two");
});

test("all weights 0 is 503 [A-19]", async () => {
  await bench.plane.apply(balancer(port, await groups("one"), { rules: [rule(Infinity, [], forwardTo(["one", 0]))] }));
  expect((await ask(port)).status).toBe(503);
});

test("changed rules are used after the propagation time, and a fault lifted uses them at once [A-20]", async () => {
  const both = await groups("one", "two");
  const apply = (name: string) =>
    bench.plane.apply(balancer(port, both, { rules: [rule(Infinity, [], forwardTo([name, 1]))] }));
  await apply("one");
  await allHealthy("one", "two");
  await bench.plane.setFaults({ propagationSeconds: 4 }); // 200 ms at speed 20
  await apply("two");
  expect(await text()).toBe("one");
  while ((await text()) !== "two");
  await bench.plane.setFaults({ propagationSeconds: 100_000 });
  await apply("one");
  expect(await text()).toBe("two");
  await bench.plane.setFaults({});
  expect(await text()).toBe("one");
});

test.each<[string, Action, RegExp]>([
  [
    "an unknown action",
    { Type: "authenticate-oidc" },
    /action "authenticate-oidc".*forward, fixed-response and redirect/,
  ],
  ["a group not given", forwardTo(["ghost", 1]), /target group arn:ghost/],
  ["a status out of range", { Type: "fixed-response", FixedResponseConfig: { StatusCode: "99" } }, /StatusCode "99"/],
  [
    "a redirect without status",
    { Type: "redirect", RedirectConfig: { StatusCode: undefined } },
    /HTTP_301 or HTTP_302/,
  ],
])("%s is refused and changes nothing", async (_name, action, message) => {
  const [good] = await groups("good");
  await bench.plane.apply(balancer(port, [good as never]));
  await allHealthy("good");
  await expect(
    bench.plane.apply(balancer(port, [good as never], { rules: [rule(Infinity, [], action)] })),
  ).rejects.toThrow(message);
  expect(await text()).toBe("good");
});
