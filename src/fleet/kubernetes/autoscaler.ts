import type { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import type * as pulumi from "@pulumi/pulumi";
import { fleetSelector, objectName } from "../../plan/kubernetesNames.js";
import type { KubernetesWish } from "./podTemplate.js";

/** The autoscaler of a fleet that has one. It leaves a Deployment with no pods alone, so an emptied environment stays empty. */
export function createAutoscaler(
  name: string,
  wish: KubernetesWish,
  deployment: Deployment,
  opts: pulumi.CustomResourceOptions,
): HorizontalPodAutoscaler | undefined {
  const { scaling, minSize, maxSize, place } = wish.fleet;
  if (!scaling) return undefined;
  const measure =
    scaling.cpuPercent !== undefined
      ? { name: "cpu", averageUtilization: scaling.cpuPercent }
      : { name: "memory", averageUtilization: scaling.memoryPercent as pulumi.Input<number> };
  const { averageUtilization } = measure;
  return new HorizontalPodAutoscaler(
    objectName(name),
    {
      metadata: {
        namespace: place.namespace,
        labels: fleetSelector(wish.component, name),
        // It has nothing to measure until pods have users.
        annotations: { "pulumi.com/skipAwait": "true" },
      },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment.metadata.name },
        minReplicas: Math.max(1, minSize),
        maxReplicas: maxSize,
        metrics: [
          { type: "Resource", resource: { name: measure.name, target: { type: "Utilization", averageUtilization } } },
        ],
      },
    },
    opts,
  );
}
