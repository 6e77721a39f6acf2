import { page, to, world } from "./fakes.js";

type World = ReturnType<typeof world>;
let w: World;
let group: string;
let loadBalancer: string;
const told: string[] = [];
beforeEach(async () => {
  told.length = 0;
  w = world();
  w.elb.events.on("health", ({ instanceId, health }) =>
    told.push(`${instanceId} ${health.state} ${health.reason ?? ""}`.trim()),
  );
  for (const id of ["i-1", "i-2"]) w.compute.add(id);
  group = await w.targetGroup("blue");
  loadBalancer = await w.loadBalancer();
});
afterEach(() => w.elb.close());

const attach = (): Promise<string> => w.listener(loadBalancer, [to(group)]);
const found = (targetId: string, state: "healthy" | "unhealthy" | "initial", reason?: any): void => {
  w.dataPlane.events.emit("health", { targetGroupArn: group, targetId, port: 8080, state, reason });
};
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** The data plane's picture of the group's targets. */
const routed = async (): Promise<{ id: string; draining: boolean }[]> => {
  await settle();
  return w.dataPlane.last.targetGroups.flatMap(({ targets }) => targets.map(({ id, draining }) => ({ id, draining })));
};

test("unused until a rule names the group, then initial, then what the checks find [A-39, A-41, A-43]", async () => {
  w.elb.register(group, ["i-1"]);
  expect(await w.state(group, "i-1")).toMatchObject({ State: "unused", Reason: "Target.NotInUse" });
  await attach();
  expect(await w.state(group, "i-1")).toMatchObject({ State: "initial", Reason: "Elb.RegistrationInProgress" });
  found("i-1", "initial", "Elb.InitialHealthChecking");
  found("i-1", "unhealthy", "Target.Timeout");
  expect(await w.state(group, "i-1")).toEqual({
    State: "unhealthy",
    Reason: "Target.Timeout",
    Description: "Request timed out",
  });
  found("i-1", "healthy");
  expect(await w.state(group, "i-1")).toEqual({ State: "healthy" });
  expect(told).toEqual([
    "i-1 unused Target.NotInUse",
    "i-1 initial Elb.RegistrationInProgress",
    "i-1 initial Elb.InitialHealthChecking",
    "i-1 unhealthy Target.Timeout",
    "i-1 healthy",
  ]);
});

test("weight 0 keeps the group in use [A-15]", async () => {
  const other = await w.targetGroup("green");
  const groups = [
    { TargetGroupArn: other, Weight: 1 },
    { TargetGroupArn: group, Weight: 0 },
  ];
  await w.listener(loadBalancer, [{ Type: "forward", ForwardConfig: { TargetGroups: groups } }]);
  w.elb.register(group, ["i-1"]);
  expect(await w.state(group, "i-1")).toMatchObject({ State: "initial" });
});

test("a group whose last rule lets go of it is unused again, and starts anew later", async () => {
  const ListenerArn = await attach();
  w.elb.register(group, ["i-1"]);
  found("i-1", "healthy");
  await w.call("ModifyListener", { ListenerArn, DefaultActions: [page] });
  expect(w.elb.health(group, "i-1")).toMatchObject({ state: "unused" });
  await w.call("ModifyListener", { ListenerArn, DefaultActions: [to(group)] });
  expect(w.elb.health(group, "i-1")).toMatchObject({ state: "initial" });
});

test("a target drains for the whole delay: shown as draining, no new requests, then gone [A-42, A-48]", async () => {
  await w.call("ModifyTargetGroupAttributes", {
    TargetGroupArn: group,
    Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "30" }],
  });
  await attach();
  w.elb.register(group, ["i-1", "i-2"]);
  found("i-1", "healthy");
  let drained = false;
  const done = w.elb.deregister(group, ["i-1"]).then(() => {
    drained = true;
  });
  expect(await w.state(group, "i-1")).toMatchObject({ State: "draining", Reason: "Target.DeregistrationInProgress" });
  expect(await routed()).toEqual([
    { id: "i-1", draining: true },
    { id: "i-2", draining: false },
  ]);
  w.clock.pass(29.9);
  await settle();
  expect(drained).toBe(false);
  w.clock.pass(0.1);
  await done;
  expect(await w.state(group, "i-1")).toBeUndefined();
  expect(w.elb.health(group, "i-1")).toBeUndefined();
  expect(await routed()).toEqual([{ id: "i-2", draining: false }]);
});

test("in a group that is not in use there is nothing to drain", async () => {
  w.elb.register(group, ["i-1"]);
  await w.elb.deregister(group, ["i-1"]);
  expect(w.elb.health(group, "i-1")).toBeUndefined();
});

