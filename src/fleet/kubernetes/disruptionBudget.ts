import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type * as pulumi from "@pulumi/pulumi";
import { fleetSelector, objectName } from "../../plan/kubernetesNames.js";
import type { KubernetesWish } from "./podTemplate.js";

/** Of a fleet's pods, nodes that are drained may take this share at once; Kubernetes rounds it up, so a node can always be drained. */
const AT_ONCE = "20%";

export function createDisruptionBudget(
  name: string,
  wish: KubernetesWish,
  opts: pulumi.CustomResourceOptions,
): PodDisruptionBudget {
  const selector = fleetSelector(wish.component, name);
  return new PodDisruptionBudget(
    objectName(name),
    {
      metadata: { namespace: wish.fleet.place.namespace, labels: selector },
      spec: {
        maxUnavailable: AT_ONCE,
        selector: { matchLabels: selector },
        // A pod that does not work holds no node up.
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    },
    opts,
  );
}
