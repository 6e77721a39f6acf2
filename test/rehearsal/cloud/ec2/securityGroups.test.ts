import { setUp } from "./setUp.js";

const http = { IpProtocol: "tcp", FromPort: 80, ToPort: 80 };
const world = { ...http, IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "everyone" }] };

async function withGroup() {
  const cloud = setUp();
  const { GroupId } = await cloud.call("CreateSecurityGroup", { GroupName: "web", Description: "web servers" });
  const describe = async () => (await cloud.call("DescribeSecurityGroups", { GroupIds: [GroupId] })).SecurityGroups[0];
  const rules = async (isEgress = false) =>
    (
      await cloud.call("DescribeSecurityGroupRules", { Filters: [{ Name: "group-id", Values: [GroupId] }] })
    ).SecurityGroupRules.filter((rule: any) => rule.IsEgress === isEgress);
  return { ...cloud, GroupId, describe, rules };
}

test("a new group lets nothing in and everything out", async () => {
  const { describe } = await withGroup();
  expect(await describe()).toMatchObject({
    GroupName: "web",
    IpPermissions: [],
    IpPermissionsEgress: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
  });
});

test.each([
  ["the same name twice", { GroupName: "web", Description: "again" }, "InvalidGroup.Duplicate"],
  ["the reserved name", { GroupName: "default", Description: "d" }, "InvalidParameterValue"],
  ["a name like an id", { GroupName: "sg-web", Description: "d" }, "InvalidParameterValue"],
  ["a strange character", { GroupName: "wéb", Description: "d" }, "InvalidParameterValue"],
  ["no description", { GroupName: "x" }, "MissingParameter"],
  ["an unknown VPC", { GroupName: "x", Description: "d", VpcId: "vpc-0123456789abcdef0" }, "InvalidVpcID.NotFound"],
])("refuses %s", async (_, input, code) => {
  const { refusal } = await withGroup();
  expect(await refusal("CreateSecurityGroup", input)).toMatchObject({ code });
});

test("rules are gathered by protocol and ports, and keep ids, descriptions and tags", async () => {
  const { call, GroupId, describe, rules } = await withGroup();
  const { SecurityGroupRules } = await call("AuthorizeSecurityGroupIngress", {
    GroupId,
    IpPermissions: [
      { ...world, Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
      { IpProtocol: "6", FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId }] },
    ],
    TagSpecifications: [{ ResourceType: "security-group-rule", Tags: [{ Key: "n", Value: "1" }] }],
  });
  expect(SecurityGroupRules).toHaveLength(3);
  expect((await describe()).IpPermissions).toEqual([
    {
      ...http,
      IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "everyone" }],
      Ipv6Ranges: [{ CidrIpv6: "::/0", Description: undefined }],
      PrefixListIds: [],
      UserIdGroupPairs: [{ GroupId, UserId: "123456789012", Description: undefined }],
    },
  ]);
  expect((await rules())[0]).toMatchObject({
    CidrIpv4: "0.0.0.0/0",
    Description: "everyone",
    Tags: [{ Key: "n", Value: "1" }],
  });
});

test("a rule that is there is refused, and nothing of the call is taken", async () => {
  const { call, refusal, GroupId, describe } = await withGroup();
  await call("AuthorizeSecurityGroupIngress", { GroupId, IpPermissions: [world] });
  const refused = await refusal("AuthorizeSecurityGroupIngress", {
    GroupId,
    IpPermissions: [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }, world],
  });
  expect(refused).toMatchObject({
    code: "InvalidPermission.Duplicate",
    message: 'the specified rule "peer: 0.0.0.0/0, TCP, from port: 80, to port: 80, ALLOW" already exists',
  });
  expect((await describe()).IpPermissions).toHaveLength(1);
});

