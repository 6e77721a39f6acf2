import * as autoscaling from "@aws-sdk/client-auto-scaling";
import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as ec2 from "@aws-sdk/client-ec2";
import * as elbv2 from "@aws-sdk/client-elastic-load-balancing-v2";
import * as ssm from "@aws-sdk/client-ssm";
import * as sts from "@aws-sdk/client-sts";
import { AwsQueryProtocol } from "@aws-sdk/core/protocols";
import { SmithyRpcV2CborProtocol } from "@smithy/core/cbor";
import type { ServiceId } from "../../../../src/rehearsal/cloud/service.js";

/** The real SDK's client for a service, in one of the protocols that it is known to speak. */
export interface Speaker {
  readonly title: string;
  readonly service: ServiceId;
  readonly commands: Readonly<Record<string, unknown>>;
  readonly connect: (config: Record<string, unknown>) => { send(command: any): Promise<any>; destroy(): void };
}

const common = {
  region: "eu-west-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  maxAttempts: 1,
};

export const speakers: readonly Speaker[] = [
  {
    title: "elbv2 (query)",
    service: "elbv2",
    commands: elbv2,
    connect: (config) => new elbv2.ElasticLoadBalancingV2Client({ ...common, ...config }),
  },
  {
    title: "autoscaling (query)",
    service: "autoscaling",
    commands: autoscaling,
    connect: (config) => new autoscaling.AutoScalingClient({ ...common, ...config }),
  },
  {
    title: "sts (query)",
    service: "sts",
    commands: sts,
    connect: (config) => new sts.STSClient({ ...common, ...config }),
  },
  {
    title: "ec2 (EC2 query)",
    service: "ec2",
    commands: ec2,
    connect: (config) => new ec2.EC2Client({ ...common, ...config }),
  },
  {
    title: "ssm (JSON 1.1)",
    service: "ssm",
    commands: ssm,
    connect: (config) => new ssm.SSMClient({ ...common, ...config }),
  },
  {
    title: "cloudwatch (JSON 1.0)",
    service: "cloudwatch",
    commands: cloudwatch,
    connect: (config) => new cloudwatch.CloudWatchClient({ ...common, ...config }),
  },
  {
    title: "cloudwatch (CBOR)",
    service: "cloudwatch",
    commands: cloudwatch,
    connect: (config) =>
      new cloudwatch.CloudWatchClient({ ...common, protocol: SmithyRpcV2CborProtocol as never, ...config }),
  },
  {
    title: "cloudwatch (query)",
    service: "cloudwatch",
    commands: cloudwatch,
    connect: (config) => new cloudwatch.CloudWatchClient({ ...common, protocol: AwsQueryProtocol as never, ...config }),
  },
];