test("registering again takes a drain back: the target is checked anew", async () => {
  await attach();
  w.elb.register(group, ["i-1"]);
  found("i-1", "healthy");
  const done = w.elb.deregister(group, ["i-1"]);
  w.elb.register(group, ["i-1"]);
  await done;
  expect(w.elb.health(group, "i-1")).toMatchObject({ state: "initial" });
  w.clock.pass(1000);
  expect(w.elb.health(group, "i-1")).toBeDefined();
});

test("registering what is registered changes nothing", async () => {
  await attach();
  w.elb.register(group, ["i-1"]);
  found("i-1", "healthy");
  w.elb.register(group, ["i-1"]);
  expect(w.elb.health(group, "i-1")).toMatchObject({ state: "healthy" });
});

test("deregistering what is unknown succeeds", async () => {
  await w.call("DeregisterTargets", { TargetGroupArn: group, Targets: [{ Id: "i-9" }] });
});

test.each([
  ["an unknown instance", "i-9", {}],
  ["a pending instance", "i-3", { state: "pending" }],
  ["an instance of another VPC", "i-3", { vpcId: "vpc-2" }],
])("%s cannot be registered", async (_title, id, changes) => {
  if (id === "i-3") w.compute.add(id, changes as object);
  const register = w.call("RegisterTargets", { TargetGroupArn: group, Targets: [{ Id: id }] });
  await expect(register).rejects.toMatchObject({ code: "InvalidTarget" });
});

test("a target in a zone without the load balancer is unused and gets nothing [A-41]", async () => {
  await attach();
  w.compute.add("i-3", { availabilityZone: "us-east-1c", subnetId: "subnet-c" });
  w.elb.register(group, ["i-3"]);
  expect(await w.state(group, "i-3")).toMatchObject({
    State: "unused",
    Description: expect.stringContaining("Availability Zone"),
  });
  expect(await routed()).toEqual([]);
});

test("targets are reached where the instance says; several ports are several targets", async () => {
  w.compute.add("i-4", { endpoint: { host: "127.0.0.1", port: 41000 } });
  await attach();
  await w.call("RegisterTargets", {
    TargetGroupArn: group,
    Targets: [{ Id: "i-4" }, { Id: "i-1" }, { Id: "i-1", Port: 9000 }],
  });
  await settle();
  const [config] = w.dataPlane.last.targetGroups;
  expect(config?.targets.map(({ id, port, host, connectPort }) => `${id} ${port} ${host}:${connectPort}`)).toEqual([
    "i-4 8080 127.0.0.1:41000",
    "i-1 8080 172.31.0.10:8080",
    "i-1 9000 172.31.0.10:9000",
  ]);
  const answer = await w.call("DescribeTargetHealth", {
    TargetGroupArn: group,
    Targets: [{ Id: "i-1", Port: 9000 }, { Id: "i-7" }],
  });
  expect(answer.TargetHealthDescriptions).toMatchObject([
    { Target: { Id: "i-1", Port: 9000 }, HealthCheckPort: "9000", TargetHealth: { State: "initial" } },
    { Target: { Id: "i-7", Port: 8080 }, TargetHealth: { State: "unused", Reason: "Target.NotRegistered" } },
  ]);
});

test("an instance that ends unasked stays in the group until checks would have failed, then leaves", async () => {
  await attach();
  w.elb.register(group, ["i-1", "i-2"]);
  w.compute.add("i-1", { state: "terminated" });
  expect(await routed()).toHaveLength(2);
  w.clock.pass(3 * (30 + 5));
  expect(await routed()).toEqual([{ id: "i-2", draining: false }]);
});

test("an instance that ends while it drains ends the drain", async () => {
  await attach();
  w.elb.register(group, ["i-1"]);
  const done = w.elb.deregister(group, ["i-1"]);
  w.compute.add("i-1", { state: "terminated" });
  await done;
  expect(w.elb.health(group, "i-1")).toBeUndefined();
});

test("a deleted group's drains end", async () => {
  const ListenerArn = await attach();
  w.elb.register(group, ["i-1"]);
  const done = w.elb.deregister(group, ["i-1"]);
  await w.call("DeleteListener", { ListenerArn });
  await w.call("DeleteTargetGroup", { TargetGroupArn: group });
  await done;
  expect(w.elb.exists(group)).toBe(false);
  expect(() => w.elb.register(group, ["i-1"])).toThrow(expect.objectContaining({ code: "TargetGroupNotFound" }));
});

test("close leaves nothing waiting on the clock", async () => {
  await attach();
  w.elb.register(group, ["i-1", "i-2"]);
  const done = w.elb.deregister(group, ["i-1"]);
  w.compute.add("i-2", { state: "terminated" });
  await w.elb.close();
  await done;
  expect(w.clock.waiting).toBe(0);
});

