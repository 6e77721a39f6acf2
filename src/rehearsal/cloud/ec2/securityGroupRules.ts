import type { IpPermission, SecurityGroupRule as RuleShape } from "@aws-sdk/client-ec2";
import { parseCidr } from "./cidr.js";
import { invalidParameter, required } from "./operation.js";

/** Whom a rule lets in or out: exactly one of the four. */
export interface RulePeer {
  readonly cidrIpv4?: string;
  readonly cidrIpv6?: string;
  readonly prefixListId?: string;
  readonly peerGroupId?: string;
}

/** What a rule says, without its identity: one protocol, one range of ports, one peer. */
export interface RuleSpec extends RulePeer {
  readonly protocol: string;
  /** Absent for protocol `-1`, which means all ports. */
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly description?: string;
}

export interface Rule extends RuleSpec {
  readonly ruleId: string;
  readonly ownerGroupId: string;
  readonly isEgress: boolean;
}

/** Finds the id of a security group that a permission names by its name. */
export type GroupByName = (name: string) => string;

const protocolNames: Readonly<Record<string, string>> = {
  "1": "icmp",
  "6": "tcp",
  "17": "udp",
  "58": "icmpv6",
  all: "-1",
};

/** AWS keeps tcp, udp, icmp and icmpv6 by name, all others by number, and `-1` for all (botocore model, IpPermission). */
export function protocolOf(text: string | undefined): string {
  const given = required(text, "ipProtocol").toLowerCase();
  const name = protocolNames[given] ?? given;
  const isNumber = /^\d{1,3}$/.test(name) && Number(name) <= 255;
  if (!["tcp", "udp", "icmp", "icmpv6", "-1"].includes(name) && !isNumber) {
    throw invalidParameter(`Invalid value '${text}' for IP protocol. Unknown protocol.`);
  }
  return name;
}

/** Checks protocol and ports as AWS does, and drops the ports of protocol `-1`. */
export function protocolAndPorts(
  protocolText: string | undefined,
  fromPort: number | undefined,
  toPort: number | undefined,
): Pick<RuleSpec, "protocol" | "fromPort" | "toPort"> {
  const protocol = protocolOf(protocolText);
  if (protocol === "-1") return { protocol };
  if (protocol === "tcp" || protocol === "udp") {
    if (fromPort === undefined || toPort === undefined) {
      throw invalidParameter("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.");
    }
    if (fromPort > toPort || fromPort < 0 || toPort > 65535) {
      throw invalidParameter(`Invalid TCP/UDP port range (${fromPort}:${toPort})`);
    }
    return { protocol, fromPort, toPort };
  }
  // For ICMP these are type and code; -1 means all (botocore model, IpPermission).
  return { protocol, fromPort: fromPort ?? -1, toPort: toPort ?? -1 };
}

/** One rule for each peer of each permission, as AWS counts rules. */
export function specsOf(permissions: readonly IpPermission[], groupByName: GroupByName): RuleSpec[] {
  return permissions.flatMap((permission) => {
    const ports = protocolAndPorts(permission.IpProtocol, permission.FromPort, permission.ToPort);
    const specs: RuleSpec[] = [
      ...(permission.IpRanges ?? []).map(({ CidrIp, Description }) => ({
        ...ports,
        cidrIpv4: ipv4Block(CidrIp),
        description: Description,
      })),
      ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6, Description }) => ({
        ...ports,
        cidrIpv6: ipv6Block(CidrIpv6),
        description: Description,
      })),
      ...(permission.PrefixListIds ?? []).map(({ PrefixListId, Description }) => ({
        ...ports,
        prefixListId: required(PrefixListId, "prefixListId"),
        description: Description,
      })),
      ...(permission.UserIdGroupPairs ?? []).map(({ GroupId, GroupName, Description }) => ({
        ...ports,
        peerGroupId: GroupId ?? groupByName(required(GroupName, "groupId")),
        description: Description,
      })),
    ];
    if (specs.length === 0) {
      throw invalidParameter("A permission needs at least one IP range, prefix list or security group.");
    }
    return specs.map(checkDescription);
  });
}

