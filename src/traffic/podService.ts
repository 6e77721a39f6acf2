import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type * as pulumi from "@pulumi/pulumi";
import { selectorHooks } from "../gates/kubernetes/selectorHooks.js";
import { COMPONENT_LABEL, fleetSelector, objectName } from "../plan/kubernetesNames.js";

/** The one port of a fleet's Service. */
export const SERVICE_PORT = 80;

/** What the port that the app listens on is called in its pods. */
export const POD_PORT = "http";

export interface PodServiceWish {
  /** `COMPONENT_TAG`'s value. */
  readonly component: string;
  readonly namespace: pulumi.Input<string>;
}

/** The Service that tells which addresses a fleet's pods have; nobody needs its own address. */
export function createPodService(name: string, wish: PodServiceWish, opts: pulumi.CustomResourceOptions): Service {
  const selector = fleetSelector(wish.component, name);
  return new Service(
    objectName(name),
    {
      metadata: {
        namespace: wish.namespace,
        labels: { [COMPONENT_LABEL]: selector[COMPONENT_LABEL] as string },
        // It stands before its pods: readiness gates are given to pods whose Service is there when they start.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        type: "ClusterIP",
        selector,
        // By its name: in a rollout to another port each pod is reached at its own.
        ports: [{ name: "http", port: SERVICE_PORT, targetPort: POD_PORT, protocol: "TCP" }],
      },
    },
    {
      ...opts,
      hooks: { ...opts.hooks, ...selectorHooks(opts.parent as pulumi.ComponentResource, name, "service") },
    },
  );
}
