import type {
  AuthorizeSecurityGroupEgressCommandInput,
  AuthorizeSecurityGroupIngressCommandInput,
  AuthorizeSecurityGroupIngressCommandOutput,
  DescribeSecurityGroupRulesCommandInput,
  DescribeSecurityGroupRulesCommandOutput,
  IpPermission,
  ModifySecurityGroupRulesCommandInput,
  RevokeSecurityGroupEgressCommandInput,
  RevokeSecurityGroupIngressCommandInput,
  RevokeSecurityGroupIngressCommandOutput,
  SecurityGroupRule as RuleShape,
  SecurityGroupRuleRequest,
  UpdateSecurityGroupRuleDescriptionsIngressCommandInput,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../awsError.js";
import type { Operation, Out } from "../service.js";
import { byIds } from "./byId.js";
import { applyFilters, type FilterTable } from "./filters.js";
import type { Network } from "./network.js";
import { invalidParameter, required, serve } from "./operation.js";
import { pageOf } from "./pages.js";
import {
  checkDescription,
  ipv4Block,
  ipv6Block,
  permissionsOf,
  protocolAndPorts,
  type Rule,
  type RuleSpec,
  ruleShape,
  sameTraffic,
  specsOf,
} from "./securityGroupRules.js";
import type { SecurityGroup, SecurityGroups } from "./securityGroups.js";
import { specifiedTags, type Tags } from "./tags.js";

/** The members in which Authorize and Revoke take one rule without `IpPermissions`. */
type FlatRule = Pick<
  AuthorizeSecurityGroupIngressCommandInput,
  | "GroupId"
  | "GroupName"
  | "IpPermissions"
  | "IpProtocol"
  | "FromPort"
  | "ToPort"
  | "CidrIp"
  | "SourceSecurityGroupName"
>;

const flatMembers = [
  "GroupId",
  "IpPermissions",
  "IpProtocol",
  "FromPort",
  "ToPort",
  "CidrIp",
  "SourceSecurityGroupName",
] as const;

const ruleFilters: FilterTable<Rule> = {
  "group-id": (rule) => rule.ownerGroupId,
  "security-group-rule-id": (rule) => rule.ruleId,
};

/** Rules of security groups: adding, revoking, changing and reading them. */
export function securityGroupRuleOperations(
  network: Network,
  groups: SecurityGroups,
  tags: Tags,
): Record<string, Operation> {
  const { accountId, region } = network;
  const shape = (rule: Rule): RuleShape => ({
    ...ruleShape(rule, accountId),
    SecurityGroupRuleArn: `arn:aws:ec2:${region}:${accountId}:security-group-rule/${rule.ruleId}`,
    Tags: tags.list(rule.ruleId),
  });
  const groupOf = (input: { GroupId?: string; GroupName?: string }): SecurityGroup =>
    input.GroupId
      ? groups.get(input.GroupId)
      : groups.byName(required(input.GroupName, "groupId"), network.defaultVpc().vpcId);
  const specsIn = (input: FlatRule, group: SecurityGroup): RuleSpec[] => {
    const byName = (name: string): string => groups.byName(name, group.vpcId).groupId;
    if (input.IpPermissions?.length) return specsOf(input.IpPermissions, byName);
    const flat: IpPermission = input.SourceSecurityGroupName
      ? // A source group without a protocol lets everything pass (botocore model, AuthorizeSecurityGroupIngress).
        { IpProtocol: "-1", UserIdGroupPairs: [{ GroupName: input.SourceSecurityGroupName }] }
      : {
          IpProtocol: required(input.IpProtocol, "ipPermissions"),
          FromPort: input.FromPort,
          ToPort: input.ToPort,
          IpRanges: [{ CidrIp: input.CidrIp }],
        };
    return specsOf([flat], byName);
  };
  const authorize =
    (isEgress: boolean) =>
    (input: AuthorizeSecurityGroupIngressCommandInput): Out<AuthorizeSecurityGroupIngressCommandOutput> => {
      const group = groupOf(input);
      const given = specifiedTags(input.TagSpecifications, "security-group-rule");
      const rules = groups.addRules(group.groupId, isEgress, specsIn(input, group));
      for (const rule of rules) tags.put(rule.ruleId, given);
      return { Return: true, SecurityGroupRules: rules.map(shape) };
    };
  const revoke =
    (isEgress: boolean) =>
    (input: RevokeSecurityGroupIngressCommandInput): Out<RevokeSecurityGroupIngressCommandOutput> => {
      const group = groupOf(input);
      const present = groups.rulesOf(group.groupId, isEgress);
      if (input.SecurityGroupRuleIds?.length) {
        const chosen = input.SecurityGroupRuleIds.map((id) => {
          if (present.every(({ ruleId }) => ruleId !== id)) groups.rule(id);
          const rule = present.find(({ ruleId }) => ruleId === id);
          if (!rule)
            throw invalidParameter(
              `The rule '${id}' is not ${isEgress ? "an egress" : "an ingress"} rule of ${group.groupId}`,
            );
          return rule;
        });
        for (const rule of chosen) groups.removeRule(rule.ruleId);
        return { Return: true, RevokedSecurityGroupRules: chosen.map((rule) => revokedShape(rule)) };
      }
      const specs = specsIn(input, group);
      const unknown = specs.filter((spec) => present.every((rule) => !sameTraffic(rule, spec)));
      // "For a default VPC, if the values you specify do not match the existing rule's values, no error is returned, and the output
      // describes the security group rules that were not revoked" (botocore model, RevokeSecurityGroupEgress).
      if (unknown.length > 0 && !network.vpc(group.vpcId).isDefault) {
        throw new AwsError("InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
      }
      const chosen = present.filter((rule) => specs.some((spec) => sameTraffic(rule, spec)));
      for (const rule of chosen) groups.removeRule(rule.ruleId);
      return {
        Return: true,
        UnknownIpPermissions: permissionsOf(unknown, accountId),
        RevokedSecurityGroupRules: chosen.map((rule) => revokedShape(rule)),
      };
    };
  const describe =
    (isEgress: boolean) =>
    (input: UpdateSecurityGroupRuleDescriptionsIngressCommandInput): { Return: boolean } => {
      const group = groupOf(input);
      const present = groups.rulesOf(group.groupId, isEgress);
      const wanted = specsIn({ IpPermissions: input.IpPermissions }, group).map((spec) => {
        const rule = present.find((candidate) => sameTraffic(candidate, spec));
        if (!rule) {
          throw new AwsError("InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
        }
        return { rule, description: spec.description };
      });
      for (const { rule, description } of wanted) groups.changeRule(rule.ruleId, { ...rule, description });
      return { Return: true };
    };
  return {
    AuthorizeSecurityGroupIngress: serve<AuthorizeSecurityGroupIngressCommandInput, object>(
      "AuthorizeSecurityGroupIngress",
      [...flatMembers, "GroupName", "TagSpecifications"],
      authorize(false),
    ),
    AuthorizeSecurityGroupEgress: serve<AuthorizeSecurityGroupEgressCommandInput, object>(
      "AuthorizeSecurityGroupEgress",
      [...flatMembers, "TagSpecifications"],
      authorize(true),
    ),
    RevokeSecurityGroupIngress: serve<RevokeSecurityGroupIngressCommandInput, object>(
      "RevokeSecurityGroupIngress",
      [...flatMembers, "GroupName", "SecurityGroupRuleIds"],
      revoke(false),
    ),
    RevokeSecurityGroupEgress: serve<RevokeSecurityGroupEgressCommandInput, object>(
      "RevokeSecurityGroupEgress",
      [...flatMembers, "SecurityGroupRuleIds"],
      revoke(true),
    ),
    UpdateSecurityGroupRuleDescriptionsIngress: serve<UpdateSecurityGroupRuleDescriptionsIngressCommandInput, object>(
      "UpdateSecurityGroupRuleDescriptionsIngress",
      ["GroupId", "GroupName", "IpPermissions"],
      describe(false),
    ),
    UpdateSecurityGroupRuleDescriptionsEgress: serve<UpdateSecurityGroupRuleDescriptionsIngressCommandInput, object>(
      "UpdateSecurityGroupRuleDescriptionsEgress",
      ["GroupId", "GroupName", "IpPermissions"],
      describe(true),
    ),
    ModifySecurityGroupRules: serve<ModifySecurityGroupRulesCommandInput, object>(
      "ModifySecurityGroupRules",
      ["GroupId", "SecurityGroupRules"],
      (input) => {
        const { groupId } = groups.get(required(input.GroupId, "groupId"));
        const updates = required(input.SecurityGroupRules, "securityGroupRule");
        const changes = updates.map(({ SecurityGroupRuleId, SecurityGroupRule }) => {
          const { ruleId, ownerGroupId } = groups.rule(required(SecurityGroupRuleId, "securityGroupRuleId"));
          if (ownerGroupId !== groupId) {
            throw invalidParameter(`The rule '${ruleId}' does not belong to the security group '${groupId}'`);
          }
          return { ruleId, spec: requestedSpec(required(SecurityGroupRule, "securityGroupRule")) };
        });
        for (const { ruleId, spec } of changes) groups.changeRule(ruleId, spec);
        return { Return: true };
      },
    ),
    DescribeSecurityGroupRules: serve<
      DescribeSecurityGroupRulesCommandInput,
      Out<DescribeSecurityGroupRulesCommandOutput>
    >("DescribeSecurityGroupRules", ["SecurityGroupRuleIds", "Filters", "MaxResults", "NextToken"], (input) => {
      const chosen = byIds(input.SecurityGroupRuleIds, groups.allRules(), ({ ruleId }) => ruleId, {
        code: "InvalidSecurityGroupRuleId.NotFound",
        message: (id) => `The security group rule ID '${id}' does not exist`,
      });
      const page = pageOf(
        applyFilters(chosen, input.Filters, ruleFilters, ({ ruleId }) => tags.of(ruleId)),
        input,
      );
      return { SecurityGroupRules: page.items.map(shape), NextToken: page.nextToken };
    }),
  };
}

function revokedShape(rule: Rule): object {
  return {
    SecurityGroupRuleId: rule.ruleId,
    GroupId: rule.ownerGroupId,
    IsEgress: rule.isEgress,
    IpProtocol: rule.protocol,
    FromPort: rule.fromPort ?? -1,
    ToPort: rule.toPort ?? -1,
    CidrIpv4: rule.cidrIpv4,
    CidrIpv6: rule.cidrIpv6,
    PrefixListId: rule.prefixListId,
    ReferencedGroupId: rule.peerGroupId,
    Description: rule.description,
  };
}

/** A changed rule is given whole, with exactly one peer (botocore model, SecurityGroupRuleRequest). */
function requestedSpec(request: SecurityGroupRuleRequest): RuleSpec {
  const peers = {
    cidrIpv4: request.CidrIpv4 ? ipv4Block(request.CidrIpv4) : undefined,
    cidrIpv6: request.CidrIpv6 ? ipv6Block(request.CidrIpv6) : undefined,
    prefixListId: request.PrefixListId || undefined,
    peerGroupId: request.ReferencedGroupId || undefined,
  };
  if (Object.values(peers).filter((peer) => peer !== undefined).length !== 1) {
    throw invalidParameter(
      "A security group rule needs exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId.",
    );
  }
  return checkDescription({
    ...protocolAndPorts(request.IpProtocol, request.FromPort, request.ToPort),
    ...peers,
    description: request.Description,
  });
}
