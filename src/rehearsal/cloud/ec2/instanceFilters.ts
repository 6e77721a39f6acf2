import { absent, type FilterTable } from "./filters.js";
import { type Instance, stateCodes } from "./instance.js";
import { groupIdentifiers, privateDnsName, type ShapeSources } from "./instanceShape.js";
import { instanceTypeFacts } from "./instanceTypes.js";

/** The filters of DescribeInstances (botocore model). Those for things that no instance here has match nothing. */
export function instanceFilters(sources: ShapeSources): FilterTable<Instance> {
  const { network, images, groups } = sources;
  const { accountId } = network;
  const image = (instance: Instance) => images.get(instance.settings.imageId);
  const facts = (instance: Instance) => instanceTypeFacts(instance.settings.instanceType);
  const dns = (instance: Instance) => privateDnsName(instance.privateIpAddress, network.region);
  const groupNames = (instance: Instance) =>
    groupIdentifiers(instance.settings.groupIds, groups).map(({ GroupName }) => GroupName);
  return {
    architecture: (instance) => facts(instance).architecture,
    "availability-zone": (instance) => instance.settings.subnet.zone.name,
    "availability-zone-id": (instance) => instance.settings.subnet.zone.id,
    "block-device-mapping.delete-on-termination": () => true,
    "block-device-mapping.device-name": (instance) => image(instance).rootDeviceName,
    "block-device-mapping.status": () => "attached",
    "boot-mode": () => "uefi-preferred",
    "ebs-optimized": (instance) => instance.settings.data.EbsOptimized ?? false,
    "ena-support": () => true,
    "enclave-options.enabled": (instance) => instance.settings.data.EnclaveOptions?.Enabled ?? false,
    "hibernation-options.configured": (instance) => instance.settings.data.HibernationOptions?.Configured ?? false,
    hypervisor: () => "xen",
    "iam-instance-profile.arn": (instance) => instance.settings.instanceProfileArn,
    "image-id": (instance) => instance.settings.imageId,
    "instance-id": (instance) => instance.instanceId,
    "instance-state-code": (instance) => stateCodes[instance.state],
    "instance-state-name": (instance) => instance.state,
    "instance-type": (instance) => instance.settings.instanceType,
    "instance.group-id": (instance) => instance.settings.groupIds,
    "instance.group-name": (instance) => groupNames(instance),
    "key-name": (instance) => instance.settings.data.KeyName,
    "launch-index": (instance) => instance.launchIndex,
    "launch-time": (instance) => new Date(instance.launchTime).toISOString(),
    "maintenance-options.auto-recovery": (instance) =>
      instance.settings.data.MaintenanceOptions?.AutoRecovery ?? "default",
    "metadata-options.http-endpoint": (instance) => instance.settings.data.MetadataOptions?.HttpEndpoint ?? "enabled",
    "metadata-options.http-tokens": (instance) => instance.settings.httpTokens,
    "metadata-options.instance-metadata-tags": (instance) =>
      instance.settings.instanceMetadataTags ? "enabled" : "disabled",
    "monitoring-state": (instance) => (instance.settings.data.Monitoring?.Enabled ? "enabled" : "disabled"),
    "network-interface.addresses.primary": () => true,
    "network-interface.addresses.private-ip-address": (instance) => instance.privateIpAddress,
    "network-interface.attachment.attachment-id": (instance) => instance.interfaceAttachmentId,
    "network-interface.attachment.device-index": () => 0,
    "network-interface.attachment.instance-id": (instance) => instance.instanceId,
    "network-interface.attachment.instance-owner-id": () => accountId,
    "network-interface.attachment.status": () => "attached",
    "network-interface.availability-zone": (instance) => instance.settings.subnet.zone.name,
    "network-interface.group-id": (instance) => instance.settings.groupIds,
    "network-interface.group-name": (instance) => groupNames(instance),
    "network-interface.mac-address": (instance) => instance.macAddress,
    "network-interface.network-interface-id": (instance) => instance.interfaceId,
    "network-interface.owner-id": () => accountId,
    "network-interface.private-dns-name": (instance) => dns(instance),
    "network-interface.private-ip-address": (instance) => instance.privateIpAddress,
    "network-interface.status": () => "in-use",
    "network-interface.source-dest-check": () => true,
    "network-interface.subnet-id": (instance) => instance.settings.subnet.subnetId,
    "network-interface.vpc-id": (instance) => instance.settings.subnet.vpcId,
    "owner-id": () => accountId,
    "placement-group-name": (instance) => instance.settings.data.Placement?.GroupName,
    "platform-details": () => "Linux/UNIX",
    "private-dns-name": (instance) => dns(instance),
    "private-ip-address": (instance) => instance.privateIpAddress,
    reason: (instance) => instance.transition || undefined,
    "reservation-id": (instance) => instance.reservationId,
    "root-device-name": (instance) => image(instance).rootDeviceName,
    "root-device-type": () => "ebs",
    "source-dest-check": () => true,
    "state-reason-code": (instance) => instance.stateReason?.code,
    "state-reason-message": (instance) => instance.stateReason?.message,
    "subnet-id": (instance) => instance.settings.subnet.subnetId,
    tenancy: (instance) => instance.settings.data.Placement?.Tenancy ?? "default",
    "usage-operation": () => "RunInstances",
    "virtualization-type": () => "hvm",
    "vpc-id": (instance) => instance.settings.subnet.vpcId,
    ...absent(...neverHere.split(" ")),
  };
}

