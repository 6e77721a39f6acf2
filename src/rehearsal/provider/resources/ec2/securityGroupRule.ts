/** `aws.ec2.SecurityGroupRule`: rules of one protocol and port range, added to a group that is declared elsewhere. */
import { createHash } from "node:crypto";
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupRulesCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import { unlessMissing } from "../../awsErrors.js";
import type { Values } from "../../protocol/values.js";
import type { Call, ResourceType } from "../../resource.js";
import { flag, integer, list, regional, text } from "../../schema/property.js";
import { type Grant, grantKey, grantsOfBlock, protocolName, sameProtocol, toPermission } from "./permissions.js";
import { MISSING_GROUP } from "./securityGroup.js";

export const securityGroupRule: ResourceType = {
  token: "aws:ec2/securityGroupRule:SecurityGroupRule",
  properties: {
    ...regional,
    type: text({ required: true, replace: true, oneOf: ["ingress", "egress"] }),
    securityGroupId: text({ required: true, replace: true }),
    protocol: text({ required: true, replace: true, same: sameProtocol }),
    fromPort: integer({ required: true, replace: true }),
    toPort: integer({ required: true, replace: true }),
    cidrBlocks: list(text(), { replace: true }),
    ipv6CidrBlocks: list(text(), { replace: true }),
    prefixListIds: list(text(), { replace: true }),
    sourceSecurityGroupId: text({ replace: true, conflictsWith: ["self"] }),
    self: flag({ default: false, replace: true, conflictsWith: ["sourceSecurityGroupId"] }),
    description: text(),
    securityGroupRuleId: text({ output: true }),
  },

  validate(inputs) {
    const sources = ["cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "sourceSecurityGroupId", "self"];
    if (sources.some((name) => inputs[name] !== undefined)) return [];
    return [{ property: "cidrBlocks", reason: `one of ${sources.join(", ")} must be given` }];
  },

  async create(call, planned) {
    await authorize(call, planned);
    const keys = grants(planned).map(grantKey).sort().join();
    return `sgrule-${createHash("sha256").update(`${planned.type}|${planned.securityGroupId}|${keys}`).digest().readUInt32BE()}`;
  },

  async read(call, id, known) {
    const wanted = known.securityGroupId ? known : parseId(id);
    const existing = await describeRules(call, wanted.securityGroupId, wanted.type === "egress");
    const wantedKeys = new Set(grants(wanted).map(grantKey));
    const found = existing.filter((rule) => wantedKeys.has(grantKey(grantOf(rule))));
    if (found.length < wantedKeys.size) return undefined;
    return {
      ...Object.fromEntries(Object.entries(wanted).filter(([name]) => name !== "securityGroupRuleId")),
      self: wanted.self ?? false,
      description: found[0]?.Description ?? "",
      securityGroupRuleId: found.length === 1 ? found[0]?.SecurityGroupRuleId : "",
    };
  },

  /** Only the description can change in place. */
  async update(call, { state, planned, changed }) {
    if (changed.size === 0) return;
    await revoke(call, state);
    await authorize(call, planned);
  },

  async delete(call, _id, state) {
    await unlessMissing(revoke(call, state), ...MISSING_GROUP, "InvalidPermission.NotFound");
  },
};

function grants({ sourceSecurityGroupId, ...block }: Values): Grant[] {
  const securityGroups = sourceSecurityGroupId ? [sourceSecurityGroupId] : [];
  return grantsOfBlock({ ...block, securityGroups }, block.securityGroupId);
}

async function authorize({ aws }: Call, rule: Values): Promise<void> {
  const request = { GroupId: rule.securityGroupId, IpPermissions: grants(rule).map(toPermission) };
  if (rule.type === "egress") await aws.ec2.send(new AuthorizeSecurityGroupEgressCommand(request));
  else await aws.ec2.send(new AuthorizeSecurityGroupIngressCommand(request));
}

async function revoke({ aws }: Call, rule: Values): Promise<void> {
  const request = { GroupId: rule.securityGroupId, IpPermissions: grants(rule).map(toPermission) };
  if (rule.type === "egress") await aws.ec2.send(new RevokeSecurityGroupEgressCommand(request));
  else await aws.ec2.send(new RevokeSecurityGroupIngressCommand(request));
}

export async function describeRules({ aws }: Call, groupId: string, egress: boolean): Promise<SecurityGroupRule[]> {
  const answer = await unlessMissing(
    aws.ec2.send(new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [groupId] }] })),
    ...MISSING_GROUP,
  );
  return (answer?.SecurityGroupRules ?? []).filter(({ IsEgress }) => (IsEgress ?? false) === egress);
}

function grantOf(rule: SecurityGroupRule): Grant {
  const protocol = protocolName(rule.IpProtocol);
  const all = protocol === "-1";
  const { CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo } = rule;
  const source = CidrIpv4 ? "cidr" : CidrIpv6 ? "cidr6" : PrefixListId ? "prefixList" : "group";
  return {
    protocol,
    fromPort: all ? 0 : (rule.FromPort ?? 0),
    toPort: all ? 0 : (rule.ToPort ?? 0),
    source,
    value: CidrIpv4 ?? CidrIpv6 ?? PrefixListId ?? ReferencedGroupInfo?.GroupId ?? "",
    description: rule.Description ?? "",
  };
}

/** `sg-1_ingress_tcp_80_80_10.0.0.0/8_self`: the form that `pulumi import` takes. */
function parseId(id: string): Values {
  const [securityGroupId, type, protocol, from, to, ...sources] = id.split("_");
  if (!securityGroupId || !type || !protocol || sources.length === 0) {
    throw new Error(
      `"${id}" is no rule id, expected GROUP_TYPE_PROTOCOL_FROM_TO_SOURCE, like sg-1_ingress_tcp_80_80_10.0.0.0/8`,
    );
  }
  const rule: Values = { securityGroupId, type, protocol, fromPort: Number(from), toPort: Number(to) };
  const add = (name: string, value: string): void => {
    rule[name] = [...(rule[name] ?? []), value];
  };
  for (const source of sources) {
    if (source === "self") rule.self = true;
    else if (source.startsWith("sg-")) rule.sourceSecurityGroupId = source;
    else if (source.startsWith("pl-")) add("prefixListIds", source);
    else add(source.includes(":") ? "ipv6CidrBlocks" : "cidrBlocks", source);
  }
  return rule;
}
