import type { DescribeImagesCommandInput, DescribeImagesCommandOutput, Image as ImageShape } from "@aws-sdk/client-ec2";
import type { Operation, Out } from "../service.js";
import { absent, applyFilters, type FilterTable } from "./filters.js";
import { stableId } from "./ids.js";
import { type Image, type Images, imageAliases } from "./images.js";
import type { Network } from "./network.js";
import { serve } from "./operation.js";
import { pageOf } from "./pages.js";
import type { Tags } from "./tags.js";

const snapshotOf = (image: Image): string => stableId("snap", image.imageId);

function imageFilters(network: Network): FilterTable<Image> {
  const aliases = Object.entries(imageAliases(network.region));
  return {
    architecture: (image) => image.architecture,
    "block-device-mapping.delete-on-termination": () => true,
    "block-device-mapping.device-name": (image) => image.rootDeviceName,
    "block-device-mapping.encrypted": () => false,
    "block-device-mapping.snapshot-id": snapshotOf,
    "block-device-mapping.volume-size": () => 8,
    "block-device-mapping.volume-type": () => "gp3",
    "boot-mode": () => "uefi-preferred",
    "creation-date": (image) => image.creationDate,
    description: (image) => image.description,
    "ena-support": () => true,
    hypervisor: () => "xen",
    "image-allowed": () => true,
    "image-id": (image) => image.imageId,
    "image-type": () => "machine",
    "is-public": (image) => image.isPublic,
    "manifest-location": locationOf,
    name: (image) => image.name,
    "owner-alias": (image) => image.ownerAlias,
    "owner-id": (image) => image.ownerId,
    "public-ssm-parameter-name": (image) => aliases.filter(([, id]) => id === image.imageId).map(([name]) => name),
    "root-device-name": (image) => image.rootDeviceName,
    "root-device-type": () => "ebs",
    "sriov-net-support": () => "simple",
    state: () => "available",
    "virtualization-type": () => "hvm",
    ...absent(
      "free-tier-eligible",
      "kernel-id",
      "platform",
      "product-code",
      "product-code.type",
      "ramdisk-id",
      "source-image-id",
      "source-image-region",
      "source-instance-id",
      "state-reason-code",
      "state-reason-message",
    ),
  };
}

/** DescribeImages over the catalogue, the image map and any well-formed id that is asked for. */
export function imageOperations(network: Network, images: Images, tags: Tags): Record<string, Operation> {
  const shape = (image: Image): ImageShape => ({
    ImageId: image.imageId,
    Name: image.name,
    Description: image.description,
    Architecture: image.architecture,
    BootMode: "uefi-preferred",
    CreationDate: image.creationDate,
    EnaSupport: true,
    Hypervisor: "xen",
    ImageLocation: locationOf(image),
    ImageOwnerAlias: image.ownerAlias,
    ImageType: "machine",
    ImdsSupport: image.imdsV2Only ? "v2.0" : undefined,
    OwnerId: image.ownerId,
    PlatformDetails: "Linux/UNIX",
    Public: image.isPublic,
    RootDeviceName: image.rootDeviceName,
    RootDeviceType: "ebs",
    SriovNetSupport: "simple",
    State: "available",
    UsageOperation: "RunInstances",
    VirtualizationType: "hvm",
    BlockDeviceMappings: [
      {
        DeviceName: image.rootDeviceName,
        Ebs: {
          DeleteOnTermination: true,
          Encrypted: false,
          SnapshotId: snapshotOf(image),
          VolumeSize: 8,
          VolumeType: "gp3",
        },
      },
    ],
    ProductCodes: [],
    Tags: tags.list(image.imageId),
  });
  const ownedBy =
    (owners: readonly string[] | undefined) =>
    (image: Image): boolean =>
      !owners?.length ||
      owners.some((owner) =>
        owner === "self" ? image.ownerId === network.accountId : owner === image.ownerId || owner === image.ownerAlias,
      );
  return {
    DescribeImages: serve<DescribeImagesCommandInput, Out<DescribeImagesCommandOutput>>(
      "DescribeImages",
      // No image here is deprecated, disabled or shared with some accounts only.
      [
        "ImageIds",
        "Owners",
        "Filters",
        "ExecutableUsers",
        "IncludeDeprecated",
        "IncludeDisabled",
        "MaxResults",
        "NextToken",
      ],
      (input) => {
        const chosen = input.ImageIds?.length ? input.ImageIds.map((id) => images.get(id)) : images.list();
        const executable = (image: Image): boolean =>
          !input.ExecutableUsers?.length || (input.ExecutableUsers.includes("all") && image.isPublic);
        const visible = chosen.filter(ownedBy(input.Owners)).filter(executable);
        const filtered = applyFilters(visible, input.Filters, imageFilters(network), ({ imageId }) => tags.of(imageId));
        const page = pageOf(filtered, input, { min: 1, max: 1000 });
        return { Images: page.items.map(shape), NextToken: page.nextToken };
      },
    ),
  };
}

function locationOf(image: Image): string {
  return `${image.ownerAlias ?? image.ownerId}/${image.name}`;
}
