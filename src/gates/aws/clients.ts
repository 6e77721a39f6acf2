import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { credentialsFor, endpointOf } from "./credentials.js";
import type { ProviderSettings } from "./providerSettings.js";

/** The clients that gates use. */
export interface Clients {
  readonly autoScaling: AutoScalingClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
  readonly ec2: EC2Client;
  /** Loaded when the first alarm is asked for: many programs watch none. */
  cloudWatch(): Promise<CloudWatchClient>;
}

/** A gate watches for minutes, so it bears more throttling than the SDK's three attempts. */
const DEFAULT_ATTEMPTS = 12;

/**
 * Clients that reach AWS as the component's provider does.
 * @param region where the resource is that the gate guards; it is not for the provider's default to say
 */
export async function makeClients(settings: ProviderSettings, region: string): Promise<Clients> {
  const [{ AutoScalingClient }, { ElasticLoadBalancingV2Client }, { EC2Client }, { GateRetries }] = await Promise.all([
    import("@aws-sdk/client-auto-scaling"),
    import("@aws-sdk/client-elastic-load-balancing-v2"),
    import("@aws-sdk/client-ec2"),
    import("./retries.js"),
  ]);
  const credentials = await credentialsFor(settings, region);
  const attempts = Math.max(DEFAULT_ATTEMPTS, (settings.maxRetries ?? 0) + 1);
  const common = {
    region,
    maxAttempts: attempts,
    ...(credentials ? { credentials } : {}),
    ...(settings.useFipsEndpoint !== undefined ? { useFipsEndpoint: settings.useFipsEndpoint } : {}),
    ...(settings.useDualstackEndpoint !== undefined ? { useDualstackEndpoint: settings.useDualstackEndpoint } : {}),
  };
  const at = (...services: string[]) => {
    const endpoint = endpointOf(settings, ...services);
    // Each client has a strategy of its own, as it learns from throttling what its service bears.
    const own = { ...common, retryStrategy: new GateRetries(attempts) };
    return endpoint === undefined ? own : { ...own, endpoint };
  };
  let cloudWatch: Promise<CloudWatchClient> | undefined;
  return {
    cloudWatch: () => {
      cloudWatch ??= import("@aws-sdk/client-cloudwatch").then((sdk) => new sdk.CloudWatchClient(at("cloudwatch")));
      return cloudWatch;
    },
    autoScaling: new AutoScalingClient(at("autoscaling")),
    loadBalancing: new ElasticLoadBalancingV2Client(at("elbv2", "elb")),
    ec2: new EC2Client(at("ec2")),
  };
}
