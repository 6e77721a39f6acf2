import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "../../inputs/whenKnown.js";
import { fleetSelector, objectName } from "../../plan/kubernetesNames.js";
import { SERVICE_PORT } from "../../traffic/podService.js";
import type { KubernetesWish } from "./podTemplate.js";

/**
 * Tells the AWS Load Balancer Controller to register the Service's pods with the fleet's target group, by their addresses. Weights then work
 * as for servers. (AWS Load Balancer Controller documentation, "TargetGroupBinding".)
 */
export function createTargetGroupBinding(
  name: string,
  wish: KubernetesWish,
  service: Service,
  opts: pulumi.CustomResourceOptions,
): CustomResource {
  const { args, place } = wish.fleet;
  const from = args.loadBalancerSecurityGroupIds;
  return new CustomResource(
    objectName(name),
    {
      apiVersion: "elbv2.k8s.aws/v1beta1",
      kind: "TargetGroupBinding",
      metadata: { namespace: place.namespace, labels: fleetSelector(wish.component, name) },
      spec: {
        serviceRef: { name: service.metadata.name, port: SERVICE_PORT },
        targetGroupARN: wish.target.id,
        targetType: "ip",
        ...(from !== undefined ? { networking: { ingress: whenKnown(from, (ids) => [rule(ids, place.port)]) } } : {}),
      },
    },
    opts,
  );
}

function rule(ids: readonly string[], port: pulumi.Input<number>): object {
  return {
    from: ids.map((groupID) => ({ securityGroup: { groupID } })),
    ports: [{ port, protocol: "TCP" }],
  };
}
