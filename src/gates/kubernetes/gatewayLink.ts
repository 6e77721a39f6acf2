import type * as pulumi from "@pulumi/pulumi";
import type { AlarmCloud } from "../alarmCloud.js";
import type { BalancerCloud } from "../balancerCloud.js";
import { connectKube } from "./connectKube.js";
import { GatewayBalancer } from "./gatewayBalancer.js";
import { kubeSettingsOf } from "./kubeSettings.js";

/** A Gateway as one component's provider reaches it. */
export interface GatewayLink {
  balancer(subject: string): Promise<BalancerCloud & AlarmCloud>;
}

/**
 * The Gateway as a component's Kubernetes provider reaches it. Call it while the program is built.
 * @param owner `COMPONENT_TAG`'s value
 * @param namespace the fleets' namespace
 */
export function gatewayLink(
  component: pulumi.ComponentResource,
  owner: string,
  namespace: Promise<string>,
): GatewayLink {
  const settings = kubeSettingsOf(component);
  return {
    balancer: async (subject) =>
      new GatewayBalancer(connectKube(subject, await settings), { component: owner, namespace: await namespace }),
  };
}
