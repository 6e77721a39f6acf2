import type * as sdk from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../awsError.js";
import type { Operation, Out } from "../../service.js";
import { changeAttributes, defaultAttributes, listAttributes, loadBalancerAttributes } from "../attributes.js";
import { type Elb, putIntoUse, replace, tellAll } from "../context.js";
import type { LoadBalancerRecord } from "../model.js";
import { arnOf, newId } from "../naming.js";
import { page } from "../paging.js";
import { invalid, notServed, requireOneOf } from "../refusals.js";
import { mergeTags } from "../tagging.js";
import { requireName } from "../validation/names.js";
import { loadBalancerView, zonesView } from "../views.js";

/** Load balancers: create, describe, change, delete. */
export function loadBalancerOperations(elb: Elb): Record<string, Operation> {
  return {
    CreateLoadBalancer: (input) => create(elb, input),
    DescribeLoadBalancers: (input) => describe(elb, input),
    DeleteLoadBalancer: (input) => remove(elb, input),
    DescribeLoadBalancerAttributes: (input: sdk.DescribeLoadBalancerAttributesCommandInput) => ({
      Attributes: listAttributes(elb.store.loadBalancer(input.LoadBalancerArn ?? "").attributes),
    }),
    ModifyLoadBalancerAttributes: async (input: sdk.ModifyLoadBalancerAttributesCommandInput) => {
      const record = elb.store.loadBalancer(input.LoadBalancerArn ?? "");
      const attributes = changeAttributes(loadBalancerAttributes, record.attributes, input.Attributes ?? [], elb.log);
      await change(elb, { ...record, attributes });
      return { Attributes: listAttributes(attributes) };
    },
    SetSecurityGroups: async (input: sdk.SetSecurityGroupsCommandInput) => {
      const record = elb.store.loadBalancer(input.LoadBalancerArn ?? "");
      const securityGroups = securityGroupsOf(elb, record.vpcId, input.SecurityGroups ?? []);
      await change(elb, { ...record, securityGroups });
      return { SecurityGroupIds: securityGroups };
    },
    SetSubnets: async (input: sdk.SetSubnetsCommandInput) => {
      const record = elb.store.loadBalancer(input.LoadBalancerArn ?? "");
      const { zones, vpcId } = placement(elb, input);
      if (vpcId !== record.vpcId) throw invalid(`The subnets are not in the load balancer's VPC '${record.vpcId}'`);
      const changed = { ...record, zones, ipAddressType: input.IpAddressType ?? record.ipAddressType };
      await change(elb, changed);
      return { AvailabilityZones: zonesView(changed), IpAddressType: changed.ipAddressType };
    },
    SetIpAddressType: async (input: sdk.SetIpAddressTypeCommandInput) => {
      const ipAddressType = requireIpAddressType(input.IpAddressType ?? "");
      await change(elb, { ...elb.store.loadBalancer(input.LoadBalancerArn ?? ""), ipAddressType });
      return { IpAddressType: ipAddressType };
    },
    // Nobody reserves capacity here: AWS answers a load balancer without a reservation like this.
    DescribeCapacityReservation: (input: sdk.DescribeCapacityReservationCommandInput) => {
      elb.store.loadBalancer(input.LoadBalancerArn ?? "");
      return { CapacityReservationState: [] };
    },
  };
}

async function create(
  elb: Elb,
  input: sdk.CreateLoadBalancerCommandInput,
): Promise<Out<sdk.CreateLoadBalancerCommandOutput>> {
  const name = requireName("Load balancer", input.Name ?? "");
  if ((input.Type ?? "application") !== "application") throw notServed(`load balancers of type '${input.Type}'`);
  if (input.CustomerOwnedIpv4Pool !== undefined) throw notServed("customer-owned IPv4 pools");
  if (input.IpamPools !== undefined) throw notServed("IPAM pools");
  const placed = placement(elb, input);
  const wanted = {
    name,
    scheme: requireOneOf("Scheme", input.Scheme ?? "internet-facing", ["internet-facing", "internal"]),
    ...placed,
    securityGroups: securityGroupsOf(elb, placed.vpcId, input.SecurityGroups ?? []),
    ipAddressType: requireIpAddressType(input.IpAddressType ?? "ipv4"),
  };
  const tags = mergeTags(new Map(), input.Tags ?? []);
  const existing = [...elb.store.loadBalancers.values()].find((record) => record.name === name);
  if (existing) {
    // Creating the same again succeeds (API reference).
    if (settingsOf(existing) === settingsOf(wanted)) return { LoadBalancers: [loadBalancerView(existing)] };
    throw new AwsError(
      "DuplicateLoadBalancerName",
      `A load balancer with the same name '${name}' exists, but with different settings`,
    );
  }
  const address = elb.addresses.take();
  if (address === undefined) {
    throw new AwsError(
      "TooManyLoadBalancers",
      "The local cloud has an address for 254 load balancers, and all are taken",
    );
  }
  const path = `app/${name}/${newId()}`;
  const arn = arnOf(elb, `loadbalancer/${path}`);
  const createdAt = new Date(elb.clock.now());
  const record = { ...wanted, arn, path, address, createdAt, attributes: defaultAttributes(loadBalancerAttributes) };
  elb.store.loadBalancers.set(arn, record);
  elb.store.tags.set(arn, tags);
  await elb.publisher.commit(arn, () => {
    elb.store.loadBalancers.delete(arn);
    elb.store.tags.delete(arn);
    elb.addresses.giveBack(address);
  });
  return { LoadBalancers: [loadBalancerView(record)] };
}

