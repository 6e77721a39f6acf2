import { setUp } from "./setUp.js";

const run = { InstanceType: "t3.micro", MinCount: 1, MaxCount: 1 };

test("from launch to end: pending, running, shutting-down, terminated", async () => {
  const { ec2, runtime, aTemplate, reached, subnets } = setUp();
  const states: string[] = [];
  ec2.events.on("state", ({ state }) => states.push(state));
  const [subnet] = await subnets();
  const launchTemplateId = await aTemplate({ MetadataOptions: { InstanceMetadataTags: "enabled" } });
  const launched = ec2.launch({
    launchTemplateId,
    version: "1",
    subnetId: subnet?.SubnetId ?? "",
    tags: { "hitless:version": "v1", "aws:autoscaling:groupName": "web" },
  });
  expect(launched).toMatchObject({ state: "pending", availabilityZone: "us-east-1a", endpoint: undefined });
  const running = await reached(launched.instanceId, "running");
  expect(running.endpoint).toEqual({ host: running.privateIpAddress });
  expect(runtime.started).toMatchObject([
    {
      instanceId: launched.instanceId,
      subnetCidr: "172.31.0.0/20",
      vpcCidr: "172.31.0.0/16",
      tags: { "hitless:version": "v1", "aws:ec2launchtemplate:version": "1" },
      metadata: { httpTokens: "required", instanceMetadataTags: true },
    },
  ]);
  await ec2.terminate(launched.instanceId);
  expect(ec2.instance(launched.instanceId)?.state).toBe("terminated");
  expect(states).toEqual(["running", "shutting-down", "terminated"]);
  // 90 AWS seconds at speed 100 are 900 ms: a real process gets two seconds all the same.
  expect(runtime.stopped).toEqual([{ instanceId: launched.instanceId, graceMs: 2000 }]);
});

test("addresses: the first four and the last are kept, freed ones come back last, a full subnet refuses", async () => {
  const { call, refusal, ec2, anImage } = setUp();
  const { Vpc } = await call("CreateVpc", { CidrBlock: "10.0.0.0/24" });
  const { Subnet } = await call("CreateSubnet", { VpcId: Vpc.VpcId, CidrBlock: "10.0.0.0/28" });
  const launch = async (count: number, least = count) =>
    (
      await call("RunInstances", {
        ...run,
        ImageId: await anImage(),
        SubnetId: Subnet.SubnetId,
        MinCount: least,
        MaxCount: count,
      })
    ).Instances.map((instance: any) => [instance.InstanceId, instance.PrivateIpAddress]);
  const [[firstId, firstAddress]] = await launch(1);
  expect(firstAddress).toBe("10.0.0.4");
  await ec2.terminate(firstId);
  expect((await launch(1))[0][1]).toBe("10.0.0.5");
  const rest = await launch(20, 1);
  expect(rest.map(([, address]: string[]) => address).sort()).toEqual(
    ["4", "6", "7", "8", "9", "10", "11", "12", "13", "14"].map((n) => `10.0.0.${n}`).sort(),
  );
  expect(await refusal("RunInstances", { ...run, ImageId: await anImage(), SubnetId: Subnet.SubnetId })).toMatchObject({
    code: "InsufficientFreeAddressesInSubnet",
  });
  expect(await refusal("DeleteSubnet", { SubnetId: Subnet.SubnetId })).toMatchObject({ code: "DependencyViolation" });
  await ec2.close();
});

test("user data that ends with nothing left: the instance runs on, with what happened and the console's end", async () => {
  const { ec2, call, runtime, reached, anImage } = setUp();
  const { Instances } = await call("RunInstances", { ...run, ImageId: await anImage() });
  const id = Instances[0].InstanceId;
  await reached(id, "running");
  runtime.consoles.set(id, `${Array.from({ length: 30 }, (_, i) => `line ${i}`).join("\n")}\nnode: not found\n`);
  runtime.exit(id, { exitCode: 127 });
  await new Promise(setImmediate);
  const view = ec2.instance(id);
  expect(view).toMatchObject({ state: "running" });
  expect(view?.failure).toMatch(/exit code 127[\s\S]*node: not found$/);
  expect(view?.failure).not.toContain("line 5\n");
  expect(await ec2.console(id)).toContain("line 0");
  expect(await ec2.console("i-0")).toBeUndefined();
  const output = await call("GetConsoleOutput", { InstanceId: id });
  expect(Buffer.from(output.Output, "base64").toString()).toContain("node: not found");
});

