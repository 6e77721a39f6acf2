import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";

/** AWS's own clients, on the local cloud: somebody else's hands. */
export interface CloudClients {
  autoScaling(): Promise<AutoScalingClient>;
  loadBalancing(): Promise<ElasticLoadBalancingV2Client>;
  close(): void;
}

/** Somebody else meets a throttled API as well, and tries again. */
const ATTEMPTS = 12;

/** @param url of the local cloud; the user's own credentials and endpoints are never used */
export function cloudClients(url: string, region: string): CloudClients {
  const settings = {
    endpoint: url,
    region,
    credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" },
    maxAttempts: ATTEMPTS,
  };
  let autoScaling: AutoScalingClient | undefined;
  let loadBalancing: ElasticLoadBalancingV2Client | undefined;
  return {
    autoScaling: async () => {
      const sdk = await import("@aws-sdk/client-auto-scaling");
      autoScaling ??= new sdk.AutoScalingClient(settings);
      return autoScaling;
    },
    loadBalancing: async () => {
      const sdk = await import("@aws-sdk/client-elastic-load-balancing-v2");
      loadBalancing ??= new sdk.ElasticLoadBalancingV2Client(settings);
      return loadBalancing;
    },
    close: () => {
      autoScaling?.destroy();
      loadBalancing?.destroy();
    },
  };
}
