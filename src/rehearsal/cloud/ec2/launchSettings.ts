import type { RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import { AwsError } from "../awsError.js";
import type { Images } from "./images.js";
import { checkArchitecture } from "./instanceTypes.js";
import type { Network, Subnet } from "./network.js";
import { invalidParameter } from "./operation.js";
import type { SecurityGroups } from "./securityGroups.js";
import { tagRecord } from "./tags.js";
import { checkUserData } from "./userData.js";

/** Everything decided about an instance before it starts. */
export interface LaunchSettings {
  readonly imageId: string;
  readonly instanceType: string;
  readonly userData?: string;
  readonly subnet: Subnet;
  readonly groupIds: readonly string[];
  readonly privateIpAddress?: string;
  readonly instanceProfileArn?: string;
  readonly httpTokens: "required" | "optional";
  readonly instanceMetadataTags: boolean;
  /** Tags that the template or the call gives to the instance. */
  readonly tags: Readonly<Record<string, string>>;
  /** The template's data with the call's own parameters over it: what is only read back comes from here. */
  readonly data: RequestLaunchTemplateData;
}

export interface SettingsSources {
  readonly network: Network;
  readonly groups: SecurityGroups;
  readonly images: Images;
  /** The AMI id behind an `ImageId` that names an SSM parameter; other ids come back as they are. */
  readonly resolveImage: (imageId: string) => string;
}

/** What instances get that EC2 itself assumes (botocore model, RunInstances). */
const defaultInstanceType = "m1.small";

/**
 * Checks launch data and fills in what EC2 would.
 * @param subnetId the caller's choice, which goes before any subnet in the data
 */
export function settle(
  data: RequestLaunchTemplateData,
  subnetId: string | undefined,
  sources: SettingsSources,
): LaunchSettings {
  const { network, groups, images, resolveImage } = sources;
  if (!data.ImageId) throw new AwsError("MissingParameter", "The request must contain the parameter ImageId");
  if (data.InstanceRequirements) {
    throw new AwsError(
      "UnsupportedOperation",
      "The local cloud does not choose instance types by InstanceRequirements: give an InstanceType.",
    );
  }
  checkUserData(data.UserData);
  const image = images.get(resolveImage(data.ImageId));
  const instanceType = data.InstanceType ?? defaultInstanceType;
  checkArchitecture(instanceType, image);
  const ownInterface = data.NetworkInterfaces?.find(({ DeviceIndex }) => (DeviceIndex ?? 0) === 0);
  const subnet = subnetFor(subnetId ?? ownInterface?.SubnetId, data.Placement?.AvailabilityZone, network);
  const groupIds = groupsFor(data, ownInterface?.Groups, subnet, groups);
  return {
    imageId: image.imageId,
    instanceType,
    userData: data.UserData,
    subnet,
    groupIds,
    privateIpAddress: ownInterface?.PrivateIpAddress,
    instanceProfileArn: profileArn(data, network.accountId),
    httpTokens: data.MetadataOptions?.HttpTokens ?? (image.imdsV2Only ? "required" : "optional"),
    instanceMetadataTags: data.MetadataOptions?.InstanceMetadataTags === "enabled",
    tags: tagRecord(
      (data.TagSpecifications ?? []).filter((s) => s.ResourceType === "instance").flatMap((s) => s.Tags ?? []),
    ),
    data,
  };
}

function subnetFor(subnetId: string | undefined, zone: string | undefined, network: Network): Subnet {
  if (subnetId === undefined) return network.defaultSubnet(zone);
  const subnet = network.subnet(subnetId);
  if (zone !== undefined && zone !== subnet.zone.name) {
    throw invalidParameter(
      `The availability zone '${zone}' does not match that of the subnet '${subnetId}', ${subnet.zone.name}.`,
    );
  }
  return subnet;
}

function groupsFor(
  data: RequestLaunchTemplateData,
  ofInterface: readonly string[] | undefined,
  subnet: Subnet,
  groups: SecurityGroups,
): string[] {
  const ofInstance = [
    ...(data.SecurityGroupIds ?? []),
    ...(data.SecurityGroups ?? []).map((name) => groups.byName(name, subnet.vpcId).groupId),
  ];
  if (data.NetworkInterfaces?.length && ofInstance.length > 0) {
    throw new AwsError(
      "InvalidParameterCombination",
      "Network interfaces and an instance-level security groups may not be specified on the same request",
    );
  }
  const chosen = [...new Set([...ofInstance, ...(ofInterface ?? [])])];
  for (const groupId of chosen) {
    if (groups.get(groupId).vpcId === subnet.vpcId) continue;
    throw new AwsError(
      "InvalidParameter",
      `Security group ${groupId} and subnet ${subnet.subnetId} belong to different networks.`,
    );
  }
  return chosen.length > 0 ? chosen : [groups.defaultOf(subnet.vpcId).groupId];
}

/** There is no IAM here: a profile is taken at its word, by ARN or by name. */
function profileArn(data: RequestLaunchTemplateData, accountId: string): string | undefined {
  const profile = data.IamInstanceProfile;
  if (profile?.Arn) return profile.Arn;
  return profile?.Name ? `arn:aws:iam::${accountId}:instance-profile/${profile.Name}` : undefined;
}