test("a power failure terminates it, with its status checks gone", async () => {
  const { ec2, call, runtime, reached, anImage } = setUp();
  const { Instances } = await call("RunInstances", { ...run, ImageId: await anImage(), MinCount: 2, MaxCount: 2 });
  const [one, two] = Instances.map((instance: any) => instance.InstanceId);
  await reached(one, "running");
  await reached(two, "running");
  const status = async () =>
    (await call("DescribeInstanceStatus", { InstanceIds: [one, two] })).InstanceStatuses.map((s: any) => [
      s.InstanceId,
      s.InstanceStatus.Status,
    ]);
  expect(await status()).toEqual([
    [one, "ok"],
    [two, "ok"],
  ]);
  expect(await ec2.powerFailure(one)).toBe(true);
  runtime.exit(two, { signal: "SIGKILL" });
  expect(await status()).toEqual([]);
  expect(ec2.instance(one)).toMatchObject({ state: "terminated", failure: expect.stringContaining("Power failure") });
  expect(ec2.instance(two)).toMatchObject({ state: "terminated" });
  expect(await ec2.powerFailure("i-0")).toBe(false);
});

test("a start that fails ends the instance with the reason", async () => {
  const { ec2, call, runtime, reached, anImage } = setUp();
  runtime.startError = new Error("no bridge");
  const { Instances } = await call("RunInstances", { ...run, ImageId: await anImage() });
  const view = await reached(Instances[0].InstanceId, "terminated");
  expect(view.failure).toBe("The instance could not be started: no bridge");
  const described = await call("DescribeInstances", { InstanceIds: [view.instanceId] });
  expect(described.Reservations[0].Instances[0].StateReason.Code).toBe("Server.InternalError");
  expect(ec2.instance(view.instanceId)?.state).toBe("terminated");
});

test("terminating a pending instance waits for its start, then stops it; it is never seen running", async () => {
  const { ec2, call, runtime, anImage } = setUp();
  const states: string[] = [];
  ec2.events.on("state", ({ state }) => states.push(state));
  let open = (): void => {};
  runtime.gate = new Promise((resolve) => {
    open = resolve;
  });
  const { Instances } = await call("RunInstances", { ...run, ImageId: await anImage() });
  const ended = ec2.terminate(Instances[0].InstanceId);
  expect(ec2.instance(Instances[0].InstanceId)?.state).toBe("shutting-down");
  open();
  await ended;
  expect(states).toEqual(["shutting-down", "terminated"]);
  await ec2.terminate(Instances[0].InstanceId);
});

test("TerminateInstances answers at once, twice the same, and honours the protection", async () => {
  const { call, refusal, reached, anImage } = setUp();
  const { Instances } = await call("RunInstances", { ...run, ImageId: await anImage(), DisableApiTermination: true });
  const InstanceIds = [Instances[0].InstanceId];
  await reached(InstanceIds[0], "running");
  expect(await refusal("TerminateInstances", { InstanceIds })).toMatchObject({ code: "OperationNotPermitted" });
  await call("ModifyInstanceAttribute", { InstanceId: InstanceIds[0], DisableApiTermination: { Value: false } });
  const { TerminatingInstances } = await call("TerminateInstances", { InstanceIds });
  expect(TerminatingInstances).toMatchObject([
    { PreviousState: { Name: "running" }, CurrentState: { Name: "shutting-down" } },
  ]);
  await reached(InstanceIds[0], "terminated");
  await call("TerminateInstances", { InstanceIds });
  expect(await refusal("TerminateInstances", { InstanceIds: ["i-0123456789abcdef0"] })).toMatchObject({
    code: "InvalidInstanceID.NotFound",
  });
  expect(await refusal("TerminateInstances", { InstanceIds: ["web-1"] })).toMatchObject({
    code: "InvalidInstanceID.Malformed",
  });
});

