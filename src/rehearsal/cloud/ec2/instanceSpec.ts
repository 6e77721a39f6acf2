import type { InstanceSpec } from "../instances/runtime.js";
import type { Instance } from "./instance.js";
import type { Network } from "./network.js";
import type { TagRecord } from "./tags.js";

/** What the runtime is told to start. */
export function instanceSpec(instance: Instance, network: Network, tags: TagRecord): InstanceSpec {
  const { settings } = instance;
  return {
    instanceId: instance.instanceId,
    imageId: settings.imageId,
    instanceType: settings.instanceType,
    userData: settings.userData,
    privateIpAddress: instance.privateIpAddress,
    subnetCidr: settings.subnet.cidr.text,
    vpcCidr: network.vpc(settings.subnet.vpcId).cidr.text,
    availabilityZone: settings.subnet.zone.name,
    region: network.region,
    accountId: network.accountId,
    reservationId: instance.reservationId,
    tags,
    metadata: { httpTokens: settings.httpTokens, instanceMetadataTags: settings.instanceMetadataTags },
    instanceProfileArn: settings.instanceProfileArn,
  };
}
