import { code, page, to, world } from "../../rehearsal/cloud/elbv2/fakes.js";
import { statement } from "../statement.js";

let w: ReturnType<typeof world>;
beforeEach(() => {
  w = world();
});
afterEach(() => w.elb.close());

statement("A-05", async () => {
  const listener = await w.listener(await w.loadBalancer(), [page]);
  const groups = await Promise.all(Array.from({ length: 101 }, (_, i) => w.targetGroup(`g${i}`)));
  for (let i = 0; i < 20; i++) await w.rule(listener, i + 1, [to(...groups.slice(5 * i, 5 * i + 5))]);
  expect(await code(w.rule(listener, 50, [to(groups[100] ?? "")]))).toBe("TooManyUniqueTargetGroupsPerLoadBalancer");
  expect(await code(w.rule(listener, 50, [to(groups[0] ?? "")]))).toBe("accepted");
});

statement("A-07", async () => {
  const [blue, green] = [await w.targetGroup("blue"), await w.targetGroup("green")];
  await w.listener(await w.loadBalancer(), [to(blue, green)]);
  w.compute.add("i-1");
  const ports = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ Id: "i-1", Port: from + index }));
  await w.call("RegisterTargets", { TargetGroupArn: blue, Targets: ports(1, 600) });
  await w.call("RegisterTargets", { TargetGroupArn: green, Targets: ports(1, 400) });
  const one = () => w.call("RegisterTargets", { TargetGroupArn: green, Targets: ports(1000, 1) });
  expect(await code(one())).toBe("TooManyTargets");
  await w.call("DeregisterTargets", { TargetGroupArn: blue, Targets: ports(1, 1) });
  expect(await code(one())).toBe("accepted");
  // Taken back from its drain, it counts again.
  expect(await code(w.call("RegisterTargets", { TargetGroupArn: blue, Targets: ports(1, 1) }))).toBe("TooManyTargets");
});

statement("A-09", async () => {
  const loadBalancer = await w.loadBalancer();
  for (let port = 1; port <= 50; port++) await w.listener(loadBalancer, [page], port);
  expect(await code(w.listener(loadBalancer, [page], 51))).toBe("TooManyListeners");
});

statement("A-46", async () => {
  const TargetGroupArn = await w.targetGroup();
  const Key = "target_group_health.dns_failover.minimum_healthy_targets.count";
  const { Attributes } = await w.call("DescribeTargetGroupAttributes", { TargetGroupArn });
  expect(Attributes).toContainEqual({ Key, Value: "1" });
  const set = (Value: string) =>
    code(w.call("ModifyTargetGroupAttributes", { TargetGroupArn, Attributes: [{ Key, Value }] }));
  expect(await set("off")).toBe("accepted");
  expect(await set("0")).toBe("InvalidConfigurationRequest");
});

statement("A-57", async () => {
  const LoadBalancerArn = await w.loadBalancer();
  const { Attributes } = await w.call("DescribeLoadBalancerAttributes", { LoadBalancerArn });
  expect(Attributes).toContainEqual({ Key: "idle_timeout.timeout_seconds", Value: "60" });
  expect(Attributes).toContainEqual({ Key: "client_keep_alive.seconds", Value: "3600" });
  const set = (Key: string, Value: string) =>
    code(w.call("ModifyLoadBalancerAttributes", { LoadBalancerArn, Attributes: [{ Key, Value }] }));
  for (const value of ["1", "4000"]) expect(await set("idle_timeout.timeout_seconds", value)).toBe("accepted");
  for (const value of ["0", "4001"])
    expect(await set("idle_timeout.timeout_seconds", value)).toBe("InvalidConfigurationRequest");
  for (const value of ["60", "604800"]) expect(await set("client_keep_alive.seconds", value)).toBe("accepted");
  for (const value of ["59", "604801"])
    expect(await set("client_keep_alive.seconds", value)).toBe("InvalidConfigurationRequest");
});
