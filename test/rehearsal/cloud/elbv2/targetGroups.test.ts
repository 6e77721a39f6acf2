import { code, to, world } from "./fakes.js";

type World = ReturnType<typeof world>;
let w: World;
beforeEach(() => {
  w = world();
});
afterEach(() => w.elb.close());

describe("target groups", () => {
  test("AWS's defaults are filled in [A-31, A-32, A-33, A-34]", async () => {
    const TargetGroupArn = await w.targetGroup();
    const { TargetGroups } = await w.call("DescribeTargetGroups", { Names: ["blue"] });
    expect(TargetGroups).toEqual([
      {
        TargetGroupArn,
        TargetGroupName: "blue",
        Protocol: "HTTP",
        Port: 8080,
        VpcId: "vpc-1",
        HealthCheckProtocol: "HTTP",
        HealthCheckPort: "traffic-port",
        HealthCheckEnabled: true,
        HealthCheckIntervalSeconds: 30,
        HealthCheckTimeoutSeconds: 5,
        HealthyThresholdCount: 5,
        UnhealthyThresholdCount: 2,
        HealthCheckPath: "/",
        Matcher: { HttpCode: "200" },
        LoadBalancerArns: [],
        TargetType: "instance",
        ProtocolVersion: "HTTP1",
        IpAddressType: "ipv4",
      },
    ]);
  });

  test.each([
    ["an interval of 4 s", { HealthCheckIntervalSeconds: 4 }, "ValidationError"],
    ["an interval of 301 s", { HealthCheckIntervalSeconds: 301 }, "ValidationError"],
    [
      "a timeout as long as the interval",
      { HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 5 },
      "ValidationError",
    ],
    ["a threshold of 1", { HealthyThresholdCount: 1 }, "ValidationError"],
    ["a threshold of 11", { UnhealthyThresholdCount: 11 }, "ValidationError"],
    ["a path without a slash", { HealthCheckPath: "health" }, "ValidationError"],
    ["a matcher of 500", { Matcher: { HttpCode: "500" } }, "ValidationError"],
    ["a matcher that runs backwards", { Matcher: { HttpCode: "299-200" } }, "ValidationError"],
    ["port 0", { Port: 0 }, "ValidationError"],
    ["no VPC", { VpcId: undefined }, "ValidationError"],
    ["no protocol", { Protocol: undefined }, "ValidationError"],
    ["a Lambda group", { TargetType: "lambda" }, "InvalidConfigurationRequest"],
    ["gRPC", { ProtocolVersion: "GRPC" }, "InvalidConfigurationRequest"],
    ["checks switched off", { HealthCheckEnabled: false }, "ValidationError"],
    ["a tag given twice", { Tags: [{ Key: "a" }, { Key: "a" }] }, "DuplicateTagKeys"],
  ])("%s is refused [A-31, A-33, A-34]", async (_title, more, expected) => {
    expect(await code(w.targetGroup("blue", more))).toBe(expected);
  });

  test.each([{ HttpCode: "200" }, { HttpCode: "200,202" }, { HttpCode: "200-299" }, { HttpCode: "200-299,404" }])(
    "the matcher %j is taken",
    async (Matcher) => {
      expect(await code(w.targetGroup("blue", { Matcher }))).toBe("accepted");
    },
  );

  test("the same again is the same one, other settings are refused [A-21]", async () => {
    const first = await w.targetGroup();
    expect(await w.targetGroup()).toBe(first);
    expect(await code(w.targetGroup("blue", { Port: 81 }))).toBe("DuplicateTargetGroupName");
  });

  test("it cannot be deleted while a rule names it, at weight 0 neither [A-16, A-68]", async () => {
    const [blue, green] = [await w.targetGroup("blue"), await w.targetGroup("green")];
    const action = {
      Type: "forward",
      ForwardConfig: {
        TargetGroups: [
          { TargetGroupArn: blue, Weight: 1 },
          { TargetGroupArn: green, Weight: 0 },
        ],
      },
    };
    const ListenerArn = await w.listener(await w.loadBalancer(), [action]);
    expect(await code(w.call("DeleteTargetGroup", { TargetGroupArn: green }))).toBe("ResourceInUse");
    await w.call("ModifyListener", { ListenerArn, DefaultActions: [to(blue)] });
    expect(await code(w.call("DeleteTargetGroup", { TargetGroupArn: green }))).toBe("accepted");
    expect(await code(w.call("DescribeTargetGroups", { TargetGroupArns: [green] }))).toBe("TargetGroupNotFound");
  });

  test("it belongs to one load balancer at most, and shows which [A-06]", async () => {
    const group = await w.targetGroup();
    const one = await w.loadBalancer("one");
    await w.listener(one, [to(group)]);
    const two = await w.loadBalancer("two");
    expect(await code(w.listener(two, [to(group)]))).toBe("TargetGroupAssociationLimit");
    const { TargetGroups } = await w.call("DescribeTargetGroups", { LoadBalancerArn: one });
    expect(TargetGroups).toMatchObject([{ TargetGroupArn: group, LoadBalancerArns: [one] }]);
  });

  test.each([
    ["deregistration_delay.timeout_seconds", "3601"],
    ["slow_start.duration_seconds", "29"],
    ["stickiness.lb_cookie.duration_seconds", "0"],
    ["load_balancing.algorithm.type", "random"],
    ["load_balancing.algorithm.anomaly_mitigation", "on"],
  ])("the attribute %s refuses %s [A-47, A-51, A-53, A-55]", async (Key, Value) => {
    const TargetGroupArn = await w.targetGroup();
    const change = w.call("ModifyTargetGroupAttributes", { TargetGroupArn, Attributes: [{ Key, Value }] });
    expect(await code(change)).toBe("InvalidConfigurationRequest");
  });

  test("a changed health check reaches the data plane", async () => {
    const TargetGroupArn = await w.targetGroup();
    await w.listener(await w.loadBalancer(), [to(TargetGroupArn)]);
    await w.call("ModifyTargetGroup", { TargetGroupArn, HealthCheckPath: "/health", HealthCheckPort: "9000" });
    expect(w.dataPlane.last.targetGroups).toMatchObject([
      { healthCheck: { path: "/health", port: 9000, intervalSeconds: 30 } },
    ]);
  });

  test("pages follow one another to the end", async () => {
    for (const name of ["a", "b", "c", "d", "e"]) await w.targetGroup(name);
    const names: string[] = [];
    let Marker: string | undefined;
    do {
      const answer = await w.call("DescribeTargetGroups", { PageSize: 2, Marker });
      expect(answer.TargetGroups.length).toBeLessThanOrEqual(2);
      names.push(...answer.TargetGroups.map((group: { TargetGroupName: string }) => group.TargetGroupName));
      Marker = answer.NextMarker;
    } while (Marker);
    expect(names).toEqual(["a", "b", "c", "d", "e"]);
    expect(await code(w.call("DescribeTargetGroups", { Marker: "x" }))).toBe("ValidationError");
    expect(await code(w.call("DescribeTargetGroups", { PageSize: 401 }))).toBe("ValidationError");
  });
});