/** "Up to 255 characters" of a limited set (botocore model, IpRange). */
export function checkDescription<T extends Pick<RuleSpec, "description">>(spec: T): T {
  if (spec.description !== undefined && !/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/.test(spec.description)) {
    throw invalidParameter(
      `Invalid rule description '${spec.description}': at most 255 characters out of a-z, A-Z, 0-9, spaces and ._-:/()#,@[]+=&;{}!$*`,
    );
  }
  return spec;
}

export function ipv4Block(text: string | undefined): string {
  const block = parseCidr(required(text, "cidrIp"));
  if (!block) throw invalidParameter(`CIDR block ${text} is malformed`);
  return block.text;
}

export function ipv6Block(text: string | undefined): string {
  const match = /^([0-9a-fA-F:.]+)\/(\d{1,3})$/.exec(required(text, "cidrIpv6"));
  if (!match?.[1]?.includes(":") || Number(match[2]) > 128) throw invalidParameter(`CIDR block ${text} is malformed`);
  return `${match[1].toLowerCase()}/${match[2]}`;
}

/** Whether two rules let the same traffic pass; descriptions do not count. */
export function sameTraffic(one: RuleSpec, other: RuleSpec): boolean {
  const keys = ["protocol", "fromPort", "toPort", "cidrIpv4", "cidrIpv6", "prefixListId", "peerGroupId"] as const;
  return keys.every((key) => one[key] === other[key]);
}

/** A rule in the words of AWS's errors. */
export function ruleText(spec: RuleSpec): string {
  const peer = spec.cidrIpv4 ?? spec.cidrIpv6 ?? spec.prefixListId ?? spec.peerGroupId;
  if (spec.protocol === "-1") return `peer: ${peer}, ALL, ALLOW`;
  return `peer: ${peer}, ${spec.protocol.toUpperCase()}, from port: ${spec.fromPort}, to port: ${spec.toPort}, ALLOW`;
}

/** Rules as DescribeSecurityGroups shows them: peers gathered by protocol and ports. */
export function permissionsOf(specs: readonly RuleSpec[], accountId: string): IpPermission[] {
  const gathered = new Map<
    string,
    Required<Pick<IpPermission, "IpRanges" | "Ipv6Ranges" | "PrefixListIds" | "UserIdGroupPairs">> & IpPermission
  >();
  for (const spec of specs) {
    const key = `${spec.protocol} ${spec.fromPort} ${spec.toPort}`;
    const permission = gathered.get(key) ?? {
      IpProtocol: spec.protocol,
      FromPort: spec.fromPort,
      ToPort: spec.toPort,
      IpRanges: [],
      Ipv6Ranges: [],
      PrefixListIds: [],
      UserIdGroupPairs: [],
    };
    gathered.set(key, permission);
    const Description = spec.description;
    if (spec.cidrIpv4) permission.IpRanges.push({ CidrIp: spec.cidrIpv4, Description });
    if (spec.cidrIpv6) permission.Ipv6Ranges.push({ CidrIpv6: spec.cidrIpv6, Description });
    if (spec.prefixListId) permission.PrefixListIds.push({ PrefixListId: spec.prefixListId, Description });
    if (spec.peerGroupId)
      permission.UserIdGroupPairs.push({ GroupId: spec.peerGroupId, UserId: accountId, Description });
  }
  return [...gathered.values()];
}

/** One rule as DescribeSecurityGroupRules shows it; protocol `-1` shows its ports as -1. */
export function ruleShape(rule: Rule, accountId: string): RuleShape {
  return {
    SecurityGroupRuleId: rule.ruleId,
    GroupId: rule.ownerGroupId,
    GroupOwnerId: accountId,
    IsEgress: rule.isEgress,
    IpProtocol: rule.protocol,
    FromPort: rule.fromPort ?? -1,
    ToPort: rule.toPort ?? -1,
    CidrIpv4: rule.cidrIpv4,
    CidrIpv6: rule.cidrIpv6,
    PrefixListId: rule.prefixListId,
    ReferencedGroupInfo: rule.peerGroupId ? { GroupId: rule.peerGroupId, UserId: accountId } : undefined,
    Description: rule.description,
  };
}
