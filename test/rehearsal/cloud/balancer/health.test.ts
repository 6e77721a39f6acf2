import { once } from "node:events";
import type { TargetHealthChange } from "../../../../src/rehearsal/cloud/balancer/dataPlane.js";
import { ask, Bench, balancer, freePort, group, HEALTH, targetConfig } from "./bench.js";

let bench: Bench;
let port: number;
beforeEach(async () => {
  bench = new Bench(50); // an interval of 5 s takes 100 ms
  port = await freePort();
});
afterEach(() => bench.close());

const states = (id: string) => bench.health.filter((change) => change.targetId === id).map(brief);
const brief = ({ state, reason }: TargetHealthChange) => (reason ? `${state} ${reason}` : state);
const STARTING = ["initial Elb.RegistrationInProgress", "initial Elb.InitialHealthChecking"];

test("a new target is healthy after one passing check, whose request is ALB's [A-35, A-38]", async () => {
  const target = await bench.target((_request, response) => response.end("x"));
  await bench.plane.apply(balancer(port, [group("web", [targetConfig("i-1", target.port)])]));
  await bench.untilHealth("i-1", "healthy");
  expect(states("i-1")).toEqual([...STARTING, "healthy"]);
  expect(target.checks).toHaveLength(1);
  expect(target.checks[0]).toMatchObject({
    method: "GET",
    headers: { "user-agent": "ELB-HealthChecker/2.0", host: `127.0.0.1:${target.port}`, connection: "close" },
  });
});

test("states change only at the thresholds, with AWS's reasons, and each change is told once [A-36, A-40]", async () => {
  let status = 200;
  const target = await bench.target((_request, response) => response.end("x"), { health: () => status });
  await bench.plane.apply(balancer(port, [group("web", [targetConfig("i-1", target.port)])]));
  await bench.untilHealth("i-1", "healthy");
  status = 503;
  const before = target.checks.length;
  const change = await bench.untilHealth("i-1", "unhealthy");
  expect(target.checks.length - before).toBeGreaterThanOrEqual(2);
  expect(change).toMatchObject({
    reason: "Target.ResponseCodeMismatch",
    description: "Health checks failed with these codes: [503]",
    targetGroupArn: "arn:web",
    port: target.port,
  });
  status = 404;
  await once(bench.plane.events, "health");
  status = 200;
  const failing = target.checks.length;
  await bench.untilHealth("i-1", "healthy");
  expect(target.checks.length - failing).toBeGreaterThanOrEqual(2);
  expect(states("i-1")).toEqual([
    ...STARTING,
    "healthy",
    "unhealthy Target.ResponseCodeMismatch",
    "unhealthy Target.ResponseCodeMismatch",
    "healthy",
  ]);
});

test("one failed check among passing ones changes nothing", async () => {
  let checks = 0;
  const target = await bench.target((_request, response) => response.end("x"), {
    health: () => (++checks === 3 ? 500 : 200),
  });
  await bench.plane.apply(balancer(port, [group("web", [targetConfig("i-1", target.port)])]));
  while (checks < 6) await once(target.server, "request");
  expect(states("i-1")).toEqual([...STARTING, "healthy"]);
});

test("a target that does not answer the connection fails its checks, and is initial until the threshold", async () => {
  const closed = await freePort();
  await bench.plane.apply(balancer(port, [group("web", [targetConfig("i-1", closed)])]));
  const change = await bench.untilHealth("i-1", "unhealthy");
  expect(change).toMatchObject({ reason: "Target.FailedHealthChecks", description: "Health checks failed" });
  expect(states("i-1")).toEqual([...STARTING, "unhealthy Target.FailedHealthChecks"]);
});

