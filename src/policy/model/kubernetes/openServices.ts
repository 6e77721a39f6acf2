import { type StackResource, TYPES } from "../resource.js";
import type { StackModel } from "../stack.js";
import { list, text, UNKNOWN } from "../values.js";
import { mapAt, servicesOf } from "./objects.js";

/** A Service that may give the pods of a fleet a second way in. */
export interface OpenService {
  readonly service: StackResource;
  readonly fleet: string;
  /** Set while it cannot be told: what is not known. */
  readonly hidden?: string;
}

/** Services of type LoadBalancer before pods that stand behind an entrance, open to everybody. */
export function openServices({ fleets, resources }: StackModel): OpenService[] {
  return fleets.flatMap(({ resource, places, name: fleet }): OpenService[] => {
    if (resource.type !== TYPES.deployment || places.length === 0) return [];
    return servicesOf(resource, resources).found.flatMap((service): OpenService[] => {
      const type = text(service.props, "spec", "type");
      if (type === UNKNOWN) return [{ service, fleet, hidden: "the type" }];
      if (type !== "LoadBalancer") return [];
      const sources = list(service.props, "spec", "loadBalancerSourceRanges");
      if (sources === UNKNOWN) return [{ service, fleet, hidden: "loadBalancerSourceRanges" }];
      const closed = sources.length > 0 && !sources.some((source) => source === "0.0.0.0/0" || source === "::/0");
      return closed || isInternal(service) ? [] : [{ service, fleet }];
    });
  });
}

/** The AWS Load Balancer Controller makes internal ones unless it is told otherwise; Kubernetes' own part for AWS makes public ones. */
function isInternal(service: StackResource): boolean {
  const annotations = mapAt(service.props, "metadata", "annotations");
  const scheme = annotations["service.beta.kubernetes.io/aws-load-balancer-scheme"];
  const legacy = annotations["service.beta.kubernetes.io/aws-load-balancer-internal"];
  const controllers = text(service.props, "spec", "loadBalancerClass") === "service.k8s.aws/nlb";
  return scheme === "internal" || (scheme === undefined && controllers) || legacy === "true";
}
