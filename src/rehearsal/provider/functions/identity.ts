/** `aws.getRegion`, `aws.getPartition`, `aws.getDefaultTags` and `aws.getCallerIdentity` */
import type { FunctionType } from "../resource.js";
import { text } from "../schema/property.js";

export const getRegion: FunctionType = {
  token: "aws:index/getRegion:getRegion",
  arguments: { region: text(), id: text(), name: text(), endpoint: text() },

  async invoke({ region }, { endpoint, name }) {
    const found = name ?? endpoint?.match(/^ec2\.([^.]+)\./)?.[1] ?? region;
    return { id: found, name: found, region: found, endpoint: `ec2.${found}.amazonaws.com`, description: found };
  },
};

export const getPartition: FunctionType = {
  token: "aws:index/getPartition:getPartition",
  arguments: { id: text() },

  async invoke() {
    // The local cloud is of the commercial partition.
    return { id: "aws", partition: "aws", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" };
  },
};

export const getCallerIdentity: FunctionType = {
  token: "aws:index/getCallerIdentity:getCallerIdentity",
  arguments: { id: text() },

  async invoke({ aws }) {
    const { GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
    const { Account, Arn, UserId } = await aws.sts.send(new GetCallerIdentityCommand({}));
    return { id: Account, accountId: Account, arn: Arn, userId: UserId };
  },
};

export const getDefaultTags: FunctionType = {
  token: "aws:index/getDefaultTags:getDefaultTags",
  arguments: { id: text() },

  async invoke({ defaultTags }) {
    return { id: "aws", tags: defaultTags };
  },
};
