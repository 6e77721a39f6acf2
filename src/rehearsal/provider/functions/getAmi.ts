/** `aws.ec2.getAmi` */
import { DescribeImagesCommand, type Image } from "@aws-sdk/client-ec2";
import type { FunctionType } from "../resource.js";
import { flag, list, map, text } from "../schema/property.js";
import { fromAwsTags } from "../tags.js";
import { FILTERS, onlyOne, toFilters } from "./filters.js";

export const getAmi: FunctionType = {
  token: "aws:ec2/getAmi:getAmi",
  arguments: {
    region: text(),
    owners: list(text()),
    executableUsers: list(text()),
    filters: FILTERS,
    mostRecent: flag({ default: false }),
    nameRegex: text(),
    includeDeprecated: flag({ default: false }),
    allowUnsafeFilter: flag(),
    tags: map(),
  },

  async invoke({ aws, region }, given) {
    const Filters = toFilters(given, {});
    const { Images = [] } = await aws.ec2.send(
      new DescribeImagesCommand({
        ...(given.owners ? { Owners: given.owners } : {}),
        ...(given.executableUsers ? { ExecutableUsers: given.executableUsers } : {}),
        ...(Filters.length > 0 ? { Filters } : {}),
        IncludeDeprecated: given.includeDeprecated,
      }),
    );
    const pattern = given.nameRegex === undefined ? undefined : new RegExp(given.nameRegex);
    const matching = Images.filter(({ Name }) => pattern === undefined || (Name !== undefined && pattern.test(Name)));
    const newest = [...matching].sort((left, right) =>
      (left.CreationDate ?? "") < (right.CreationDate ?? "") ? 1 : -1,
    );
    const image = onlyOne(given.mostRecent ? newest.slice(0, 1) : newest, "AMI");
    const { tags: _wanted, ...asked } = given;
    return { ...asked, ...describe(image, region), region };
  },
};

function describe(image: Image, region: string) {
  return {
    id: image.ImageId,
    imageId: image.ImageId,
    arn: `arn:aws:ec2:${region}::image/${image.ImageId}`,
    architecture: image.Architecture ?? "",
    blockDeviceMappings: (image.BlockDeviceMappings ?? []).map(({ DeviceName, NoDevice, VirtualName, Ebs }) => ({
      deviceName: DeviceName ?? "",
      noDevice: NoDevice ?? "",
      virtualName: VirtualName ?? "",
      ebs: Object.fromEntries(
        Object.entries(Ebs ?? {}).map(([name, value]) => [name[0]?.toLowerCase() + name.slice(1), String(value)]),
      ),
    })),
    bootMode: image.BootMode ?? "",
    creationDate: image.CreationDate ?? "",
    deprecationTime: image.DeprecationTime ?? "",
    description: image.Description ?? "",
    enaSupport: image.EnaSupport ?? false,
    hypervisor: image.Hypervisor ?? "",
    imageLocation: image.ImageLocation ?? "",
    imageOwnerAlias: image.ImageOwnerAlias ?? "",
    imageType: image.ImageType ?? "",
    imdsSupport: image.ImdsSupport ?? "",
    kernelId: image.KernelId ?? "",
    lastLaunchedTime: image.LastLaunchedTime ?? "",
    name: image.Name ?? "",
    ownerId: image.OwnerId ?? "",
    platform: image.Platform ?? "",
    platformDetails: image.PlatformDetails ?? "",
    productCodes: [],
    public: image.Public ?? false,
    ramdiskId: image.RamdiskId ?? "",
    rootDeviceName: image.RootDeviceName ?? "",
    rootDeviceType: image.RootDeviceType ?? "",
    rootSnapshotId: "",
    sriovNetSupport: image.SriovNetSupport ?? "",
    state: image.State ?? "",
    stateReason: { code: image.StateReason?.Code ?? "UNSET", message: image.StateReason?.Message ?? "UNSET" },
    tags: fromAwsTags(image.Tags),
    tpmSupport: image.TpmSupport ?? "",
    usageOperation: image.UsageOperation ?? "",
    virtualizationType: image.VirtualizationType ?? "",
  };
}
