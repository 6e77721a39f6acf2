import { setUp } from "./setUp.js";

test("there is a default VPC with three default subnets, a default group and a main route table", async () => {
  const { call } = setUp();
  const { Vpcs } = await call("DescribeVpcs", { Filters: [{ Name: "is-default", Values: ["true"] }] });
  expect(Vpcs).toMatchObject([{ CidrBlock: "172.31.0.0/16", IsDefault: true, State: "available" }]);
  const vpcFilter = [{ Name: "vpc-id", Values: [Vpcs[0].VpcId] }];
  const { Subnets } = await call("DescribeSubnets", { Filters: vpcFilter });
  expect(
    Subnets.map((s: any) => [s.AvailabilityZone, s.AvailabilityZoneId, s.CidrBlock, s.AvailableIpAddressCount]),
  ).toEqual([
    ["us-east-1a", "use1-az1", "172.31.0.0/20", 4091],
    ["us-east-1b", "use1-az2", "172.31.16.0/20", 4091],
    ["us-east-1c", "use1-az3", "172.31.32.0/20", 4091],
  ]);
  const { SecurityGroups } = await call("DescribeSecurityGroups", { Filters: vpcFilter });
  expect(SecurityGroups).toMatchObject([{ GroupName: "default", IpPermissionsEgress: [{ IpProtocol: "-1" }] }]);
  const { RouteTables } = await call("DescribeRouteTables", {
    Filters: [...vpcFilter, { Name: "association.main", Values: ["true"] }],
  });
  expect(RouteTables).toHaveLength(1);
  expect(await call("DescribeVpcAttribute", { VpcId: Vpcs[0].VpcId, Attribute: "enableDnsHostnames" })).toMatchObject({
    EnableDnsHostnames: { Value: true },
  });
});

test("the default VPC keeps its ids over a restart", async () => {
  const ids = async () => (await setUp().call("DescribeSubnets")).Subnets.map((s: any) => s.SubnetId);
  expect(await ids()).toEqual(await ids());
});

test("a VPC of one's own: subnets, conflicts, dependencies, deletion", async () => {
  const { call, refusal } = setUp();
  const { Vpc } = await call("CreateVpc", {
    CidrBlock: "10.1.2.3/16",
    TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "Name", Value: "mine" }] }],
  });
  expect(Vpc).toMatchObject({ CidrBlock: "10.1.0.0/16", IsDefault: false, Tags: [{ Key: "Name", Value: "mine" }] });
  await call("ModifyVpcAttribute", { VpcId: Vpc.VpcId, EnableDnsHostnames: { Value: true } });
  expect(await call("DescribeVpcAttribute", { VpcId: Vpc.VpcId, Attribute: "enableDnsHostnames" })).toMatchObject({
    EnableDnsHostnames: { Value: true },
  });
  const subnet = { VpcId: Vpc.VpcId, CidrBlock: "10.1.0.0/24", AvailabilityZone: "us-east-1b" };
  const { Subnet } = await call("CreateSubnet", subnet);
  expect(Subnet).toMatchObject({ AvailabilityZone: "us-east-1b", AvailableIpAddressCount: 251 });
  expect(await refusal("CreateSubnet", { ...subnet, CidrBlock: "10.1.0.128/25" })).toMatchObject({
    code: "InvalidSubnet.Conflict",
  });
  expect(await refusal("CreateSubnet", { ...subnet, CidrBlock: "10.2.0.0/24" })).toMatchObject({
    code: "InvalidSubnet.Range",
  });
  expect(await refusal("CreateSubnet", { ...subnet, VpcId: "vpc-0123456789" })).toMatchObject({
    code: "InvalidVpcID.NotFound",
  });
  expect(
    await refusal("CreateSubnet", { ...subnet, CidrBlock: "10.1.1.0/24", AvailabilityZone: "eu-west-1a" }),
  ).toMatchObject({
    code: "InvalidParameterValue",
  });
  expect(await refusal("DeleteVpc", { VpcId: Vpc.VpcId })).toMatchObject({ code: "DependencyViolation" });
  await call("DeleteSubnet", { SubnetId: Subnet.SubnetId });
  await call("DeleteVpc", { VpcId: Vpc.VpcId });
  expect(await refusal("DescribeVpcs", { VpcIds: [Vpc.VpcId] })).toMatchObject({ code: "InvalidVpcID.NotFound" });
  expect(await refusal("DeleteSubnet", { SubnetId: Subnet.SubnetId })).toMatchObject({
    code: "InvalidSubnetID.NotFound",
  });
});