describe("metrics", () => {
  const zero = {
    at: 1,
    requests: 0,
    targetStatus: { "2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0 },
    elbStatus: { "4xx": 0, "500": 0, "502": 0, "503": 0, "504": 0 },
    targetConnectionErrors: 0,
    newConnections: 0,
    activeConnections: 0,
    processedBytes: 0,
    targetResponseSeconds: [],
  };
  /** Of the group, which got none of them. */
  const QUIET = ["RequestCount", "RequestCountPerTarget", "RequestCountPerTarget"];
  const names = (): string[] => w.monitoring.data.map((datum) => datum.name);

  test("counts that are zero are no metric at all [A-63]", async () => {
    w.dataPlane.events.emit("counts", [{ loadBalancerArn: loadBalancer, ...zero }]);
    expect(w.monitoring.data).toEqual([]);
  });

  test("a group that gets none of the load balancer's requests has zeros; without any request there is no metric [A-85]", async () => {
    const idle = await w.targetGroup("idle");
    const bare = await w.targetGroup("bare");
    await w.listener(loadBalancer, [to(group, idle, bare)]);
    w.elb.register(group, ["i-1"]);
    w.elb.register(idle, ["i-2"]);
    const told = (requests: number): [string, string, number | undefined][] => {
      w.monitoring.data.length = 0;
      const ofGroup = { ...zero, loadBalancerArn: loadBalancer, targetGroupArn: group, requests };
      w.dataPlane.events.emit("counts", [{ ...zero, loadBalancerArn: loadBalancer, requests }, ofGroup]);
      return w.monitoring.data.map(({ name, dimensions, values }) => [
        name,
        `${dimensions.TargetGroup?.split("/")[1] ?? ""} ${Object.keys(dimensions).length}`,
        values[0],
      ]);
    };
    expect(told(0)).toEqual([]);
    expect(told(4)).toEqual([
      ["RequestCount", " 1", 4],
      ["RequestCount", "blue 2", 4],
      ["RequestCountPerTarget", "blue 1", 4],
      ["RequestCountPerTarget", "blue 2", 4],
      ["RequestCount", "idle 2", 0],
      ["RequestCountPerTarget", "idle 1", 0],
      ["RequestCountPerTarget", "idle 2", 0],
    ]);
  });

  test("a load balancer's and a group's counts have AWS's names and dimensions [A-65, A-66]", async () => {
    await attach();
    w.elb.register(group, ["i-1", "i-2"]);
    found("i-1", "healthy");
    found("i-2", "healthy");
    const elbStatus = { ...zero.elbStatus, "502": 2, "503": 1 };
    w.dataPlane.events.emit("counts", [{ ...zero, loadBalancerArn: loadBalancer, requests: 10, elbStatus }]);
    expect(names()).toEqual([
      "RequestCount",
      "HTTPCode_ELB_5XX_Count",
      "HTTPCode_ELB_502_Count",
      "HTTPCode_ELB_503_Count",
      ...QUIET,
    ]);
    expect(w.monitoring.data[1]).toMatchObject({
      namespace: "AWS/ApplicationELB",
      values: [3],
      dimensions: { LoadBalancer: expect.stringMatching(/^app\/web\//) },
    });
    w.monitoring.data.length = 0;
    const targetStatus = { ...zero.targetStatus, "2xx": 10 };
    w.dataPlane.events.emit("counts", [
      {
        ...zero,
        loadBalancerArn: loadBalancer,
        targetGroupArn: group,
        requests: 10,
        targetStatus,
        targetResponseSeconds: [0.1, 0.2],
      },
    ]);
    expect(names()).toEqual([
      "RequestCount",
      "HTTPCode_Target_2XX_Count",
      "TargetResponseTime",
      "RequestCountPerTarget",
      "RequestCountPerTarget",
    ]);
    expect(w.monitoring.data.at(-1)).toMatchObject({
      values: [5],
      dimensions: { TargetGroup: expect.stringMatching(/^targetgroup\/blue\//), LoadBalancer: expect.any(String) },
    });
    expect(Object.keys(w.monitoring.data.at(-2)?.dimensions ?? {})).toEqual(["TargetGroup"]);
  });

  test("healthy and unhealthy hosts are reported each minute while targets are registered", async () => {
    await attach();
    w.clock.pass(60);
    expect(w.monitoring.data).toEqual([]);
    w.elb.register(group, ["i-1", "i-2"]);
    found("i-1", "healthy");
    found("i-2", "unhealthy", "Target.Timeout");
    w.clock.pass(60);
    expect(w.monitoring.data.map(({ name, values }) => [name, values])).toEqual([
      ["HealthyHostCount", [1]],
      ["UnHealthyHostCount", [1]],
    ]);
    expect(w.elb.resourceLabel(group)).toMatch(/^app\/web\/[0-9a-f]{16}\/targetgroup\/blue\/[0-9a-f]{16}$/);
  });
});