test("a launch template gives what the call does not, and the call's own parameters go before", async () => {
  const { call, runtime, reached, aTemplate } = setUp();
  const LaunchTemplateId = await aTemplate({
    UserData: "dGVtcGxhdGU=",
    TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "from", Value: "template" }] }],
  });
  const { Instances } = await call("RunInstances", {
    MinCount: 1,
    MaxCount: 1,
    InstanceType: "t3.small",
    LaunchTemplate: { LaunchTemplateId, Version: "$Latest" },
    TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "own", Value: "1" }] }],
  });
  await reached(Instances[0].InstanceId, "running");
  expect(runtime.started).toMatchObject([{ userData: "dGVtcGxhdGU=", instanceType: "t3.small" }]);
});

test("DescribeInstances: filters, reservations, and one RunInstances per client token", async () => {
  const { call, refusal, reached, anImage } = setUp();
  const input = { ...run, ImageId: await anImage(), MinCount: 2, MaxCount: 2, ClientToken: "t" };
  const first = await call("RunInstances", input);
  expect((await call("RunInstances", input)).ReservationId).toBe(first.ReservationId);
  for (const { InstanceId } of first.Instances) await reached(InstanceId, "running");
  const found = async (Name: string, ...Values: string[]) =>
    (await call("DescribeInstances", { Filters: [{ Name, Values }] })).Reservations.flatMap((r: any) => r.Instances);
  expect(await found("instance-state-name", "running")).toHaveLength(2);
  expect(await found("instance-state-code", "48")).toHaveLength(0);
  expect(await found("private-ip-address", "172.31.0.4")).toHaveLength(1);
  expect(await found("spot-instance-request-id", "*")).toHaveLength(0);
  expect((await found("tenancy", "default"))[0]).toMatchObject({ VirtualizationType: "hvm", Architecture: "x86_64" });
  expect(
    (await call("DescribeNetworkInterfaces", { Filters: [{ Name: "status", Values: ["in-use"] }] })).NetworkInterfaces,
  ).toHaveLength(2);
  expect(await refusal("DescribeInstances", { Filters: [{ Name: "colour", Values: ["*"] }] })).toMatchObject({
    code: "InvalidParameterValue",
  });
  expect(
    await refusal("DescribeInstances", { InstanceIds: [first.Instances[0].InstanceId], MaxResults: 5 }),
  ).toMatchObject({
    code: "InvalidParameterCombination",
  });
});

describe("a launch is refused", () => {
  test.each([
    ["without an image", { ImageId: undefined }, "MissingParameter"],
    ["with a malformed AMI id", { ImageId: "web" }, "InvalidAMIID.Malformed"],
    ["with an AMI id that none can have", { ImageId: "ami-XYZ" }, "InvalidAMIID.NotFound"],
    ["with an instance type of another architecture", { InstanceType: "t4g.micro" }, "InvalidParameterValue"],
    ["with an instance type that none can be", { InstanceType: "huge" }, "InvalidParameterValue"],
    ["in an unknown subnet", { SubnetId: "subnet-0123" }, "InvalidSubnetID.NotFound"],
    ["with an unknown group", { SecurityGroupIds: ["sg-0123"] }, "InvalidGroup.NotFound"],
    ["with too long user data", { UserData: Buffer.alloc(16385).toString("base64") }, "InvalidParameterValue"],
    ["with counts upside down", { MinCount: 2, MaxCount: 1 }, "InvalidParameterValue"],
    ["with an address outside the subnet", { PrivateIpAddress: "10.0.0.1" }, "InvalidParameterValue"],
    ["beyond the machine's limit", { MinCount: 4, MaxCount: 4 }, "InstanceLimitExceeded"],
    ["with a parameter that is not served", { Ipv6AddressCount: 1 }, "UnsupportedOperation"],
  ])("%s", async (_, change, code) => {
    const { ec2, anImage, refusal } = setUp({ maxInstances: 3 });
    expect(await refusal("RunInstances", { ...run, ImageId: await anImage(), ...change })).toMatchObject({ code });
    await ec2.close();
  });

  test("with a group of another VPC", async () => {
    const { call, refusal, anImage } = setUp();
    const { Vpc } = await call("CreateVpc", { CidrBlock: "10.0.0.0/24" });
    const { GroupId } = await call("CreateSecurityGroup", { GroupName: "w", Description: "w", VpcId: Vpc.VpcId });
    expect(
      await refusal("RunInstances", { ...run, ImageId: await anImage(), SecurityGroupIds: [GroupId] }),
    ).toMatchObject({
      code: "InvalidParameter",
    });
  });
});

