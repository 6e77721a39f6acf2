/** `aws.vpc.SecurityGroupIngressRule` and `…EgressRule`: one rule each, with an id and tags of its own. */
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeSecurityGroupRulesCommand,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { unlessMissing } from "../../awsErrors.js";
import type { Values } from "../../protocol/values.js";
import type { ResourceType } from "../../resource.js";
import { integer, regional, tagged, text } from "../../schema/property.js";
import { fromAwsTags, tagChanges, toAwsTags } from "../../tags.js";
import { protocolName, sameProtocol, toPermission } from "../ec2/permissions.js";

const MISSING = ["InvalidSecurityGroupRuleId.NotFound", "InvalidGroup.NotFound", "InvalidGroupId.NotFound"];
const SOURCES = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];

export const securityGroupIngressRule = ruleType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", false);
export const securityGroupEgressRule = ruleType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", true);

function ruleType(token: string, egress: boolean): ResourceType {
  return {
    token,
    properties: {
      ...regional,
      ...tagged,
      securityGroupId: text({ required: true, replace: true }),
      ipProtocol: text({ required: true, same: sameProtocol }),
      fromPort: integer(),
      toPort: integer(),
      cidrIpv4: text(),
      cidrIpv6: text(),
      prefixListId: text(),
      referencedSecurityGroupId: text(),
      description: text(),
      arn: text({ output: true }),
      securityGroupRuleId: text({ output: true }),
    },

    validate(inputs) {
      const given = SOURCES.filter((name) => inputs[name] !== undefined);
      if (given.length === 1) return [];
      const reason = `exactly one of ${SOURCES.join(", ")} must be given, not ${given.length === 0 ? "none" : given.join(" and ")}`;
      return [{ property: given[0] ?? "cidrIpv4", reason }];
    },

    async create({ aws }, planned) {
      const request = {
        GroupId: planned.securityGroupId,
        IpPermissions: [toPermission(grantOf(planned))],
        TagSpecifications: planned.tags
          ? [{ ResourceType: "security-group-rule" as const, Tags: toAwsTags(planned.tags) }]
          : undefined,
      };
      const { SecurityGroupRules } = egress
        ? await aws.ec2.send(new AuthorizeSecurityGroupEgressCommand(request))
        : await aws.ec2.send(new AuthorizeSecurityGroupIngressCommand(request));
      const id = SecurityGroupRules?.[0]?.SecurityGroupRuleId;
      if (!id) throw new Error(`AWS answered without a rule id for ${planned.securityGroupId}`);
      return id;
    },

    async read({ aws, region }, id, known) {
      const answer = await unlessMissing(
        aws.ec2.send(new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [id] })),
        ...MISSING,
      );
      const found = answer?.SecurityGroupRules?.[0];
      if (!found || (found.IsEgress ?? false) !== egress) return undefined;
      const tags = fromAwsTags(found.Tags);
      const all = found.IpProtocol === "-1";
      const arn = `arn:aws:ec2:${region}:${found.GroupOwnerId}:security-group-rule/${id}`;
      return {
        tags,
        tagsAll: tags,
        arn: found.SecurityGroupRuleArn ?? arn,
        securityGroupRuleId: id,
        securityGroupId: found.GroupId,
        ipProtocol: found.IpProtocol,
        // For all protocols AWS keeps no ports, whatever was given.
        ...(all ? portsOf(known) : { fromPort: found.FromPort, toPort: found.ToPort }),
        cidrIpv4: found.CidrIpv4,
        cidrIpv6: found.CidrIpv6,
        prefixListId: found.PrefixListId,
        referencedSecurityGroupId: found.ReferencedGroupInfo?.GroupId,
        description: found.Description ?? "",
      };
    },

    async update({ aws }, { id, state, planned, changed }) {
      const ruleChanges = [...changed].filter((name) => name !== "tags");
      if (ruleChanges.length > 0) {
        await aws.ec2.send(
          new ModifySecurityGroupRulesCommand({
            GroupId: planned.securityGroupId,
            SecurityGroupRules: [{ SecurityGroupRuleId: id, SecurityGroupRule: toRequest(planned) }],
          }),
        );
      }
      if (!changed.has("tags")) return;
      const { set, removed } = tagChanges(state.tags, planned.tags);
      if (removed.length > 0) {
        await aws.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: removed.map((Key) => ({ Key })) }));
      }
      if (Object.keys(set).length > 0) {
        await aws.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: toAwsTags(set) }));
      }
    },

    async delete({ aws }, id, { securityGroupId }) {
      const request = { GroupId: securityGroupId, SecurityGroupRuleIds: [id] };
      const revoked = egress
        ? aws.ec2.send(new RevokeSecurityGroupEgressCommand(request))
        : aws.ec2.send(new RevokeSecurityGroupIngressCommand(request));
      await unlessMissing<unknown>(revoked, ...MISSING, "InvalidPermission.NotFound");
    },
  };
}

function grantOf(rule: Values) {
  const source = rule.cidrIpv4 ? "cidr" : rule.cidrIpv6 ? "cidr6" : rule.prefixListId ? "prefixList" : "group";
  return {
    protocol: protocolName(rule.ipProtocol),
    fromPort: rule.fromPort,
    toPort: rule.toPort,
    source,
    value: rule.cidrIpv4 ?? rule.cidrIpv6 ?? rule.prefixListId ?? rule.referencedSecurityGroupId,
    description: rule.description ?? "",
  } as const;
}

function toRequest(rule: Values) {
  const all = protocolName(rule.ipProtocol) === "-1";
  return {
    IpProtocol: protocolName(rule.ipProtocol),
    ...(all ? {} : { FromPort: rule.fromPort, ToPort: rule.toPort }),
    CidrIpv4: rule.cidrIpv4,
    CidrIpv6: rule.cidrIpv6,
    PrefixListId: rule.prefixListId,
    ReferencedGroupId: rule.referencedSecurityGroupId,
    Description: rule.description,
  };
}

function portsOf({ fromPort, toPort }: Values): Values {
  return { ...(fromPort === undefined ? {} : { fromPort }), ...(toPort === undefined ? {} : { toPort }) };
}
