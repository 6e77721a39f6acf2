import type { InstanceNetworkInterface, Instance as InstanceShape, NetworkInterface } from "@aws-sdk/client-ec2";
import { stableId } from "./ids.js";
import type { Images } from "./images.js";
import { type Instance, stateCodes } from "./instance.js";
import { instanceTypeFacts } from "./instanceTypes.js";
import type { Network } from "./network.js";
import type { SecurityGroups } from "./securityGroups.js";
import type { Tags } from "./tags.js";

/** What describing an instance needs besides the instance. */
export interface ShapeSources {
  readonly network: Network;
  readonly groups: SecurityGroups;
  readonly images: Images;
  readonly tags: Tags;
}

/** The name by which the VPC's DNS would know an address (VPC guide, "ip-name" host names). */
export function privateDnsName(address: string, region: string): string {
  const domain = region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`;
  return `ip-${address.replaceAll(".", "-")}.${domain}`;
}

/** Security groups by id and name; one that is gone by now keeps its id. */
export function groupIdentifiers(
  groupIds: readonly string[],
  groups: SecurityGroups,
): { GroupId: string; GroupName?: string }[] {
  return groupIds.map((GroupId) => ({
    GroupId,
    GroupName: groups.has(GroupId) ? groups.get(GroupId).name : undefined,
  }));
}

/** An instance as DescribeInstances shows it. */
export function instanceShape(instance: Instance, sources: ShapeSources): InstanceShape {
  const { network, images, groups, tags } = sources;
  const { settings, state } = instance;
  const { data, subnet } = settings;
  const image = images.get(settings.imageId);
  const gone = state === "terminated";
  const type = instanceTypeFacts(settings.instanceType);
  return {
    InstanceId: instance.instanceId,
    ImageId: settings.imageId,
    InstanceType: settings.instanceType as InstanceShape["InstanceType"],
    State: { Name: state, Code: stateCodes[state] },
    StateReason: instance.stateReason && { Code: instance.stateReason.code, Message: instance.stateReason.message },
    StateTransitionReason: instance.transition,
    AmiLaunchIndex: instance.launchIndex,
    Architecture: type.architecture,
    BootMode: "uefi-preferred",
    ClientToken: "",
    CpuOptions: { CoreCount: Math.max(1, Math.floor(type.vcpus / 2)), ThreadsPerCore: type.vcpus > 1 ? 2 : 1 },
    EbsOptimized: data.EbsOptimized ?? false,
    EnaSupport: true,
    EnclaveOptions: { Enabled: data.EnclaveOptions?.Enabled ?? false },
    HibernationOptions: { Configured: data.HibernationOptions?.Configured ?? false },
    Hypervisor: "xen",
    IamInstanceProfile: settings.instanceProfileArn
      ? {
          Arn: settings.instanceProfileArn,
          Id: `AIPA${stableId("", settings.instanceProfileArn).slice(1).toUpperCase()}`,
        }
      : undefined,
    KeyName: data.KeyName,
    LaunchTime: new Date(instance.launchTime),
    MaintenanceOptions: { AutoRecovery: data.MaintenanceOptions?.AutoRecovery ?? "default" },
    MetadataOptions: {
      State: "applied",
      HttpEndpoint: data.MetadataOptions?.HttpEndpoint ?? "enabled",
      HttpProtocolIpv6: data.MetadataOptions?.HttpProtocolIpv6 ?? "disabled",
      HttpPutResponseHopLimit: data.MetadataOptions?.HttpPutResponseHopLimit ?? (image.imdsV2Only ? 2 : 1),
      HttpTokens: settings.httpTokens,
      InstanceMetadataTags: settings.instanceMetadataTags ? "enabled" : "disabled",
    },
    Monitoring: { State: data.Monitoring?.Enabled ? "enabled" : "disabled" },
    NetworkInterfaces: gone ? [] : [attachedInterface(instance, sources)],
    Placement: {
      AvailabilityZone: subnet.zone.name,
      GroupName: data.Placement?.GroupName ?? "",
      Tenancy: data.Placement?.Tenancy ?? "default",
    },
    PlatformDetails: "Linux/UNIX",
    PrivateDnsName: gone ? "" : privateDnsName(instance.privateIpAddress, network.region),
    PrivateIpAddress: gone ? undefined : instance.privateIpAddress,
    ProductCodes: [],
    PublicDnsName: "",
    RootDeviceName: image.rootDeviceName,
    RootDeviceType: "ebs",
    SecurityGroups: gone ? [] : groupIdentifiers(settings.groupIds, groups),
    SourceDestCheck: gone ? undefined : true,
    SubnetId: gone ? undefined : subnet.subnetId,
    VpcId: gone ? undefined : subnet.vpcId,
    Tags: tags.list(instance.instanceId),
    UsageOperation: "RunInstances",
    VirtualizationType: "hvm",
    BlockDeviceMappings: gone
      ? []
      : [
          {
            DeviceName: image.rootDeviceName,
            Ebs: {
              AttachTime: new Date(instance.launchTime),
              DeleteOnTermination: true,
              Status: "attached",
              VolumeId: stableId("vol", instance.instanceId),
            },
          },
        ],
  };
}

function attachedInterface(instance: Instance, { network, groups }: ShapeSources): InstanceNetworkInterface {
  const { subnet, groupIds } = instance.settings;
  const name = privateDnsName(instance.privateIpAddress, network.region);
  return {
    NetworkInterfaceId: instance.interfaceId,
    Attachment: {
      AttachmentId: instance.interfaceAttachmentId,
      AttachTime: new Date(instance.launchTime),
      DeleteOnTermination: true,
      DeviceIndex: 0,
      NetworkCardIndex: 0,
      Status: "attached",
    },
    Description: "",
    Groups: groupIdentifiers(groupIds, groups),
    InterfaceType: "interface",
    Ipv6Addresses: [],
    MacAddress: instance.macAddress,
    OwnerId: network.accountId,
    PrivateDnsName: name,
    PrivateIpAddress: instance.privateIpAddress,
    PrivateIpAddresses: [{ Primary: true, PrivateDnsName: name, PrivateIpAddress: instance.privateIpAddress }],
    SourceDestCheck: true,
    Status: "in-use",
    SubnetId: subnet.subnetId,
    VpcId: subnet.vpcId,
  };
}

/** An instance's network interface as DescribeNetworkInterfaces shows it. */
export function interfaceShape(instance: Instance, sources: ShapeSources): NetworkInterface {
  const { Attachment, ...attached } = attachedInterface(instance, sources);
  return {
    ...(attached as NetworkInterface),
    Attachment: { ...Attachment, InstanceId: instance.instanceId, InstanceOwnerId: sources.network.accountId },
    AvailabilityZone: instance.settings.subnet.zone.name,
    RequesterManaged: false,
    TagSet: sources.tags.list(instance.interfaceId),
  };
}