describe("images", () => {
  test("the newest Amazon Linux is found as programs look for it, and SSM aliases resolve to it", async () => {
    const { call, runtime, reached } = setUp();
    const { Images } = await call("DescribeImages", {
      Owners: ["amazon"],
      Filters: [
        { Name: "name", Values: ["al2023-ami-2023.*"] },
        { Name: "architecture", Values: ["arm64"] },
        { Name: "state", Values: ["available"] },
      ],
    });
    expect(Images).toHaveLength(1);
    const alias = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";
    const { Instances } = await call("RunInstances", { ...run, InstanceType: "t4g.micro", ImageId: alias });
    await reached(Instances[0].InstanceId, "running");
    expect(runtime.started[0]?.imageId).toBe(Images[0].ImageId);
  });

  test("any well-formed id runs, on any architecture; images of the image map are listed", async () => {
    const { call, reached } = setUp({ imageCommands: { "ami-baked": "node server.js" } });
    const { Instances } = await call("RunInstances", {
      ...run,
      InstanceType: "t4g.micro",
      ImageId: "ami-0123456789abcdef0",
    });
    await reached(Instances[0].InstanceId, "running");
    const mapped = await call("RunInstances", { ...run, ImageId: "ami-baked" });
    await reached(mapped.Instances[0].InstanceId, "running");
    const { Images } = await call("DescribeImages", { Owners: ["self"] });
    expect(Images.map((image: any) => image.ImageId)).toEqual(["ami-baked", "ami-0123456789abcdef0"]);
  });

  test("instance types follow from their names", async () => {
    const { call, refusal } = setUp();
    const { InstanceTypes } = await call("DescribeInstanceTypes", {
      InstanceTypes: ["t3.micro", "m7gd.2xlarge", "c5.large"],
    });
    expect(
      InstanceTypes.map((t: any) => [
        t.VCpuInfo.DefaultVCpus,
        t.MemoryInfo.SizeInMiB,
        t.ProcessorInfo.SupportedArchitectures[0],
      ]),
    ).toEqual([
      [2, 1024, "x86_64"],
      [8, 32768, "arm64"],
      [2, 4096, "x86_64"],
    ]);
    expect(await refusal("DescribeInstanceTypes", { InstanceTypes: ["nope"] })).toMatchObject({
      code: "InvalidInstanceType",
    });
  });
});

test("closing kills what lives, and refuses further launches", async () => {
  const { ec2, call, runtime, refusal, reached, anImage } = setUp();
  const ImageId = await anImage();
  const { Instances } = await call("RunInstances", { ...run, ImageId });
  await reached(Instances[0].InstanceId, "running");
  await ec2.close();
  expect(runtime.killed).toEqual([Instances[0].InstanceId]);
  expect(await refusal("RunInstances", { ...run, ImageId })).toMatchObject({ code: "Unavailable" });
});

test("a terminated instance is forgotten after an AWS hour", async () => {
  const { ec2, call, reached, clock, anImage } = setUp();
  const { Instances } = await call("RunInstances", { ...run, ImageId: await anImage() });
  const id = Instances[0].InstanceId;
  await reached(id, "running");
  const after = jest.spyOn(clock, "after").mockImplementation(() => () => {});
  await ec2.terminate(id);
  const [seconds, forget] = after.mock.calls.at(-1) ?? [];
  expect(seconds).toBe(3600);
  forget?.();
  expect(ec2.instance(id)).toBeUndefined();
  expect((await call("DescribeTags", { Filters: [{ Name: "resource-id", Values: [id] }] })).Tags).toEqual([]);
  await ec2.close();
});
