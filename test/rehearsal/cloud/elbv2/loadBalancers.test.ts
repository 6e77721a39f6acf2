import { code, page, to, world } from "./fakes.js";

type World = ReturnType<typeof world>;
let w: World;
beforeEach(() => {
  w = world();
});
afterEach(() => w.elb.close());

describe("load balancers", () => {
  test("one is active at once, with an address of its own for its DNS name", async () => {
    await w.loadBalancer("one");
    await w.loadBalancer("two");
    const { LoadBalancers } = await w.call("DescribeLoadBalancers");
    expect(LoadBalancers).toMatchObject([
      {
        LoadBalancerName: "one",
        DNSName: "127.77.0.1",
        State: { Code: "active" },
        VpcId: "vpc-1",
        Type: "application",
      },
      { LoadBalancerName: "two", DNSName: "127.77.0.2", Scheme: "internet-facing" },
    ]);
    expect(LoadBalancers[0].LoadBalancerArn).toMatch(
      /^arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer\/app\/one\/[0-9a-f]{16}$/,
    );
  });

  test("the same again is the same one; the same name with other settings is refused [A-21]", async () => {
    const first = await w.loadBalancer("web");
    expect(await w.loadBalancer("web", { Subnets: ["subnet-b", "subnet-a"] })).toBe(first);
    expect(await code(w.loadBalancer("web", { Scheme: "internal" }))).toBe("DuplicateLoadBalancerName");
  });

  test.each([
    ["a name of 33 characters", { Name: "a".repeat(33) }, "ValidationError"],
    ["a name with a dot", { Name: "v1.2" }, "ValidationError"],
    ["a name that ends in a hyphen", { Name: "web-" }, "ValidationError"],
    ["a name that begins with internal-", { Name: "internal-web" }, "ValidationError"],
    ["one subnet", { Subnets: ["subnet-a"] }, "ValidationError"],
    ["two subnets of one zone", { Subnets: ["subnet-a", "subnet-a2"] }, "InvalidConfigurationRequest"],
    ["an unknown subnet", { Subnets: ["subnet-a", "subnet-x"] }, "SubnetNotFound"],
    ["a network load balancer", { Type: "network" }, "InvalidConfigurationRequest"],
  ])("%s is refused [A-10]", async (_title, more, expected) => {
    expect(await code(w.loadBalancer("web", more))).toBe(expected);
  });

  test("attributes have AWS's defaults and ranges; what has no effect here is said in the log", async () => {
    const LoadBalancerArn = await w.loadBalancer();
    const { Attributes } = await w.call("DescribeLoadBalancerAttributes", { LoadBalancerArn });
    expect(Attributes).toContainEqual({ Key: "idle_timeout.timeout_seconds", Value: "60" });
    const modify = (Key: string, Value: string) =>
      w.call("ModifyLoadBalancerAttributes", { LoadBalancerArn, Attributes: [{ Key, Value }] });
    expect(await code(modify("idle_timeout.timeout_seconds", "4001"))).toBe("InvalidConfigurationRequest");
    expect(await code(modify("idle_timeout", "1"))).toBe("ValidationError");
    await modify("idle_timeout.timeout_seconds", "30");
    expect(w.dataPlane.last.attributes["idle_timeout.timeout_seconds"]).toBe("30");
    expect(w.warnings).toEqual([]);
    await modify("access_logs.s3.enabled", "true");
    expect(w.warnings).toEqual([expect.stringContaining("access_logs.s3.enabled is kept")]);
  });

  test("deleting takes listeners and rules along; protection forbids it; the unknown is deleted already [A-69]", async () => {
    const arn = await w.loadBalancer();
    const group = await w.targetGroup();
    const listener = await w.listener(arn, [page]);
    const rule = await w.rule(listener, 1, [to(group)]);
    const protect = (Value: string) =>
      w.call("ModifyLoadBalancerAttributes", {
        LoadBalancerArn: arn,
        Attributes: [{ Key: "deletion_protection.enabled", Value }],
      });
    await protect("true");
    expect(await code(w.call("DeleteLoadBalancer", { LoadBalancerArn: arn }))).toBe("OperationNotPermitted");
    await protect("false");
    await w.call("DeleteLoadBalancer", { LoadBalancerArn: arn });
    expect(w.dataPlane.removed).toEqual([arn]);
    expect(await code(w.call("DescribeRules", { RuleArns: [rule] }))).toBe("RuleNotFound");
    expect(await code(w.call("DescribeListeners", { ListenerArns: [listener] }))).toBe("ListenerNotFound");
    expect(await code(w.call("DescribeLoadBalancers", { Names: ["web"] }))).toBe("LoadBalancerNotFound");
    await w.call("DeleteTargetGroup", { TargetGroupArn: group });
    await w.call("DeleteLoadBalancer", { LoadBalancerArn: arn });
  });

  test("subnets, security groups and tags can be changed", async () => {
    const LoadBalancerArn = await w.loadBalancer("web", { Tags: [{ Key: "team", Value: "a" }] });
    await w.call("SetSubnets", { LoadBalancerArn, Subnets: ["subnet-b", "subnet-c"] });
    await w.call("SetSecurityGroups", { LoadBalancerArn, SecurityGroups: ["sg-1"] });
    const [shown] = (await w.call("DescribeLoadBalancers", { LoadBalancerArns: [LoadBalancerArn] })).LoadBalancers;
    expect(shown.AvailabilityZones.map((zone: { ZoneName: string }) => zone.ZoneName)).toEqual([
      "us-east-1b",
      "us-east-1c",
    ]);
    expect(shown.SecurityGroups).toEqual(["sg-1"]);
    await w.call("AddTags", {
      ResourceArns: [LoadBalancerArn],
      Tags: [
        { Key: "env", Value: "x" },
        { Key: "team", Value: "b" },
      ],
    });
    await w.call("RemoveTags", { ResourceArns: [LoadBalancerArn], TagKeys: ["env", "none"] });
    const { TagDescriptions } = await w.call("DescribeTags", { ResourceArns: [LoadBalancerArn] });
    expect(TagDescriptions).toEqual([{ ResourceArn: LoadBalancerArn, Tags: [{ Key: "team", Value: "b" }] }]);
    expect(
      await code(w.call("AddTags", { ResourceArns: [LoadBalancerArn], Tags: [{ Key: "aws:x", Value: "" }] })),
    ).toBe("ValidationError");
  });
});