describe("filters", () => {
  test.each([
    ["wildcards", "cidr-block", ["172.31.*.0/20"], 3],
    ["one character", "availability-zone", ["us-east-1?"], 3],
    ["an escaped wildcard", "availability-zone", ["us-east-1\\?"], 0],
    ["any of several values", "availability-zone", ["us-east-1a", "us-east-1b"], 2],
    ["case counts", "availability-zone", ["US-EAST-1A"], 0],
    ["a dot is a dot", "cidr-block", ["172x31x0x0/20"], 0],
  ])("%s", async (_, Name, Values, count) => {
    const { call } = setUp();
    expect((await call("DescribeSubnets", { Filters: [{ Name, Values }] })).Subnets).toHaveLength(count);
  });

  test("an unknown name is refused by name", async () => {
    const { refusal } = setUp();
    expect(await refusal("DescribeSubnets", { Filters: [{ Name: "colour", Values: ["blue"] }] })).toMatchObject({
      code: "InvalidParameterValue",
      message: "The filter 'colour' is invalid",
    });
    expect(await refusal("DescribeVpcs", { Filters: [{ Name: "toString", Values: ["x"] }] })).toMatchObject({
      code: "InvalidParameterValue",
    });
  });

  test("by tag and by tag key", async () => {
    const { call, subnets } = setUp();
    const [first] = await subnets();
    await call("CreateTags", { Resources: [first?.SubnetId], Tags: [{ Key: "tier", Value: "web front" }] });
    const found = async (Name: string, ...Values: string[]) =>
      (await call("DescribeSubnets", { Filters: [{ Name, Values }] })).Subnets.map((s: any) => s.SubnetId);
    expect(await found("tag:tier", "web*")).toEqual([first?.SubnetId]);
    expect(await found("tag-key", "tier")).toEqual([first?.SubnetId]);
    expect(await found("tag:tier", "db")).toEqual([]);
  });
});

test("pages: every item once, a wrong token refused", async () => {
  const { call, refusal } = setUp();
  for (let i = 0; i < 9; i++) await call("CreateVpc", { CidrBlock: `10.${i}.0.0/16` });
  const first = await call("DescribeVpcs", { MaxResults: 6 });
  const second = await call("DescribeVpcs", { MaxResults: 6, NextToken: first.NextToken });
  expect(second.NextToken).toBeUndefined();
  const ids = [...first.Vpcs, ...second.Vpcs].map((vpc: any) => vpc.VpcId);
  expect([ids.length, new Set(ids).size]).toEqual([10, 10]);
  expect(await refusal("DescribeVpcs", { NextToken: "nonsense" })).toMatchObject({ code: "InvalidPaginationToken" });
  expect(await refusal("DescribeVpcs", { MaxResults: 1 })).toMatchObject({ code: "InvalidParameterValue" });
});

test("a parameter that is not served is refused by name; false and empty say nothing; DryRun changes nothing", async () => {
  const { call, refusal } = setUp();
  expect(await refusal("CreateVpc", { CidrBlock: "10.0.0.0/16", Ipv6Pool: "pool" })).toMatchObject({
    code: "UnsupportedOperation",
    message: expect.stringContaining("Ipv6Pool"),
  });
  expect(await refusal("CreateVpc", { CidrBlock: "10.0.0.0/16", DryRun: true })).toMatchObject({
    code: "DryRunOperation",
  });
  expect((await call("DescribeVpcs", { IncludeManagedResources: false })).Vpcs).toHaveLength(1);
});

test("zones, regions and account attributes", async () => {
  const { call, refusal } = setUp();
  const { AvailabilityZones } = await call("DescribeAvailabilityZones", {
    Filters: [{ Name: "state", Values: ["available"] }],
  });
  expect(AvailabilityZones.map((z: any) => z.ZoneName)).toEqual(["us-east-1a", "us-east-1b", "us-east-1c"]);
  const { Regions } = await call("DescribeRegions", { RegionNames: ["us-east-1"] });
  expect(Regions).toMatchObject([{ RegionName: "us-east-1", Endpoint: "ec2.us-east-1.amazonaws.com" }]);
  expect(await refusal("DescribeRegions", { RegionNames: ["mars-1"] })).toMatchObject({
    code: "InvalidParameterValue",
  });
  expect(
    (await call("DescribeAccountAttributes", { AttributeNames: ["supported-platforms"] })).AccountAttributes,
  ).toEqual([{ AttributeName: "supported-platforms", AttributeValues: [{ AttributeValue: "VPC" }] }]);
});

test("tags: limits, reserved keys, deletion by key and value, listing", async () => {
  const { call, refusal, subnets } = setUp();
  const id = (await subnets())[0]?.SubnetId;
  await call("CreateTags", {
    Resources: [id],
    Tags: [
      { Key: "a", Value: "1" },
      { Key: "b", Value: "2" },
    ],
  });
  await call("DeleteTags", { Resources: [id], Tags: [{ Key: "a", Value: "other" }, { Key: "b" }] });
  expect((await call("DescribeTags", { Filters: [{ Name: "resource-id", Values: [id] }] })).Tags).toEqual([
    { ResourceId: id, ResourceType: "subnet", Key: "a", Value: "1" },
  ]);
  expect(await refusal("CreateTags", { Resources: [id], Tags: [{ Key: "aws:x", Value: "1" }] })).toMatchObject({
    code: "InvalidParameterValue",
  });
  expect(await refusal("CreateTags", { Resources: ["vpc-0000"], Tags: [{ Key: "x", Value: "1" }] })).toMatchObject({
    code: "InvalidID",
  });
  const many = Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: "" }));
  expect(await refusal("CreateTags", { Resources: [id], Tags: many })).toMatchObject({ code: "TagLimitExceeded" });
});