test("a target that is silent times out in real seconds, while checks go on at their interval [A-37]", async () => {
  let connections = 0;
  const raw = await bench.rawTarget(() => connections++);
  const healthCheck = { ...HEALTH, timeoutSeconds: 0.3 };
  await bench.plane.apply(balancer(port, [group("web", [targetConfig("i-1", raw)], { healthCheck })]));
  const change = await bench.untilHealth("i-1", "unhealthy");
  expect(change).toMatchObject({ reason: "Target.Timeout", description: "Request timed out" });
  expect(connections).toBeGreaterThan(2); // the second check began before the first had timed out
});

test("switched-off checks make a target unavailable, which still gets requests [A-42]", async () => {
  const target = await bench.target((_request, response) => response.end("served"));
  const healthCheck = { ...HEALTH, enabled: false };
  await bench.plane.apply(balancer(port, [group("web", [targetConfig("i-1", target.port)], { healthCheck })]));
  expect(await bench.untilHealth("i-1", "unavailable")).toMatchObject({ reason: "Target.HealthCheckDisabled" });
  expect((await ask(port)).body.toString()).toBe("served");
});

test("applying the same configuration again changes nothing; changed checks keep the state and are used", async () => {
  const paths = new Set<string | undefined>();
  const target = await bench.target((request, response) => {
    paths.add(request.url);
    response.end("x");
  });
  const config = (path: string) =>
    balancer(port, [group("web", [targetConfig("i-1", target.port)], { healthCheck: { ...HEALTH, path } })]);
  await bench.plane.apply(config("/health"));
  await bench.untilHealth("i-1", "healthy");
  await ask(port);
  const sockets = new Set(target.sockets);
  await bench.plane.apply(config("/health"));
  await bench.plane.apply(config("/deep"));
  while (!paths.has("/deep")) await once(target.server, "request");
  await ask(port);
  expect(states("i-1")).toEqual([...STARTING, "healthy"]);
  expect([...sockets].some((socket) => target.sockets.has(socket))).toBe(true);
  expect(bench.listened).toEqual([port]);
});

test("only healthy targets get requests; with none healthy every registered one does [A-45]", async () => {
  const status: Record<string, number> = { one: 200, two: 503 };
  const configs = [];
  for (const name of ["one", "two"]) {
    const target = await bench.target((_request, response) => response.end(name), { health: () => status[name] ?? 0 });
    configs.push(targetConfig(`i-${name}`, target.port));
  }
  await bench.plane.apply(balancer(port, [group("web", configs)]));
  await bench.untilHealth("i-one", "healthy");
  await bench.untilHealth("i-two", "unhealthy");
  const seen = async (times = 12) => {
    const names = await Promise.all(Array.from({ length: times }, async () => (await ask(port)).body.toString()));
    return [...new Set(names)].sort();
  };
  expect(await seen()).toEqual(["one"]);
  await bench.plane.setFaults({ ignoreHealth: true });
  expect(await seen()).toEqual(["one", "two"]);
  await bench.plane.setFaults({});
  expect(await seen()).toEqual(["one"]);
  status.one = 503;
  await bench.untilHealth("i-one", "unhealthy");
  expect(await seen()).toEqual(["one", "two"]);
});

test("a minimum of healthy targets makes the group fail open earlier", async () => {
  const configs = [];
  for (const name of ["one", "two"]) {
    const target = await bench.target((_request, response) => response.end(name), {
      health: () => (name === "one" ? 200 : 503),
    });
    configs.push(targetConfig(`i-${name}`, target.port));
  }
  const attributes = {
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "2",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
  };
  await bench.plane.apply(balancer(port, [group("web", configs, { attributes })]));
  await bench.untilHealth("i-one", "healthy");
  await bench.untilHealth("i-two", "unhealthy");
  const names = await Promise.all(Array.from({ length: 8 }, async () => (await ask(port)).body.toString()));
  expect(new Set(names)).toEqual(new Set(["one", "two"]));
});

test("a matcher that cannot be read is refused", async () => {
  const config = balancer(port, [group("web", [], { healthCheck: { ...HEALTH, matcher: "fine" } })]);
  await expect(bench.plane.apply(config)).rejects.toThrow(/matcher is "fine", expected codes such as/);
});
