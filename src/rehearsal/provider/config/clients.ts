/** Clients of the AWS services, made when first used, for one region. */
import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { STSClient } from "@aws-sdk/client-sts";
import type { ProviderConfig, ServiceName } from "./config.js";
import { credentialsOf } from "./credentials.js";
import { retriesOf } from "./retries.js";

/** The part of a client that resource types use. */
type Sender<Client extends { send: unknown }> = Pick<Client, "send">;

export interface Aws {
  readonly ec2: Sender<EC2Client>;
  readonly elbv2: Sender<ElasticLoadBalancingV2Client>;
  readonly autoscaling: Sender<AutoScalingClient>;
  readonly cloudwatch: Sender<CloudWatchClient>;
  readonly sts: Sender<STSClient>;
  readonly ssm: Sender<SSMClient>;
}

/** Loading all the clients takes seconds on a busy machine: each is loaded with its first call. */
const LOADERS: Readonly<Record<ServiceName, () => new (options: any) => any>> = {
  ec2: () => require("@aws-sdk/client-ec2").EC2Client,
  elbv2: () => require("@aws-sdk/client-elastic-load-balancing-v2").ElasticLoadBalancingV2Client,
  autoscaling: () => require("@aws-sdk/client-auto-scaling").AutoScalingClient,
  cloudwatch: () => require("@aws-sdk/client-cloudwatch").CloudWatchClient,
  sts: () => require("@aws-sdk/client-sts").STSClient,
  ssm: () => require("@aws-sdk/client-ssm").SSMClient,
};

/**
 * The clients for a region. A service without an endpoint of its own is refused: this provider stands in for the real one in
 * rehearsals, and must never reach a real account by an oversight.
 */
export function awsClients(config: ProviderConfig, region: string): Aws {
  const made = new Map<ServiceName, unknown>();
  const client = (service: ServiceName): any => {
    const endpoint = config.endpoints[service];
    if (!endpoint) {
      throw new Error(
        `no endpoint is set for ${service}. Why: the rehearsal provider talks to a local cloud only, never to a real AWS account. ` +
          "Fix: set AWS_ENDPOINT_URL (http://127.0.0.1:4566 after `npx hitless cloud`), or `endpoints` of the provider; " +
          "for a real account use the real provider",
      );
    }
    let known = made.get(service);
    if (!known) {
      const Client = LOADERS[service]();
      known = new Client({
        region,
        endpoint,
        credentials: credentialsOf(config),
        retryStrategy: retriesOf(config.maxRetries),
      });
      made.set(service, known);
    }
    return known;
  };
  return {
    get ec2() {
      return client("ec2");
    },
    get elbv2() {
      return client("elbv2");
    },
    get autoscaling() {
      return client("autoscaling");
    },
    get cloudwatch() {
      return client("cloudwatch");
    },
    get sts() {
      return client("sts");
    },
    get ssm() {
      return client("ssm");
    },
  };
}
