/** What a launch template launches: the properties and their form on the wire. */
import type { RequestLaunchTemplateData, ResponseLaunchTemplateData } from "@aws-sdk/client-ec2";
import { isRecord, isUnknown, type Values } from "../../protocol/values.js";
import { flag, integer, list, map, object, type Properties, type Property, set, text } from "../../schema/property.js";
import { fromAwsTags, toAwsTags } from "../../tags.js";

/** The real provider writes these as text: "true", "false" or "" for "not given". */
const flagText: Property = text({ oneOf: ["true", "false", ""] });

export const DATA_PROPERTIES: Properties = {
  imageId: text(),
  instanceType: text({ conflictsWith: ["instanceRequirements"] }),
  keyName: text(),
  userData: text({ same: sameBase64 }),
  ebsOptimized: flagText,
  disableApiStop: flag(),
  disableApiTermination: flag(),
  instanceInitiatedShutdownBehavior: text({ oneOf: ["stop", "terminate"] }),
  vpcSecurityGroupIds: set(text()),
  iamInstanceProfile: object({ arn: text({ conflictsWith: ["name"] }), name: text({ conflictsWith: ["arn"] }) }),
  monitoring: object({ enabled: flag() }),
  metadataOptions: object(
    {
      httpEndpoint: text({ computed: true, oneOf: ["enabled", "disabled"] }),
      httpProtocolIpv6: text({ computed: true, oneOf: ["enabled", "disabled"] }),
      httpPutResponseHopLimit: integer({ computed: true, range: [1, 64] }),
      httpTokens: text({ computed: true, oneOf: ["optional", "required"] }),
      instanceMetadataTags: text({ computed: true, oneOf: ["enabled", "disabled"] }),
    },
    { computed: true },
  ),
  creditSpecification: object({ cpuCredits: text({ oneOf: ["standard", "unlimited"] }) }),
  placement: object({ availabilityZone: text(), groupName: text(), tenancy: text() }),
  tagSpecifications: list(object({ resourceType: text(), tags: map() })),
  networkInterfaces: list(
    object({
      associatePublicIpAddress: flagText,
      deleteOnTermination: flagText,
      description: text(),
      deviceIndex: integer(),
      securityGroups: set(text()),
      subnetId: text(),
    }),
  ),
  blockDeviceMappings: list(
    object({
      deviceName: text(),
      noDevice: text(),
      virtualName: text(),
      ebs: object({
        deleteOnTermination: flagText,
        encrypted: flagText,
        iops: integer({ computed: true }),
        kmsKeyId: text(),
        snapshotId: text(),
        throughput: integer({ computed: true }),
        volumeSize: integer({ computed: true }),
        volumeType: text({ computed: true }),
      }),
    }),
  ),
};

const LIMIT_BYTES = 16384;

/** EC2 takes user data as base64 of at most 16 KB before encoding (EC2 user guide). */
export function userDataFaults(userData: unknown): { property: string; reason: string }[] {
  if (typeof userData !== "string") return [];
  const bytes = Buffer.from(userData, "base64");
  const property = "userData";
  if (bytes.toString("base64").replace(/=+$/, "") !== userData.replace(/\s/g, "").replace(/=+$/, "")) {
    const fix = 'Fix: Buffer.from(script).toString("base64")';
    return [{ property, reason: `\`userData\` is not base64, which a launch template needs. ${fix}` }];
  }
  if (bytes.length <= LIMIT_BYTES) return [];
  return [{ property, reason: `\`userData\` is ${bytes.length} bytes long, ${LIMIT_BYTES} is the limit of AWS` }];
}

