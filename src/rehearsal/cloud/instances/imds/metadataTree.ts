import { macOf, privateDnsNameOf } from "../addresses.js";
import type { InstanceSpec } from "../runtime.js";
import { decodeUserData } from "../userData.js";

/** A directory of the metadata service, or a value. */
export type MetadataNode = string | Buffer | { readonly [name: string]: MetadataNode };

/** When the instance was launched; its identity document says so. */
export interface MetadataMoment {
  readonly launchedAt: Date;
}

/** Everything that an instance can read about itself, by the names of the EC2 guide's "Instance metadata categories". */
export function metadataTree(spec: InstanceSpec, moment: MetadataMoment): MetadataNode {
  const hostName = privateDnsNameOf(spec.privateIpAddress, spec.region);
  const mac = macOf(spec.privateIpAddress);
  return {
    "meta-data": {
      "ami-id": spec.imageId,
      "ami-launch-index": "0",
      hostname: hostName,
      ...(spec.instanceProfileArn === undefined ? {} : { iam: iam(spec.instanceProfileArn, moment) }),
      "instance-action": "none",
      "instance-id": spec.instanceId,
      "instance-life-cycle": "on-demand",
      "instance-type": spec.instanceType,
      "local-hostname": hostName,
      "local-ipv4": spec.privateIpAddress,
      mac,
      network: {
        interfaces: {
          macs: {
            [mac]: {
              "device-number": "0",
              "local-hostname": hostName,
              "local-ipv4s": spec.privateIpAddress,
              mac,
              "owner-id": spec.accountId,
              "subnet-ipv4-cidr-block": spec.subnetCidr,
              "vpc-ipv4-cidr-block": spec.vpcCidr,
            },
          },
        },
      },
      placement: { "availability-zone": spec.availabilityZone, region: spec.region },
      "reservation-id": spec.reservationId,
      services: { domain: "amazonaws.com", partition: "aws" },
      ...(spec.metadata.instanceMetadataTags ? { tags: { instance: { ...spec.tags } } } : {}),
    },
    dynamic: { "instance-identity": { document: identityDocument(spec, moment) } },
    ...(spec.userData ? { "user-data": decodeUserData(spec.userData) } : {}),
  };
}

/**
 * What stands at a path such as "meta-data/placement/": a value as it is, a directory as the list of its names, those of
 * directories with a slash at their end. undefined where there is nothing.
 */
export function lookUp(tree: MetadataNode, path: string): string | Buffer | undefined {
  let node: MetadataNode | undefined = tree;
  for (const name of path.split("/").filter((part) => part !== "")) {
    if (typeof node === "string" || Buffer.isBuffer(node) || !Object.hasOwn(node, name)) return undefined;
    node = (node as { readonly [name: string]: MetadataNode })[name];
    if (node === undefined) return undefined;
  }
  if (typeof node === "string" || Buffer.isBuffer(node)) return node;
  return Object.entries(node)
    .map(([name, child]) => (typeof child === "string" || Buffer.isBuffer(child) ? name : `${name}/`))
    .sort()
    .join("\n");
}

function identityDocument(spec: InstanceSpec, moment: MetadataMoment): string {
  return JSON.stringify(
    {
      accountId: spec.accountId,
      architecture: process.arch === "arm64" ? "arm64" : "x86_64",
      availabilityZone: spec.availabilityZone,
      imageId: spec.imageId,
      instanceId: spec.instanceId,
      instanceType: spec.instanceType,
      pendingTime: isoSeconds(moment.launchedAt),
      privateIp: spec.privateIpAddress,
      region: spec.region,
      version: "2017-09-30",
    },
    null,
    2,
  );
}

function iam(profileArn: string, moment: MetadataMoment): MetadataNode {
  const role = profileArn.split("/").at(-1) as string;
  const updated = isoSeconds(moment.launchedAt);
  return {
    info: JSON.stringify(
      {
        Code: "Success",
        LastUpdated: updated,
        InstanceProfileArn: profileArn,
        InstanceProfileId: "AIPAREHEARSALREHEARSAL",
      },
      null,
      2,
    ),
    "security-credentials": {
      // The local cloud takes any credentials; these let an SDK inside the instance find some in the usual place.
      [role]: JSON.stringify(
        {
          Code: "Success",
          LastUpdated: updated,
          Type: "AWS-HMAC",
          AccessKeyId: "ASIAREHEARSALREHEARS",
          SecretAccessKey: "rehearsal",
          Token: "rehearsal",
          Expiration: isoSeconds(new Date(moment.launchedAt.getTime() + 365 * 86_400_000)),
        },
        null,
        2,
      ),
    },
  };
}

const isoSeconds = (date: Date): string => date.toISOString().replace(/\.\d{3}Z$/, "Z");
