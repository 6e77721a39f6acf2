/**
 * Rules of security groups. Programs bundle them in blocks, AWS in permissions; both are compared as single grants: one protocol, one
 * port range, one source.
 */
import type { IpPermission } from "@aws-sdk/client-ec2";
import type { Values } from "../../protocol/values.js";

export interface Grant {
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly source: "cidr" | "cidr6" | "prefixList" | "group";
  readonly value: string;
  readonly description: string;
}

/** `all` is -1; AWS gives common protocols by name (EC2 API reference, IpPermission). */
export function protocolName(protocol: unknown): string {
  const names: Record<string, string> = { all: "-1", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6" };
  const given = String(protocol).toLowerCase();
  return names[given] ?? given;
}

export const sameProtocol = (left: unknown, right: unknown): boolean => protocolName(left) === protocolName(right);

/** The grants of a block of the program. `self` means the group itself. */
export function grantsOfBlock(block: Values, ownGroupId: string): Grant[] {
  const protocol = protocolName(block.protocol);
  const all = protocol === "-1";
  const common = {
    protocol,
    fromPort: all ? 0 : block.fromPort,
    toPort: all ? 0 : block.toPort,
    description: block.description ?? "",
  };
  const from = (source: Grant["source"], values: readonly string[] = []): Grant[] =>
    values.map((value) => ({ ...common, source, value }));
  return [
    ...from("cidr", block.cidrBlocks),
    ...from("cidr6", block.ipv6CidrBlocks),
    ...from("prefixList", block.prefixListIds),
    ...from("group", block.securityGroups),
    ...from("group", block.self ? [ownGroupId] : []),
  ];
}

export function grantsOfPermission(permission: IpPermission): Grant[] {
  const protocol = protocolName(permission.IpProtocol);
  const all = protocol === "-1";
  const common = {
    protocol,
    fromPort: all ? 0 : (permission.FromPort ?? 0),
    toPort: all ? 0 : (permission.ToPort ?? 0),
  };
  const grant = (source: Grant["source"], value: string | undefined, description: string | undefined): Grant => ({
    ...common,
    source,
    value: value ?? "",
    description: description ?? "",
  });
  return [
    ...(permission.IpRanges ?? []).map(({ CidrIp, Description }) => grant("cidr", CidrIp, Description)),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6, Description }) => grant("cidr6", CidrIpv6, Description)),
    ...(permission.PrefixListIds ?? []).map(({ PrefixListId, Description }) =>
      grant("prefixList", PrefixListId, Description),
    ),
    ...(permission.UserIdGroupPairs ?? []).map(({ GroupId, Description }) => grant("group", GroupId, Description)),
  ];
}

/** One permission per grant. */
export function toPermission({ protocol, fromPort, toPort, source, value, description }: Grant): IpPermission {
  const Description = description === "" ? undefined : description;
  return {
    IpProtocol: protocol,
    ...(protocol === "-1" ? {} : { FromPort: fromPort, ToPort: toPort }),
    ...(source === "cidr" ? { IpRanges: [{ CidrIp: value, Description }] } : {}),
    ...(source === "cidr6" ? { Ipv6Ranges: [{ CidrIpv6: value, Description }] } : {}),
    ...(source === "prefixList" ? { PrefixListIds: [{ PrefixListId: value, Description }] } : {}),
    ...(source === "group" ? { UserIdGroupPairs: [{ GroupId: value, Description }] } : {}),
  };
}

/** Two grants are the same rule to AWS if they differ in their description only. */
export function grantKey({ protocol, fromPort, toPort, source, value }: Grant): string {
  return [protocol, fromPort, toPort, source, value].join("|");
}

const fullKey = (grant: Grant): string => `${grantKey(grant)}|${grant.description}`;

export function grantChanges(before: readonly Grant[], after: readonly Grant[]): { added: Grant[]; removed: Grant[] } {
  const old = new Set(before.map(fullKey));
  const now = new Set(after.map(fullKey));
  return {
    added: after.filter((grant) => !old.has(fullKey(grant))),
    removed: before.filter((grant) => !now.has(fullKey(grant))),
  };
}

/** AWS's permissions in the program's blocks: blocks that hold are kept as they are, what is left makes blocks of its own. */
export function toBlocks(
  permissions: readonly IpPermission[] | undefined,
  known: readonly Values[] | undefined,
  ownGroupId: string,
): Values[] {
  const grants = new Map((permissions ?? []).flatMap(grantsOfPermission).map((grant) => [fullKey(grant), grant]));
  const all = new Set(grants.keys());
  const kept = (known ?? []).filter((block) => {
    const keys = grantsOfBlock(block, ownGroupId).map(fullKey);
    const holds = keys.length > 0 && keys.every((key) => all.has(key));
    if (holds) for (const key of keys) grants.delete(key);
    return holds;
  });
  const rest = new Map<string, Values>();
  for (const grant of grants.values()) {
    const { protocol, fromPort, toPort, description, source, value } = grant;
    const key = [protocol, fromPort, toPort, description].join("|");
    const block = rest.get(key) ?? { protocol, fromPort, toPort, description, self: false };
    rest.set(key, block);
    if (source === "group" && value === ownGroupId) block.self = true;
    else {
      const names = {
        cidr: "cidrBlocks",
        cidr6: "ipv6CidrBlocks",
        prefixList: "prefixListIds",
        group: "securityGroups",
      };
      const name = names[source];
      block[name] = [...(block[name] ?? []), value];
    }
  }
  return [...kept, ...rest.values()];
}
