/** `aws.ec2.getSubnets` and `aws.ec2.getSubnet` */
import { DescribeSubnetsCommand } from "@aws-sdk/client-ec2";
import type { FunctionType } from "../resource.js";
import { flag, map, text } from "../schema/property.js";
import { fromAwsTags } from "../tags.js";
import { FILTERS, onlyOne, toFilters } from "./filters.js";

export const getSubnets: FunctionType = {
  token: "aws:ec2/getSubnets:getSubnets",
  arguments: { region: text(), tags: map(), filters: FILTERS },

  async invoke({ aws, region }, given) {
    const Filters = toFilters(given, {});
    const { Subnets = [] } = await aws.ec2.send(new DescribeSubnetsCommand(Filters.length > 0 ? { Filters } : {}));
    return {
      id: region,
      ids: Subnets.flatMap(({ SubnetId }) => SubnetId ?? []).sort(),
      filters: given.filters,
      region,
      tags: given.tags ?? {},
    };
  },
};

export const getSubnet: FunctionType = {
  token: "aws:ec2/getSubnet:getSubnet",
  arguments: {
    region: text(),
    id: text(),
    availabilityZone: text(),
    availabilityZoneId: text(),
    cidrBlock: text(),
    defaultForAz: flag(),
    state: text(),
    vpcId: text(),
    tags: map(),
    filters: FILTERS,
  },

  async invoke({ aws, region }, given) {
    const Filters = toFilters(given, {
      "availability-zone": given.availabilityZone,
      "availability-zone-id": given.availabilityZoneId,
      "cidr-block": given.cidrBlock,
      "default-for-az": given.defaultForAz || undefined,
      state: given.state,
      "vpc-id": given.vpcId,
    });
    const { Subnets } = await aws.ec2.send(
      new DescribeSubnetsCommand({
        ...(given.id ? { SubnetIds: [given.id] } : {}),
        ...(Filters.length > 0 ? { Filters } : {}),
      }),
    );
    const subnet = onlyOne(Subnets, "EC2 subnet");
    const naming = subnet.PrivateDnsNameOptionsOnLaunch;
    return {
      id: subnet.SubnetId,
      arn: subnet.SubnetArn ?? `arn:aws:ec2:${region}:${subnet.OwnerId}:subnet/${subnet.SubnetId}`,
      assignIpv6AddressOnCreation: subnet.AssignIpv6AddressOnCreation ?? false,
      availabilityZone: subnet.AvailabilityZone,
      availabilityZoneId: subnet.AvailabilityZoneId ?? "",
      availableIpAddressCount: subnet.AvailableIpAddressCount ?? 0,
      cidrBlock: subnet.CidrBlock,
      customerOwnedIpv4Pool: subnet.CustomerOwnedIpv4Pool ?? "",
      defaultForAz: subnet.DefaultForAz ?? false,
      enableDns64: subnet.EnableDns64 ?? false,
      enableLniAtDeviceIndex: subnet.EnableLniAtDeviceIndex ?? 0,
      enableResourceNameDnsARecordOnLaunch: naming?.EnableResourceNameDnsARecord ?? false,
      enableResourceNameDnsAaaaRecordOnLaunch: naming?.EnableResourceNameDnsAAAARecord ?? false,
      filters: given.filters,
      ipv6CidrBlock: subnet.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock ?? "",
      ipv6CidrBlockAssociationId: subnet.Ipv6CidrBlockAssociationSet?.[0]?.AssociationId ?? "",
      ipv6Native: subnet.Ipv6Native ?? false,
      mapCustomerOwnedIpOnLaunch: subnet.MapCustomerOwnedIpOnLaunch ?? false,
      mapPublicIpOnLaunch: subnet.MapPublicIpOnLaunch ?? false,
      outpostArn: subnet.OutpostArn ?? "",
      ownerId: subnet.OwnerId ?? "",
      privateDnsHostnameTypeOnLaunch: naming?.HostnameType ?? "",
      region,
      state: subnet.State,
      tags: fromAwsTags(subnet.Tags),
      vpcId: subnet.VpcId,
    };
  },
};