const neverHere =
  "affinity block-device-mapping.attach-time block-device-mapping.volume-id capacity-reservation-id capacity- " +
  "reservation-specification.capacity-reservation-preference capacity-reservation-specification.capacity- " +
  "reservation-target.capacity-reservation-id capacity-reservation-specification.capacity-reservation- " +
  "target.capacity-reservation-resource-group-arn client-token current-instance-boot-mode dns-name host-id iam- " +
  "instance-profile.id instance-lifecycle ip-address ipv6-address kernel-id metadata-options.http-protocol-ipv4 " +
  "metadata-options.http-protocol-ipv6 metadata-options.http-put-response-hop-limit metadata-options.state " +
  "network-interface.addresses.association.allocation-id network-interface.addresses.association.association-id " +
  "network-interface.addresses.association.carrier-ip network-interface.addresses.association.customer-owned-ip " +
  "network-interface.addresses.association.ip-owner-id network-interface.addresses.association.public-dns-name " +
  "network-interface.addresses.association.public-ip network-interface.addresses.private-dns-name network- " +
  "interface.association.allocation-id network-interface.association.association-id network- " +
  "interface.association.carrier-ip network-interface.association.customer-owned-ip network- " +
  "interface.association.ip-owner-id network-interface.association.public-dns-name network- " +
  "interface.association.public-ip network-interface.attachment.attach-time network-interface.attachment.delete- " +
  "on-termination network-interface.attachment.network-card-index network-interface.deny-all-igw-traffic network- " +
  "interface.description network-interface.ipv4-prefixes.ipv4-prefix network-interface.ipv6-address network- " +
  "interface.ipv6-addresses.ipv6-address network-interface.ipv6-addresses.is-primary-ipv6 network- " +
  "interface.ipv6-native network-interface.ipv6-prefixes.ipv6-prefix network-interface.operator.managed network- " +
  "interface.operator.principal network-interface.outpost-arn network-interface.public-dns-name network- " +
  "interface.requester-id network-interface.requester-managed network-interface.tag-key network-interface.tag- " +
  "value network-performance-options.bandwidth-weighting operator.managed operator.principal outpost-arn " +
  "placement-partition-number platform private-dns-name-options.enable-resource-name-dns-a-record private-dns- " +
  "name-options.enable-resource-name-dns-aaaa-record private-dns-name-options.hostname-type product-code product- " +
  "code.type ramdisk-id requester-id spot-instance-request-id tpm-support usage-operation-update-time";
