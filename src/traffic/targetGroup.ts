import * as lb from "@pulumi/aws/lb";
import type * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "../inputs/whenKnown.js";
import type { HealthCheck, HealthCheckTimes } from "./healthCheck.js";

export interface TargetGroupWish {
  readonly vpcId: pulumi.Input<string>;
  /** What servers are registered by: their instance ids, or the addresses of pods. */
  readonly targetType: "instance" | "ip";
  readonly port: pulumi.Input<number>;
  readonly healthCheck: HealthCheck;
  readonly drainSeconds: pulumi.Input<number>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * A target group for one fleet. Pulumi names it: with a fixed name its replacement could not exist beside it, and AWS does not
 * delete one that a listener uses (`ResourceInUse`).
 */
export function createTargetGroup(
  name: string,
  wish: TargetGroupWish,
  opts: pulumi.CustomResourceOptions,
): lb.TargetGroup {
  const { path, matcher, times } = wish.healthCheck;
  const number = (key: keyof HealthCheckTimes): pulumi.Input<number> => whenKnown(times, (known) => known[key]);
  return new lb.TargetGroup(
    name,
    {
      vpcId: wish.vpcId,
      port: wish.port,
      protocol: "HTTP",
      targetType: wish.targetType,
      deregistrationDelay: wish.drainSeconds,
      healthCheck: {
        path,
        matcher,
        protocol: "HTTP",
        interval: number("intervalSeconds"),
        timeout: number("timeoutSeconds"),
        healthyThreshold: number("healthyThreshold"),
        unhealthyThreshold: number("unhealthyThreshold"),
      },
      ...(wish.tags ? { tags: wish.tags } : {}),
    },
    opts,
  );
}