function describe(elb: Elb, input: sdk.DescribeLoadBalancersCommandInput): Out<sdk.DescribeLoadBalancersCommandOutput> {
  const { Names: names, LoadBalancerArns: arns } = input;
  if (names?.length && arns?.length)
    throw invalid("Load balancer names and load balancer ARNs cannot be specified together");
  const all = [...elb.store.loadBalancers.values()];
  const picked = arns?.length
    ? arns.map((arn) => elb.store.loadBalancer(arn))
    : names?.length
      ? names.map(byName)
      : all;
  const { items, NextMarker } = page(picked, (record) => record.arn, input);
  return { LoadBalancers: items.map(loadBalancerView), ...(NextMarker !== undefined && { NextMarker }) };

  function byName(name: string): LoadBalancerRecord {
    const record = all.find((candidate) => candidate.name === name);
    if (!record) throw new AwsError("LoadBalancerNotFound", `Load balancers '[${name}]' not found`);
    return record;
  }
}

/** Deletes it with its listeners and rules; one that does not exist is deleted already (API reference). */
async function remove(
  elb: Elb,
  input: sdk.DeleteLoadBalancerCommandInput,
): Promise<Out<sdk.DeleteLoadBalancerCommandOutput>> {
  const { store } = elb;
  const record = store.loadBalancers.get(input.LoadBalancerArn ?? "");
  if (!record) return {};
  const { arn } = record;
  if (record.attributes["deletion_protection.enabled"] === "true") {
    throw new AwsError(
      "OperationNotPermitted",
      `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
    );
  }
  for (const listener of store.listenersOf(arn)) {
    for (const rule of store.rulesOf(listener.arn)) {
      store.rules.delete(rule.arn);
      store.tags.delete(rule.arn);
    }
    store.listeners.delete(listener.arn);
    store.tags.delete(listener.arn);
  }
  store.loadBalancers.delete(arn);
  store.tags.delete(arn);
  tellAll(elb);
  await elb.publisher.remove(arn);
  elb.addresses.giveBack(record.address);
  return {};
}

async function change(elb: Elb, record: LoadBalancerRecord): Promise<void> {
  await putIntoUse(elb, record.arn, replace(elb.store.loadBalancers, record.arn, record));
}

/** The subnets of a request: at least two, each in a zone of its own, all in one VPC. */
function placement(
  elb: Elb,
  input: { Subnets?: string[]; SubnetMappings?: sdk.SubnetMapping[] },
): Pick<LoadBalancerRecord, "zones" | "vpcId"> {
  if (input.Subnets?.length && input.SubnetMappings?.length) {
    throw invalid("You can specify either subnets or subnet mappings, not both");
  }
  const mapped = input.SubnetMappings?.map(({ SubnetId = "", ...fixed }) => {
    if (Object.values(fixed).some((value) => value !== undefined))
      throw notServed("fixed addresses in subnet mappings");
    return SubnetId;
  });
  const subnetIds = mapped?.length ? mapped : (input.Subnets ?? []);
  const subnets = subnetIds.map((subnetId) => {
    const subnet = elb.compute.subnet(subnetId);
    if (!subnet) throw new AwsError("SubnetNotFound", `The subnet ID '${subnetId}' does not exist`);
    return subnet;
  });
  const zones = new Set(subnets.map((subnet) => subnet.availabilityZone));
  const vpcs = new Set(subnets.map((subnet) => subnet.vpcId));
  const [vpcId] = vpcs;
  if (vpcs.size > 1) throw new AwsError("InvalidSubnet", "All subnets must belong to the same VPC");
  if (zones.size < subnets.length) {
    throw new AwsError(
      "InvalidConfigurationRequest",
      "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
    );
  }
  if (subnets.length < 2 || vpcId === undefined) {
    throw invalid("At least two subnets in two different Availability Zones must be specified");
  }
  return { vpcId, zones: subnets.map(({ subnetId, availabilityZone }) => ({ subnetId, zoneName: availabilityZone })) };
}

/** Groups of the load balancer's own VPC; none given means the VPC's default group (API reference). */
function securityGroupsOf(elb: Elb, vpcId: string, groupIds: readonly string[]): string[] {
  const directory = elb.securityGroups;
  if (!directory) return [...groupIds];
  for (const groupId of groupIds) {
    if (directory.securityGroup(groupId)?.vpcId === vpcId) continue;
    throw new AwsError("InvalidSecurityGroup", `Security group '${groupId}' does not exist in the VPC '${vpcId}'`);
  }
  return groupIds.length > 0 ? [...groupIds] : [directory.defaultSecurityGroup(vpcId)];
}

function requireIpAddressType(type: string): string {
  if (type === "dualstack" || type.startsWith("dualstack-")) throw notServed(`the IP address type '${type}'`);
  return requireOneOf("IP address type", type, ["ipv4"]);
}

function settingsOf(record: Pick<LoadBalancerRecord, "scheme" | "zones" | "securityGroups" | "ipAddressType">): string {
  const { scheme, ipAddressType } = record;
  return JSON.stringify([
    scheme,
    ipAddressType,
    record.zones.map((zone) => zone.subnetId).sort(),
    [...record.securityGroups].sort(),
  ]);
}
