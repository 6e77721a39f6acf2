import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../awsError.js";
import type { LoadBalancerRecord } from "../model.js";
import type { Store } from "../store.js";
import { weightsOf } from "../weights.js";

/** Holds a rule's forward action against the groups that it names: they exist, serve no other load balancer, agree on stickiness. */
export function requireForwardable(store: Store, loadBalancer: LoadBalancerRecord, actions: readonly Action[]): void {
  const groups = weightsOf(actions).map(({ targetGroupArn }) => store.targetGroup(targetGroupArn));
  for (const group of groups) {
    const other = store.loadBalancerOf(group.arn);
    if (other && other.arn !== loadBalancer.arn) {
      throw new AwsError(
        "TargetGroupAssociationLimit",
        `The following target groups cannot be associated with more than one load balancer: ${group.arn}`,
      );
    }
    if (group.vpcId !== loadBalancer.vpcId) {
      throw new AwsError(
        "InvalidConfigurationRequest",
        `Target group '${group.arn}' is in the VPC '${group.vpcId}', the load balancer in '${loadBalancer.vpcId}'`,
      );
    }
  }
  const named = new Set([...store.groupsOf(loadBalancer.arn), ...groups].map((group) => group.arn));
  // ALB guide, quotas: a hundred target groups per load balancer.
  if (named.size > 100) {
    throw new AwsError(
      "TooManyUniqueTargetGroupsPerLoadBalancer",
      "A load balancer can have at most 100 target groups",
    );
  }
  const sticky = groups.find((group) => group.attributes["stickiness.enabled"] === "true");
  const groupStickiness = actions.some((action) => action.ForwardConfig?.TargetGroupStickinessConfig?.Enabled);
  if (groups.length > 1 && sticky && !groupStickiness) {
    throw new AwsError(
      "InvalidLoadBalancerAction",
      `You must enable group stickiness on a rule if you enabled target stickiness on one of its target groups ('${sticky.arn}')`,
    );
  }
}
