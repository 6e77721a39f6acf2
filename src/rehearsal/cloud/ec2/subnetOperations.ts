import type {
  CreateSubnetCommandInput,
  CreateSubnetCommandOutput,
  DeleteSubnetCommandInput,
  DescribeSubnetsCommandInput,
  DescribeSubnetsCommandOutput,
  Subnet as SubnetShape,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../awsError.js";
import type { Operation, Out } from "../service.js";
import { byIds } from "./byId.js";
import { absent, applyFilters, type FilterTable } from "./filters.js";
import type { Network, Subnet } from "./network.js";
import { required, serve } from "./operation.js";
import { pageOf } from "./pages.js";
import { specifiedTags, type Tags } from "./tags.js";

const filtersOf = (network: Network, arnOf: (subnet: Subnet) => string): FilterTable<Subnet> => ({
  "availability-zone": (subnet) => subnet.zone.name,
  availabilityZone: (subnet) => subnet.zone.name,
  "availability-zone-id": (subnet) => subnet.zone.id,
  availabilityZoneId: (subnet) => subnet.zone.id,
  "available-ip-address-count": (subnet) => subnet.addresses.available,
  "cidr-block": (subnet) => subnet.cidr.text,
  cidr: (subnet) => subnet.cidr.text,
  cidrBlock: (subnet) => subnet.cidr.text,
  "default-for-az": (subnet) => subnet.defaultForAz,
  defaultForAz: (subnet) => subnet.defaultForAz,
  "enable-dns64": () => false,
  "ipv6-native": () => false,
  "map-customer-owned-ip-on-launch": () => false,
  "map-public-ip-on-launch": (subnet) => subnet.defaultForAz,
  "owner-id": () => network.accountId,
  "private-dns-name-options-on-launch.hostname-type": () => "ip-name",
  "private-dns-name-options-on-launch.enable-resource-name-dns-a-record": () => false,
  "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record": () => false,
  state: () => "available",
  "subnet-arn": arnOf,
  "subnet-id": (subnet) => subnet.subnetId,
  "vpc-id": (subnet) => subnet.vpcId,
  ...absent(
    "customer-owned-ipv4-pool",
    "enable-lni-at-device-index",
    "ipv6-cidr-block-association.ipv6-cidr-block",
    "ipv6-cidr-block-association.association-id",
    "ipv6-cidr-block-association.state",
    "outpost-arn",
  ),
});

/** @param inUse whether something that is not a tag lives in the subnet */
export function subnetOperations(
  network: Network,
  tags: Tags,
  inUse: (subnetId: string) => boolean,
): Record<string, Operation> {
  const arnOf = (subnet: Subnet): string =>
    `arn:aws:ec2:${network.region}:${network.accountId}:subnet/${subnet.subnetId}`;
  const shape = (subnet: Subnet): SubnetShape => ({
    SubnetId: subnet.subnetId,
    SubnetArn: arnOf(subnet),
    VpcId: subnet.vpcId,
    OwnerId: network.accountId,
    CidrBlock: subnet.cidr.text,
    AvailabilityZone: subnet.zone.name,
    AvailabilityZoneId: subnet.zone.id,
    AvailableIpAddressCount: subnet.addresses.available,
    DefaultForAz: subnet.defaultForAz,
    MapPublicIpOnLaunch: subnet.defaultForAz,
    MapCustomerOwnedIpOnLaunch: false,
    AssignIpv6AddressOnCreation: false,
    EnableDns64: false,
    Ipv6Native: false,
    Ipv6CidrBlockAssociationSet: [],
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: "ip-name",
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    State: "available",
    Tags: tags.list(subnet.subnetId),
  });
  return {
    CreateSubnet: serve<CreateSubnetCommandInput, Out<CreateSubnetCommandOutput>>(
      "CreateSubnet",
      ["VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId", "TagSpecifications"],
      (input) => {
        const given = specifiedTags(input.TagSpecifications, "subnet");
        const subnet = network.createSubnet(
          required(input.VpcId, "vpcId"),
          required(input.CidrBlock, "cidrBlock"),
          input.AvailabilityZone ?? input.AvailabilityZoneId,
        );
        tags.put(subnet.subnetId, given);
        return { Subnet: shape(subnet) };
      },
    ),
    DeleteSubnet: serve<DeleteSubnetCommandInput, object>("DeleteSubnet", ["SubnetId"], (input) => {
      const { subnetId } = network.subnet(required(input.SubnetId, "subnetId"));
      if (inUse(subnetId)) {
        throw new AwsError("DependencyViolation", `The subnet '${subnetId}' has dependencies and cannot be deleted.`);
      }
      network.removeSubnet(subnetId);
      tags.forget(subnetId);
      return {};
    }),
    DescribeSubnets: serve<DescribeSubnetsCommandInput, Out<DescribeSubnetsCommandOutput>>(
      "DescribeSubnets",
      ["SubnetIds", "Filters", "MaxResults", "NextToken"],
      (input) => {
        const chosen = byIds(input.SubnetIds, network.listSubnets(), ({ subnetId }) => subnetId, {
          code: "InvalidSubnetID.NotFound",
          message: (id) => `The subnet ID '${id}' does not exist`,
        });
        const filtered = applyFilters(chosen, input.Filters, filtersOf(network, arnOf), ({ subnetId }) =>
          tags.of(subnetId),
        );
        const page = pageOf(filtered, input);
        return { Subnets: page.items.map(shape), NextToken: page.nextToken };
      },
    ),
  };
}