export function toTemplateData(planned: Values): RequestLaunchTemplateData {
  const data: RequestLaunchTemplateData = {
    ImageId: planned.imageId,
    InstanceType: planned.instanceType,
    KeyName: planned.keyName,
    UserData: planned.userData,
    EbsOptimized: toFlag(planned.ebsOptimized),
    DisableApiStop: planned.disableApiStop,
    DisableApiTermination: planned.disableApiTermination,
    InstanceInitiatedShutdownBehavior: planned.instanceInitiatedShutdownBehavior,
    SecurityGroupIds: planned.vpcSecurityGroupIds,
    IamInstanceProfile: capitalised(planned.iamInstanceProfile),
    Monitoring: capitalised(planned.monitoring),
    MetadataOptions: capitalised(planned.metadataOptions),
    CreditSpecification: planned.creditSpecification
      ? { CpuCredits: planned.creditSpecification.cpuCredits }
      : undefined,
    Placement: capitalised(planned.placement),
    TagSpecifications: planned.tagSpecifications?.map(({ resourceType, tags }: Values) => ({
      ResourceType: resourceType,
      Tags: toAwsTags(tags),
    })),
    NetworkInterfaces: planned.networkInterfaces?.map(({ securityGroups, ...rest }: Values) => ({
      ...capitalised(withFlags(rest, "associatePublicIpAddress", "deleteOnTermination")),
      ...(securityGroups ? { Groups: securityGroups } : {}),
    })),
    BlockDeviceMappings: planned.blockDeviceMappings?.map(({ ebs, ...rest }: Values) => ({
      ...capitalised(rest),
      ...(ebs ? { Ebs: capitalised(withFlags(ebs, "deleteOnTermination", "encrypted")) } : {}),
    })),
  };
  const given = Object.entries(data).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as RequestLaunchTemplateData;
}

/** @param known tells the wanted spelling of flags that are written as text */
export function fromTemplateData(data: ResponseLaunchTemplateData = {}, known: Values): Values {
  const state: Values = {
    imageId: data.ImageId,
    instanceType: data.InstanceType,
    keyName: data.KeyName,
    userData: data.UserData,
    ebsOptimized: toText(data.EbsOptimized),
    disableApiStop: data.DisableApiStop,
    disableApiTermination: data.DisableApiTermination,
    instanceInitiatedShutdownBehavior: data.InstanceInitiatedShutdownBehavior,
    vpcSecurityGroupIds: data.SecurityGroupIds,
    iamInstanceProfile: uncapitalised(data.IamInstanceProfile),
    monitoring: uncapitalised(data.Monitoring),
    metadataOptions: metadataOf(data.MetadataOptions, known.metadataOptions),
    creditSpecification: uncapitalised(data.CreditSpecification),
    placement: uncapitalised(data.Placement),
    tagSpecifications: data.TagSpecifications?.map(({ ResourceType, Tags }) => ({
      resourceType: ResourceType,
      tags: fromAwsTags(Tags),
    })),
    networkInterfaces: data.NetworkInterfaces?.map(({ Groups, ...rest }) => ({
      ...withTexts(uncapitalised(rest) ?? {}, "associatePublicIpAddress", "deleteOnTermination"),
      ...(Groups && Groups.length > 0 ? { securityGroups: Groups } : {}),
    })),
    blockDeviceMappings: data.BlockDeviceMappings?.map(({ Ebs, ...rest }) => ({
      ...uncapitalised(rest),
      ...(Ebs ? { ebs: withTexts(uncapitalised(Ebs) ?? {}, "deleteOnTermination", "encrypted") } : {}),
    })),
  };
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
}

function metadataOf(options: ResponseLaunchTemplateData["MetadataOptions"], known: Values | undefined): unknown {
  if (!options) return known;
  const { State: _state, ...rest } = options;
  return uncapitalised(rest);
}

/** `{ httpTokens }` → `{ HttpTokens }`: the properties keep AWS's names but for the first letter. */
function capitalised(values: Values | undefined): any {
  if (!isRecord(values)) return undefined;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name[0]?.toUpperCase() + name.slice(1), value]),
  );
}

function uncapitalised(values: object | undefined): Values | undefined {
  if (!values) return undefined;
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name[0]?.toLowerCase() + name.slice(1), value]));
}

function withFlags(values: Values, ...names: string[]): Values {
  return { ...values, ...Object.fromEntries(names.map((name) => [name, toFlag(values[name])])) };
}

function withTexts(values: Values, ...names: string[]): Values {
  const texts = names.map((name) => [name, toText(values[name])]).filter(([, value]) => value !== undefined);
  return { ...values, ...Object.fromEntries(texts) };
}

const toFlag = (value: unknown): boolean | undefined =>
  value === undefined || value === "" ? undefined : value === "true";
const toText = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));

function sameBase64(left: unknown, right: unknown): boolean {
  if (isUnknown(left) || isUnknown(right)) return false;
  return Buffer.from(String(left), "base64").equals(Buffer.from(String(right), "base64"));
}
