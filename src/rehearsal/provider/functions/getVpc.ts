/** `aws.ec2.getVpc` */
import {
  DescribeRouteTablesCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  type VpcAttributeName,
} from "@aws-sdk/client-ec2";
import type { Values } from "../protocol/values.js";
import type { Call, FunctionType } from "../resource.js";
import { flag, map, text } from "../schema/property.js";
import { fromAwsTags } from "../tags.js";
import { FILTERS, onlyOne, toFilters } from "./filters.js";

export const getVpc: FunctionType = {
  token: "aws:ec2/getVpc:getVpc",
  arguments: {
    region: text(),
    id: text(),
    cidrBlock: text(),
    default: flag(),
    dhcpOptionsId: text(),
    state: text(),
    tags: map(),
    filters: FILTERS,
  },

  async invoke(call, given) {
    const filters = toFilters(given, {
      cidr: given.cidrBlock,
      "is-default": given.default || undefined,
      "dhcp-options-id": given.dhcpOptionsId,
      state: given.state,
    });
    const { Vpcs } = await call.aws.ec2.send(
      new DescribeVpcsCommand({
        ...(given.id ? { VpcIds: [given.id] } : {}),
        ...(filters.length > 0 ? { Filters: filters } : {}),
      }),
    );
    const vpc = onlyOne(Vpcs, "VPC");
    const id = vpc.VpcId as string;
    return {
      id,
      arn: `arn:aws:ec2:${call.region}:${vpc.OwnerId}:vpc/${id}`,
      cidrBlock: vpc.CidrBlock,
      cidrBlockAssociations: (vpc.CidrBlockAssociationSet ?? []).map((association) => ({
        associationId: association.AssociationId,
        cidrBlock: association.CidrBlock,
        state: association.CidrBlockState?.State,
      })),
      default: vpc.IsDefault ?? false,
      dhcpOptionsId: vpc.DhcpOptionsId ?? "",
      ...(await attributes(call, id)),
      filters: given.filters,
      instanceTenancy: vpc.InstanceTenancy ?? "default",
      ipv6AssociationId: vpc.Ipv6CidrBlockAssociationSet?.[0]?.AssociationId ?? "",
      ipv6CidrBlock: vpc.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock ?? "",
      ipv6CidrBlockAssociations: [],
      mainRouteTableId: await mainRouteTable(call, id),
      ownerId: vpc.OwnerId,
      region: call.region,
      state: vpc.State,
      tags: fromAwsTags(vpc.Tags),
    };
  },
};

async function attributes({ aws }: Call, VpcId: string): Promise<Values> {
  const ask = async (Attribute: VpcAttributeName) =>
    await aws.ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }));
  const [hostnames, support, usage] = await Promise.all([
    ask("enableDnsHostnames"),
    ask("enableDnsSupport"),
    ask("enableNetworkAddressUsageMetrics"),
  ]);
  return {
    enableDnsHostnames: hostnames.EnableDnsHostnames?.Value ?? false,
    enableDnsSupport: support.EnableDnsSupport?.Value ?? true,
    enableNetworkAddressUsageMetrics: usage.EnableNetworkAddressUsageMetrics?.Value ?? false,
  };
}

async function mainRouteTable({ aws }: Call, vpcId: string): Promise<string> {
  const Filters = toFilters(undefined, { "association.main": true, "vpc-id": vpcId });
  const { RouteTables } = await aws.ec2.send(new DescribeRouteTablesCommand({ Filters }));
  return RouteTables?.[0]?.RouteTableId ?? "";
}
