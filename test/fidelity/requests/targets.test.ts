/** Which target gets a request, on real connections. */
import type * as http from "node:http";
import {
  ask,
  Bench,
  balancer,
  forwardTo,
  freePort,
  group,
  HEALTH,
  rule,
  targetConfig,
} from "../../rehearsal/cloud/balancer/bench.js";
import { statement } from "../statement.js";

let bench: Bench;
let port: number;
beforeEach(async () => {
  bench = new Bench(50);
  port = await freePort();
});
afterEach(() => bench.close());

/** Targets that answer with their names; `health` says what their checks get. */
async function named(names: readonly string[], health: (name: string) => number = () => 200) {
  const configs = [];
  for (const name of names) {
    const target = await bench.target((_request, response) => response.end(name), { health: () => health(name) });
    configs.push(targetConfig(name, target.port));
  }
  return configs;
}
const asked = async (): Promise<string> => (await ask(port)).body.toString();
async function seen(times: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let n = 0; n < times; n++) {
    const name = await asked();
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
const states = (names: readonly string[], health: (name: string) => number) =>
  Promise.all(names.map((name) => bench.untilHealth(name, health(name) === 200 ? "healthy" : "unhealthy")));

const MINIMUM = "target_group_health.unhealthy_state_routing.minimum_healthy_targets";

statement("A-45", async () => {
  const names = ["one", "two", "three", "four"];
  // One of four is healthy: 25 %.
  const health = (name: string) => (name === "one" ? 200 : 503);
  const configs = await named(names, health);
  const apply = (attributes: Record<string, string>) =>
    bench.plane.apply(balancer(port, [group("web", configs, { attributes })]));
  await apply({});
  await states(names, health);
  const open = async () => Object.keys(await seen(8)).length > 1;
  expect(await open()).toBe(false);
  for (const [count, percentage, opens] of [
    ["1", "off", false],
    ["1", "25", false],
    ["1", "26", true],
    ["2", "off", true],
    ["2", "10", true],
  ] as const) {
    await apply({ [`${MINIMUM}.count`]: count, [`${MINIMUM}.percentage`]: percentage });
    expect([count, percentage, await open()]).toEqual([count, percentage, opens]);
  }
});

statement("A-70", async () => {
  const names = ["well", "ill"];
  const health = (name: string) => (name === "well" ? 200 : 503);
  const [well, ill] = await named(names, health);
  const groups = [group("a", [well as never]), group("b", [ill as never])];
  await bench.plane.apply(balancer(port, groups, { rules: [rule(Infinity, [], forwardTo(["a", 50], ["b", 50]))] }));
  await states(names, health);
  const { well: ofWell = 0, ill: ofIll = 0 } = await seen(200);
  expect(ofWell + ofIll).toBe(200);
  expect(ofIll).toBeGreaterThan(70);
  expect(ofWell).toBeGreaterThan(70);
});

statement("A-52", async () => {
  const attributes = { "slow_start.duration_seconds": "900" }; // 18 s at speed 50: far from over here
  const [one, two, late] = await named(["one", "two", "late"]);
  const apply = (...targets: unknown[]) =>
    bench.plane.apply(balancer(port, [group("web", targets as never, { attributes })]));
  await apply(one, two);
  await states(["one", "two"], () => 200);
  const together = await seen(200);
  expect(Math.min(together.one ?? 0, together.two ?? 0)).toBeGreaterThan(70);
  await apply(one, two, { ...(late as object), registeredAt: 2 });
  await states(["late"], () => 200);
  const early = await seen(100);
  expect(early.late ?? 0).toBeLessThan(20);
  expect((early.one ?? 0) + (early.two ?? 0)).toBeGreaterThan(80);
});

statement("A-72", async () => {
  const held: http.ServerResponse[] = [];
  let arrived: () => void = () => undefined;
  const busy = await bench.target((request, response) => {
    if (request.url !== "/hold") return response.end("busy");
    held.push(response);
    arrived();
  });
  const free = await bench.target((request, response) => response.end(request.url === "/hold" ? "free" : "free"));
  const attributes = { "load_balancing.algorithm.type": "least_outstanding_requests" };
  const unchecked = { attributes, healthCheck: { ...HEALTH, enabled: false } };
  const only = [targetConfig("busy", busy.port)];
  await bench.plane.apply(balancer(port, [group("web", only, unchecked)]));
  const waiting = ask(port, { path: "/hold" });
  if (held.length === 0) {
    await new Promise<void>((resolve) => {
      arrived = resolve;
    });
  }
  await bench.plane.apply(balancer(port, [group("web", [...only, targetConfig("free", free.port)], unchecked)]));
  // While one waits at the busy target, every request that is answered before the next goes to the free one.
  expect(await seen(20)).toEqual({ free: 20 });
  held[0]?.end("busy");
  await waiting;
  const { busy: again = 0 } = await seen(20);
  expect(again).toBeGreaterThan(5);
});

statement("A-12", async () => {
  const [one, two] = await named(["one", "two"]);
  const groups = [group("a", [one as never]), group("b", [two as never])];
  const sticky = (a: number, b: number, seconds: number) => ({
    ...forwardTo(["a", a], ["b", b]),
    ForwardConfig: {
      ...forwardTo(["a", a], ["b", b]).ForwardConfig,
      TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: seconds },
    },
  });
  const apply = (action: ReturnType<typeof sticky>) =>
    bench.plane.apply(balancer(port, groups, { rules: [rule(Infinity, [], action)] }));
  await apply(sticky(1, 0, 604_800));
  await states(["one", "two"], () => 200);
  const cookies = (await ask(port)).headers["set-cookie"] ?? [];
  expect(cookies.map((line) => line.split("=")[0])).toEqual(["AWSALBTG", "AWSALBTGCORS"]);
  await apply(sticky(0, 1, 604_800));
  for (const cookie of cookies) {
    const headers = { Cookie: cookie.split(";")[0] };
    expect((await ask(port, { headers })).body.toString()).toBe("one");
  }
  expect(await asked()).toBe("two");
  // A cookie that another key made leads nowhere.
  const forged = { Cookie: `AWSALBTG=${"A".repeat(88)}` };
  expect((await ask(port, { headers: forged })).body.toString()).toBe("two");
});
