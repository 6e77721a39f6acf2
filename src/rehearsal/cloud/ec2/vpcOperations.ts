import type {
  CreateVpcCommandInput,
  CreateVpcCommandOutput,
  DeleteVpcCommandInput,
  DescribeRouteTablesCommandInput,
  DescribeRouteTablesCommandOutput,
  DescribeVpcAttributeCommandInput,
  DescribeVpcAttributeCommandOutput,
  DescribeVpcsCommandInput,
  DescribeVpcsCommandOutput,
  ModifyVpcAttributeCommandInput,
  RouteTable,
  Vpc as VpcShape,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../awsError.js";
import type { Operation, Out } from "../service.js";
import { byIds } from "./byId.js";
import { absent, applyFilters, type FilterTable } from "./filters.js";
import type { Network, Vpc } from "./network.js";
import { invalidParameter, required, serve } from "./operation.js";
import { pageOf } from "./pages.js";
import type { SecurityGroups } from "./securityGroups.js";
import { specifiedTags, type Tags } from "./tags.js";

const vpcFilters = (network: Network): FilterTable<Vpc> => ({
  cidr: (vpc) => vpc.cidr.text,
  "cidr-block-association.cidr-block": (vpc) => vpc.cidr.text,
  "cidr-block-association.association-id": (vpc) => vpc.cidrAssociationId,
  "cidr-block-association.state": () => "associated",
  "dhcp-options-id": (vpc) => vpc.dhcpOptionsId,
  "is-default": (vpc) => vpc.isDefault,
  // Older spelling that the AWS CLI's examples and the Terraform provider still use.
  isDefault: (vpc) => vpc.isDefault,
  "owner-id": () => network.accountId,
  state: () => "available",
  "vpc-id": (vpc) => vpc.vpcId,
  ...absent(
    "ipv6-cidr-block-association.ipv6-cidr-block",
    "ipv6-cidr-block-association.ipv6-pool",
    "ipv6-cidr-block-association.association-id",
    "ipv6-cidr-block-association.state",
  ),
});

/** VPCs, their attributes and their main route tables. */
export function vpcOperations(network: Network, groups: SecurityGroups, tags: Tags): Record<string, Operation> {
  const shape = (vpc: Vpc): VpcShape => ({
    VpcId: vpc.vpcId,
    CidrBlock: vpc.cidr.text,
    CidrBlockAssociationSet: [
      { AssociationId: vpc.cidrAssociationId, CidrBlock: vpc.cidr.text, CidrBlockState: { State: "associated" } },
    ],
    DhcpOptionsId: vpc.dhcpOptionsId,
    InstanceTenancy: vpc.instanceTenancy,
    IsDefault: vpc.isDefault,
    OwnerId: network.accountId,
    State: "available",
    Tags: tags.list(vpc.vpcId),
  });
  return {
    CreateVpc: serve<CreateVpcCommandInput, Out<CreateVpcCommandOutput>>(
      "CreateVpc",
      ["CidrBlock", "InstanceTenancy", "TagSpecifications"],
      (input) => {
        const tenancy = input.InstanceTenancy ?? "default";
        if (tenancy === "host") throw invalidParameter("The tenancy value host is not valid for a VPC.");
        const given = specifiedTags(input.TagSpecifications, "vpc");
        const vpc = network.createVpc(required(input.CidrBlock, "cidrBlock"), tenancy);
        tags.put(vpc.vpcId, given);
        groups.createDefault(vpc.vpcId);
        return { Vpc: shape(vpc) };
      },
    ),
    DeleteVpc: serve<DeleteVpcCommandInput, object>("DeleteVpc", ["VpcId"], (input) => {
      const vpc = network.vpc(required(input.VpcId, "vpcId"));
      const inUse =
        network.listSubnets(vpc.vpcId).length > 0 || groups.list(vpc.vpcId).some(({ name }) => name !== "default");
      if (inUse) {
        throw new AwsError("DependencyViolation", `The vpc '${vpc.vpcId}' has dependencies and cannot be deleted.`);
      }
      for (const group of groups.list(vpc.vpcId)) groups.remove(group.groupId);
      network.removeVpc(vpc.vpcId);
      tags.forget(vpc.vpcId);
      tags.forget(vpc.routeTableId);
      return {};
    }),
    DescribeVpcs: serve<DescribeVpcsCommandInput, Out<DescribeVpcsCommandOutput>>(
      "DescribeVpcs",
      ["VpcIds", "Filters", "MaxResults", "NextToken"],
      (input) => {
        const chosen = byIds(input.VpcIds, network.listVpcs(), ({ vpcId }) => vpcId, {
          code: "InvalidVpcID.NotFound",
          message: (id) => `The vpc ID '${id}' does not exist`,
        });
        const page = pageOf(
          applyFilters(chosen, input.Filters, vpcFilters(network), (vpc) => tags.of(vpc.vpcId)),
          input,
        );
        return { Vpcs: page.items.map(shape), NextToken: page.nextToken };
      },
    ),
    DescribeVpcAttribute: serve<DescribeVpcAttributeCommandInput, Out<DescribeVpcAttributeCommandOutput>>(
      "DescribeVpcAttribute",
      ["VpcId", "Attribute"],
      (input) => {
        const { vpcId, attributes } = network.vpc(required(input.VpcId, "vpcId"));
        switch (required(input.Attribute, "attribute")) {
          case "enableDnsSupport":
            return { VpcId: vpcId, EnableDnsSupport: { Value: attributes.enableDnsSupport } };
          case "enableDnsHostnames":
            return { VpcId: vpcId, EnableDnsHostnames: { Value: attributes.enableDnsHostnames } };
          case "enableNetworkAddressUsageMetrics":
            return {
              VpcId: vpcId,
              EnableNetworkAddressUsageMetrics: { Value: attributes.enableNetworkAddressUsageMetrics },
            };
          default:
            throw invalidParameter(
              `Value (${input.Attribute}) for parameter attribute is invalid. Unknown VPC attribute.`,
            );
        }
      },
    ),
    ModifyVpcAttribute: serve<ModifyVpcAttributeCommandInput, object>(
      "ModifyVpcAttribute",
      ["VpcId", "EnableDnsSupport", "EnableDnsHostnames", "EnableNetworkAddressUsageMetrics"],
      (input) => {
        const { attributes } = network.vpc(required(input.VpcId, "vpcId"));
        const changes = {
          enableDnsSupport: input.EnableDnsSupport?.Value,
          enableDnsHostnames: input.EnableDnsHostnames?.Value,
          enableNetworkAddressUsageMetrics: input.EnableNetworkAddressUsageMetrics?.Value,
        };
        const given = Object.entries(changes).filter(([, value]) => value !== undefined);
        if (given.length !== 1) {
          throw new AwsError(
            "InvalidParameterCombination",
            "Exactly one attribute of the VPC can be modified at a time.",
          );
        }
        Object.assign(attributes, Object.fromEntries(given));
        return {};
      },
    ),
    DescribeRouteTables: serve<DescribeRouteTablesCommandInput, Out<DescribeRouteTablesCommandOutput>>(
      "DescribeRouteTables",
      ["RouteTableIds", "Filters", "MaxResults", "NextToken"],
      (input) => {
        const chosen = byIds(input.RouteTableIds, network.listVpcs(), ({ routeTableId }) => routeTableId, {
          code: "InvalidRouteTableID.NotFound",
          message: (id) => `The routeTable ID '${id}' does not exist`,
        });
        const tagsOf = (vpc: Vpc): Readonly<Record<string, string>> => tags.of(vpc.routeTableId);
        const page = pageOf(applyFilters(chosen, input.Filters, routeTableFilters(network), tagsOf), input);
        return {
          RouteTables: page.items.map((vpc) => routeTableShape(vpc, network, tags)),
          NextToken: page.nextToken,
        };
      },
    ),
  };
}

/** Each VPC has its main route table and no other. */
const routeTableFilters = (network: Network): FilterTable<Vpc> => ({
  "association.route-table-association-id": (vpc) => vpc.routeTableAssociationId,
  "association.route-table-id": (vpc) => vpc.routeTableId,
  "association.main": () => true,
  "owner-id": () => network.accountId,
  "route-table-id": (vpc) => vpc.routeTableId,
  "route.destination-cidr-block": (vpc) => (vpc.internetGatewayId ? [vpc.cidr.text, "0.0.0.0/0"] : vpc.cidr.text),
  "route.gateway-id": (vpc) => ["local", vpc.internetGatewayId],
  "route.origin": (vpc) => (vpc.internetGatewayId ? ["CreateRouteTable", "CreateRoute"] : "CreateRouteTable"),
  "route.state": () => "active",
  "vpc-id": (vpc) => vpc.vpcId,
  ...absent(
    "association.gateway-id",
    "association.subnet-id",
    "route.destination-ipv6-cidr-block",
    "route.destination-prefix-list-id",
    "route.egress-only-internet-gateway-id",
    "route.instance-id",
    "route.nat-gateway-id",
    "route.transit-gateway-id",
    "route.vpc-peering-connection-id",
  ),
});

function routeTableShape(vpc: Vpc, network: Network, tags: Tags): RouteTable {
  return {
    RouteTableId: vpc.routeTableId,
    VpcId: vpc.vpcId,
    OwnerId: network.accountId,
    Associations: [
      {
        Main: true,
        RouteTableAssociationId: vpc.routeTableAssociationId,
        RouteTableId: vpc.routeTableId,
        AssociationState: { State: "associated" },
      },
    ],
    PropagatingVgws: [],
    Routes: [
      { DestinationCidrBlock: vpc.cidr.text, GatewayId: "local", Origin: "CreateRouteTable", State: "active" },
      ...(vpc.internetGatewayId
        ? [
            {
              DestinationCidrBlock: "0.0.0.0/0",
              GatewayId: vpc.internetGatewayId,
              Origin: "CreateRoute" as const,
              State: "active" as const,
            },
          ]
        : []),
    ],
    Tags: tags.list(vpc.routeTableId),
  };
}
