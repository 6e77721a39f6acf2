import type {
  CreateSecurityGroupCommandInput,
  CreateSecurityGroupCommandOutput,
  DeleteSecurityGroupCommandInput,
  DeleteSecurityGroupCommandOutput,
  DescribeSecurityGroupsCommandInput,
  DescribeSecurityGroupsCommandOutput,
  SecurityGroup as GroupShape,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../awsError.js";
import type { Operation, Out } from "../service.js";
import { byIds } from "./byId.js";
import { applyFilters, type FilterTable } from "./filters.js";
import type { Network } from "./network.js";
import { required, serve } from "./operation.js";
import { pageOf } from "./pages.js";
import { permissionsOf, type Rule } from "./securityGroupRules.js";
import type { SecurityGroup, SecurityGroups } from "./securityGroups.js";
import { specifiedTags, type Tags } from "./tags.js";

/** @param userOf names something outside the groups that uses a group: an instance, a load balancer */
export function securityGroupOperations(
  network: Network,
  groups: SecurityGroups,
  tags: Tags,
  userOf: (groupId: string) => string | undefined,
): Record<string, Operation> {
  const { accountId, region } = network;
  const arnOf = (groupId: string): string => `arn:aws:ec2:${region}:${accountId}:security-group/${groupId}`;
  const shape = (group: SecurityGroup): GroupShape => ({
    GroupId: group.groupId,
    GroupName: group.name,
    Description: group.description,
    VpcId: group.vpcId,
    OwnerId: accountId,
    SecurityGroupArn: arnOf(group.groupId),
    IpPermissions: permissionsOf(groups.rulesOf(group.groupId, false), accountId),
    IpPermissionsEgress: permissionsOf(groups.rulesOf(group.groupId, true), accountId),
    Tags: tags.list(group.groupId),
  });
  /** By id, or by name in the default VPC (botocore model, DeleteSecurityGroup). */
  const named = (input: { GroupId?: string; GroupName?: string }): SecurityGroup => {
    if (input.GroupId) return groups.get(input.GroupId);
    return groups.byName(required(input.GroupName, "groupId"), network.defaultVpc().vpcId);
  };
  return {
    CreateSecurityGroup: serve<CreateSecurityGroupCommandInput, Out<CreateSecurityGroupCommandOutput>>(
      "CreateSecurityGroup",
      ["GroupName", "Description", "VpcId", "TagSpecifications"],
      (input) => {
        const given = specifiedTags(input.TagSpecifications, "security-group");
        const group = groups.create(
          required(input.GroupName, "groupName"),
          required(input.Description, "groupDescription"),
          input.VpcId ?? network.defaultVpc().vpcId,
        );
        tags.put(group.groupId, given);
        return { GroupId: group.groupId, SecurityGroupArn: arnOf(group.groupId), Tags: tags.list(group.groupId) };
      },
    ),
    DeleteSecurityGroup: serve<DeleteSecurityGroupCommandInput, Out<DeleteSecurityGroupCommandOutput>>(
      "DeleteSecurityGroup",
      ["GroupId", "GroupName"],
      (input) => {
        const { groupId, name } = named(input);
        if (name === "default") {
          throw new AwsError(
            "CannotDelete",
            `the specified group: "${groupId}" name: "${name}" cannot be deleted by a user`,
          );
        }
        const user = groups.referencedBy(groupId) ?? userOf(groupId);
        if (user) throw new AwsError("DependencyViolation", `resource ${groupId} has a dependent object (${user})`);
        groups.remove(groupId);
        return { Return: true, GroupId: groupId };
      },
    ),
    DescribeSecurityGroups: serve<DescribeSecurityGroupsCommandInput, Out<DescribeSecurityGroupsCommandOutput>>(
      "DescribeSecurityGroups",
      ["GroupIds", "GroupNames", "Filters", "MaxResults", "NextToken"],
      (input) => {
        const chosen = byIds(input.GroupIds, groups.list(), ({ groupId }) => groupId, {
          code: "InvalidGroup.NotFound",
          message: (id) => `The security group '${id}' does not exist`,
        });
        const ofNames = input.GroupNames?.map((name) => groups.byName(name, network.defaultVpc().vpcId).groupId);
        const both = ofNames?.length ? chosen.filter(({ groupId }) => ofNames.includes(groupId)) : chosen;
        const filtered = applyFilters(both, input.Filters, groupFilters(groups, accountId), ({ groupId }) =>
          tags.of(groupId),
        );
        const page = pageOf(filtered, input);
        return { SecurityGroups: page.items.map(shape), NextToken: page.nextToken };
      },
    ),
  };
}

function groupFilters(groups: SecurityGroups, accountId: string): FilterTable<SecurityGroup> {
  return {
    description: (group) => group.description,
    "group-id": (group) => group.groupId,
    "group-name": (group) => group.name,
    "owner-id": () => accountId,
    "vpc-id": (group) => group.vpcId,
    ...permissionFilters("ip-permission", false, groups, accountId),
    ...permissionFilters("egress.ip-permission", true, groups, accountId),
  };
}

function permissionFilters(
  prefix: string,
  isEgress: boolean,
  groups: SecurityGroups,
  accountId: string,
): FilterTable<SecurityGroup> {
  const ofRules =
    (read: (rule: Rule) => string | number | undefined) =>
    (group: SecurityGroup): (string | number | undefined)[] =>
      groups.rulesOf(group.groupId, isEgress).map(read);
  return {
    [`${prefix}.cidr`]: ofRules((rule) => rule.cidrIpv4),
    [`${prefix}.ipv6-cidr`]: ofRules((rule) => rule.cidrIpv6),
    [`${prefix}.prefix-list-id`]: ofRules((rule) => rule.prefixListId),
    [`${prefix}.protocol`]: ofRules((rule) => rule.protocol),
    [`${prefix}.from-port`]: ofRules((rule) => rule.fromPort),
    [`${prefix}.to-port`]: ofRules((rule) => rule.toPort),
    [`${prefix}.group-id`]: ofRules((rule) => rule.peerGroupId),
    [`${prefix}.group-name`]: ofRules((rule) => rule.peerGroupId && groups.get(rule.peerGroupId).name),
    [`${prefix}.user-id`]: ofRules((rule) => rule.peerGroupId && accountId),
  };
}