test("the flat form and the legacy source group name", async () => {
  const { call, GroupId, rules } = await withGroup();
  await call("AuthorizeSecurityGroupIngress", {
    GroupName: "web",
    IpProtocol: "udp",
    FromPort: 53,
    ToPort: 54,
    CidrIp: "10.0.0.1/8",
  });
  await call("AuthorizeSecurityGroupIngress", { GroupId, SourceSecurityGroupName: "web" });
  expect(await rules()).toMatchObject([
    { IpProtocol: "udp", FromPort: 53, ToPort: 54, CidrIpv4: "10.0.0.0/8" },
    { IpProtocol: "-1", FromPort: -1, ToPort: -1, ReferencedGroupInfo: { GroupId } },
  ]);
});

test.each([
  ["no ports", { IpProtocol: "tcp", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
  ["ports upside down", { IpProtocol: "tcp", FromPort: 90, ToPort: 80, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
  ["an unknown protocol", { ...http, IpProtocol: "http", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
  ["a malformed block", { ...http, IpRanges: [{ CidrIp: "10.0.0.0/33" }] }],
  ["a malformed IPv6 block", { ...http, Ipv6Ranges: [{ CidrIpv6: "10.0.0.0/8" }] }],
  ["no peer", http],
  ["a strange description", { ...http, IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "é" }] }],
])("refuses %s", async (_, permission) => {
  const { refusal, GroupId } = await withGroup();
  expect(await refusal("AuthorizeSecurityGroupIngress", { GroupId, IpPermissions: [permission] })).toMatchObject({
    code: "InvalidParameterValue",
  });
});

test("a peer group must exist; 60 rules are the most", async () => {
  const { call, refusal, GroupId } = await withGroup();
  const peer = { ...http, UserIdGroupPairs: [{ GroupId: "sg-0123456789abcdef0" }] };
  expect(await refusal("AuthorizeSecurityGroupIngress", { GroupId, IpPermissions: [peer] })).toMatchObject({
    code: "InvalidGroup.NotFound",
  });
  const ranges = Array.from({ length: 60 }, (_, i) => ({ CidrIp: `10.0.${i}.0/24` }));
  await call("AuthorizeSecurityGroupIngress", { GroupId, IpPermissions: [{ ...http, IpRanges: ranges }] });
  expect(await refusal("AuthorizeSecurityGroupIngress", { GroupId, IpPermissions: [world] })).toMatchObject({
    code: "RulesPerSecurityGroupLimitExceeded",
  });
});

describe("revoking", () => {
  test("in the default VPC an unknown rule is reported, not refused", async () => {
    const { call, GroupId, rules } = await withGroup();
    const answer = await call("RevokeSecurityGroupEgress", {
      GroupId,
      IpPermissions: [
        { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
        { IpProtocol: "-1", Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
      ],
    });
    expect(answer.UnknownIpPermissions).toMatchObject([{ IpProtocol: "-1", Ipv6Ranges: [{ CidrIpv6: "::/0" }] }]);
    expect(answer.RevokedSecurityGroupRules).toHaveLength(1);
    expect(await rules(true)).toEqual([]);
  });

  test("in another VPC it is InvalidPermission.NotFound, and nothing is revoked", async () => {
    const { call, refusal } = setUp();
    const { Vpc } = await call("CreateVpc", { CidrBlock: "10.0.0.0/16" });
    const { GroupId } = await call("CreateSecurityGroup", { GroupName: "w", Description: "w", VpcId: Vpc.VpcId });
    const permissions = [
      { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
      { IpProtocol: "-1", Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
    ];
    expect(await refusal("RevokeSecurityGroupEgress", { GroupId, IpPermissions: permissions })).toMatchObject({
      code: "InvalidPermission.NotFound",
    });
    const { SecurityGroups } = await call("DescribeSecurityGroups", { GroupIds: [GroupId] });
    expect(SecurityGroups[0].IpPermissionsEgress).toHaveLength(1);
  });

  test("by rule id; an unknown id, and an id of the other direction, are refused", async () => {
    const { call, refusal, GroupId, rules } = await withGroup();
    const [egress] = await rules(true);
    expect(
      await refusal("RevokeSecurityGroupIngress", { GroupId, SecurityGroupRuleIds: [egress.SecurityGroupRuleId] }),
    ).toMatchObject({ code: "InvalidParameterValue" });
    expect(
      await refusal("RevokeSecurityGroupEgress", { GroupId, SecurityGroupRuleIds: ["sgr-00000000"] }),
    ).toMatchObject({
      code: "InvalidSecurityGroupRuleId.NotFound",
    });
    await call("RevokeSecurityGroupEgress", { GroupId, SecurityGroupRuleIds: [egress.SecurityGroupRuleId] });
    expect(await rules(true)).toEqual([]);
  });
});

test("rules are changed in place, and their descriptions too", async () => {
  const { call, refusal, GroupId, rules } = await withGroup();
  await call("AuthorizeSecurityGroupIngress", { GroupId, IpPermissions: [world] });
  const [rule] = await rules();
  const change = (SecurityGroupRule: object) => ({
    GroupId,
    SecurityGroupRules: [{ SecurityGroupRuleId: rule.SecurityGroupRuleId, SecurityGroupRule }],
  });
  await call("ModifySecurityGroupRules", change({ ...http, ToPort: 81, CidrIpv4: "10.0.0.0/8" }));
  expect(await rules()).toMatchObject([
    { SecurityGroupRuleId: rule.SecurityGroupRuleId, ToPort: 81, CidrIpv4: "10.0.0.0/8" },
  ]);
  expect(await refusal("ModifySecurityGroupRules", change({ ...http }))).toMatchObject({
    code: "InvalidParameterValue",
  });
  await call("UpdateSecurityGroupRuleDescriptionsIngress", {
    GroupId,
    IpPermissions: [{ ...http, ToPort: 81, IpRanges: [{ CidrIp: "10.0.0.0/8", Description: "inside" }] }],
  });
  expect((await rules())[0]).toMatchObject({ Description: "inside" });
});

describe("deleting", () => {
  test("a group that a rule of another names, or an instance or a balancer uses, stays", async () => {
    const { call, refusal, ec2, GroupId, anImage } = await withGroup();
    const other = await call("CreateSecurityGroup", { GroupName: "db", Description: "db" });
    const permission = { ...http, UserIdGroupPairs: [{ GroupId }] };
    await call("AuthorizeSecurityGroupIngress", { GroupId: other.GroupId, IpPermissions: [permission] });
    expect(await refusal("DeleteSecurityGroup", { GroupId })).toMatchObject({ code: "DependencyViolation" });
    await call("RevokeSecurityGroupIngress", { GroupId: other.GroupId, IpPermissions: [permission] });
    ec2.addGroupUser((id) => (id === other.GroupId ? "eni-of-a-balancer" : undefined));
    expect(await refusal("DeleteSecurityGroup", { GroupId: other.GroupId })).toMatchObject({
      code: "DependencyViolation",
      message: expect.stringContaining("eni-of-a-balancer"),
    });
    await call("RunInstances", {
      ImageId: await anImage(),
      InstanceType: "t3.micro",
      MinCount: 1,
      MaxCount: 1,
      SecurityGroupIds: [GroupId],
    });
    expect(await refusal("DeleteSecurityGroup", { GroupId })).toMatchObject({ code: "DependencyViolation" });
    await ec2.close();
  });

  test("the default group stays; another goes", async () => {
    const { call, refusal, GroupId } = await withGroup();
    expect(await refusal("DeleteSecurityGroup", { GroupName: "default" })).toMatchObject({ code: "CannotDelete" });
    await call("DeleteSecurityGroup", { GroupId });
    expect(await refusal("DeleteSecurityGroup", { GroupId })).toMatchObject({ code: "InvalidGroup.NotFound" });
  });
});

test("groups are found by what their rules say", async () => {
  const { call, GroupId } = await withGroup();
  await call("AuthorizeSecurityGroupIngress", { GroupId, IpPermissions: [world] });
  const { SecurityGroups } = await call("DescribeSecurityGroups", {
    Filters: [
      { Name: "ip-permission.from-port", Values: ["80"] },
      { Name: "egress.ip-permission.cidr", Values: ["0.0.0.0/0"] },
    ],
  });
  expect(SecurityGroups.map((group: any) => group.GroupId)).toEqual([GroupId]);
});
