import { AwsError } from "../awsError.js";
import { AddressPool } from "./addressPool.js";
import { type Cidr, cidrContains, cidrsOverlap, parseCidr } from "./cidr.js";
import { newId, stableId } from "./ids.js";
import { invalidParameter } from "./operation.js";
import { type Zone, zonesOf } from "./zones.js";

export interface Vpc {
  readonly vpcId: string;
  readonly cidr: Cidr;
  readonly cidrAssociationId: string;
  readonly isDefault: boolean;
  readonly dhcpOptionsId: string;
  readonly instanceTenancy: "default" | "dedicated";
  readonly routeTableId: string;
  readonly routeTableAssociationId: string;
  /** Only the default VPC comes with one. */
  readonly internetGatewayId?: string;
  readonly attributes: {
    enableDnsSupport: boolean;
    enableDnsHostnames: boolean;
    enableNetworkAddressUsageMetrics: boolean;
  };
}

export interface Subnet {
  readonly subnetId: string;
  readonly vpcId: string;
  readonly cidr: Cidr;
  readonly zone: Zone;
  readonly defaultForAz: boolean;
  readonly addresses: AddressPool;
}

/** VPCs, their subnets and their main route tables. */
export class Network {
  readonly zones: readonly Zone[];
  private readonly vpcs = new Map<string, Vpc>();
  private readonly subnets = new Map<string, Subnet>();
  private readonly dhcpOptionsId: string;

  /** Starts with AWS's default VPC, 172.31.0.0/16, and its three default subnets of 4096 addresses each. */
  constructor(
    readonly region: string,
    readonly accountId: string,
  ) {
    const seed = `${accountId} ${region}`;
    this.zones = zonesOf(region);
    this.dhcpOptionsId = stableId("dopt", seed);
    const vpc = this.addVpc("172.31.0.0/16", "default", {
      vpcId: stableId("vpc", seed),
      isDefault: true,
      routeTableId: stableId("rtb", seed),
      internetGatewayId: stableId("igw", seed),
    });
    vpc.attributes.enableDnsHostnames = true;
    for (const [index, zone] of this.zones.entries()) {
      this.addSubnet(vpc, `172.31.${index * 16}.0/20`, zone, {
        subnetId: stableId("subnet", `${seed} ${zone.name}`),
        defaultForAz: true,
      });
    }
  }

  createVpc(cidrBlock: string, instanceTenancy: "default" | "dedicated"): Vpc {
    return this.addVpc(cidrBlock, instanceTenancy, {
      vpcId: newId("vpc"),
      isDefault: false,
      routeTableId: newId("rtb"),
    });
  }

  createSubnet(vpcId: string, cidrBlock: string, zoneName: string | undefined): Subnet {
    const vpc = this.vpc(vpcId);
    const zone =
      zoneName === undefined ? this.zones[0] : this.zones.find(({ name, id }) => zoneName === name || zoneName === id);
    if (!zone) {
      const names = this.zones.map(({ name }) => name).join(", ");
      throw invalidParameter(
        `Value (${zoneName}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${names}.`,
      );
    }
    return this.addSubnet(vpc, cidrBlock, zone, { subnetId: newId("subnet"), defaultForAz: false });
  }

  listVpcs(): Vpc[] {
    return [...this.vpcs.values()];
  }

  listSubnets(vpcId?: string): Subnet[] {
    return [...this.subnets.values()].filter((subnet) => vpcId === undefined || subnet.vpcId === vpcId);
  }

  hasVpc(vpcId: string): boolean {
    return this.vpcs.has(vpcId);
  }

  vpc(vpcId: string): Vpc {
    const vpc = this.vpcs.get(vpcId);
    if (!vpc) throw new AwsError("InvalidVpcID.NotFound", `The vpc ID '${vpcId}' does not exist`);
    return vpc;
  }

  findSubnet(subnetId: string): Subnet | undefined {
    return this.subnets.get(subnetId);
  }

  subnet(subnetId: string): Subnet {
    const subnet = this.subnets.get(subnetId);
    if (!subnet) throw new AwsError("InvalidSubnetID.NotFound", `The subnet ID '${subnetId}' does not exist`);
    return subnet;
  }

  defaultVpc(): Vpc {
    const vpc = this.listVpcs().find(({ isDefault }) => isDefault);
    if (!vpc) throw new AwsError("VPCIdNotSpecified", "No default VPC for this user.");
    return vpc;
  }

  /** The default subnet of a zone, or of the first zone that has one. */
  defaultSubnet(zoneName?: string): Subnet {
    const subnet = this.listSubnets().find(
      (candidate) => candidate.defaultForAz && (zoneName === undefined || candidate.zone.name === zoneName),
    );
    if (subnet) return subnet;
    throw new AwsError(
      "MissingInput",
      `No default subnet${zoneName ? ` for availability zone '${zoneName}'` : ""}. Specify a subnet.`,
    );
  }

  /** Forgets a VPC; whoever calls has made sure that nothing depends on it. */
  removeVpc(vpcId: string): void {
    this.vpcs.delete(vpcId);
  }

  removeSubnet(subnetId: string): void {
    this.subnets.delete(subnetId);
  }

  private addVpc(
    cidrBlock: string,
    instanceTenancy: "default" | "dedicated",
    identity: Pick<Vpc, "vpcId" | "isDefault" | "routeTableId" | "internetGatewayId">,
  ): Vpc {
    const cidr = blockOf(cidrBlock);
    // "between /16 and /28" (botocore model, CreateVpc)
    if (cidr.prefix < 16 || cidr.prefix > 28) {
      throw new AwsError("InvalidVpc.Range", `The CIDR '${cidrBlock}' is invalid.`);
    }
    const vpc: Vpc = {
      ...identity,
      cidr,
      instanceTenancy,
      cidrAssociationId: newId("vpc-cidr-assoc"),
      dhcpOptionsId: this.dhcpOptionsId,
      routeTableAssociationId: newId("rtbassoc"),
      attributes: { enableDnsSupport: true, enableDnsHostnames: false, enableNetworkAddressUsageMetrics: false },
    };
    this.vpcs.set(vpc.vpcId, vpc);
    return vpc;
  }

  private addSubnet(
    vpc: Vpc,
    cidrBlock: string,
    zone: Zone,
    identity: Pick<Subnet, "subnetId" | "defaultForAz">,
  ): Subnet {
    const cidr = blockOf(cidrBlock);
    if (cidr.prefix < 16 || cidr.prefix > 28 || !cidrContains(vpc.cidr, cidr)) {
      throw new AwsError("InvalidSubnet.Range", `The CIDR '${cidrBlock}' is invalid.`);
    }
    const other = this.listSubnets(vpc.vpcId).find((subnet) => cidrsOverlap(subnet.cidr, cidr));
    if (other) {
      throw new AwsError(
        "InvalidSubnet.Conflict",
        `The CIDR '${cidrBlock}' conflicts with another subnet (${other.subnetId}, ${other.cidr.text})`,
      );
    }
    const subnet: Subnet = { ...identity, vpcId: vpc.vpcId, cidr, zone, addresses: new AddressPool(cidr) };
    this.subnets.set(subnet.subnetId, subnet);
    return subnet;
  }
}

function blockOf(text: string): Cidr {
  const cidr = parseCidr(text);
  if (!cidr)
    throw invalidParameter(`Value (${text}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`);
  return cidr;
}
