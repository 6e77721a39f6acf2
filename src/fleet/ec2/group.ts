import * as autoscaling from "@pulumi/aws/autoscaling";
import type * as ec2 from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "../../inputs/whenKnown.js";
import { COMPONENT_TAG, releaseTags } from "../../plan/releaseTags.js";
import type { WishedSizes } from "../platform.js";
import type { Ec2Plan } from "./checkFleet.js";
import type { Ec2Release } from "./checkRelease.js";

export interface GroupWish {
  readonly release: Ec2Release;
  readonly fleet: Ec2Plan;
  readonly template: ec2.LaunchTemplate;
  readonly targetGroupArn: pulumi.Input<string>;
  readonly startupSeconds: pulumi.Input<number>;
  readonly warmupSeconds: pulumi.Input<number>;
  /** How long the first servers may take until they serve; with `awaits: "provider"`. */
  readonly creationTimeoutSeconds?: pulumi.Input<number>;
  /**
   * Who waits for new servers to be healthy. The provider waits for good only when the target group is already in an action of the load
   * balancer; a gate of the entrance waits otherwise, after it has put the target group there.
   */
  readonly awaits: "provider" | "gate";
  readonly sizes: WishedSizes;
  /** `COMPONENT_TAG`'s value. */
  readonly component: string;
}

/** The Auto Scaling group of a fleet. */
export function createGroup(name: string, wish: GroupWish, opts: pulumi.CustomResourceOptions): autoscaling.Group {
  const { release, fleet, template } = wish;
  const { minSize, desiredCapacity, maxSize, autoscaled } = wish.sizes;
  return new autoscaling.Group(
    name,
    {
      // The servers that run the oldest template go first when the group shrinks.
      terminationPolicies: ["OldestLaunchTemplate", "OldestInstance"],
      ...waiting(wish, desiredCapacity ?? minSize),
      ...fleet.group,
      minSize,
      ...(desiredCapacity !== undefined ? { desiredCapacity } : {}),
      maxSize,
      vpcZoneIdentifiers: fleet.subnetIds,
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      targetGroupArns: [wish.targetGroupArn],
      healthCheckType: "ELB",
      healthCheckGracePeriod: wish.startupSeconds,
      defaultInstanceWarmup: wish.warmupSeconds,
      tags: groupTags(name, release, fleet.tags, wish.component),
    },
    {
      ...opts,
      // An autoscaler owns the size: an `up` must not set it back to what the program once began with.
      ignoreChanges: [...(opts.ignoreChanges ?? []), ...(autoscaled ? ["desiredCapacity", "minElbCapacity"] : [])],
    },
  );
}

/** Creation ends when the load balancer finds the servers healthy, not when they merely run; or at once, when a gate waits. */
function waiting(wish: GroupWish, servers: number): Partial<autoscaling.GroupArgs> {
  if (wish.awaits === "gate") return { waitForCapacityTimeout: "0" };
  const timeout = whenKnown(wish.creationTimeoutSeconds ?? DEFAULT_CREATION_SECONDS, (seconds) => `${seconds}s`);
  return { minElbCapacity: servers, waitForCapacityTimeout: timeout };
}

/** The provider's own default. */
const DEFAULT_CREATION_SECONDS = 600;

/**
 * Tags that describe the release stay on the group (servers have them from the template): after a rollout the group's tags
 * change last, so they always tell which release the group had before.
 */
function groupTags(
  name: string,
  release: Ec2Release,
  own: Ec2Plan["tags"],
  component: string,
): pulumi.Input<GroupTag[]> {
  const about = { ...releaseTags(release), [COMPONENT_TAG]: component };
  const kept = Object.entries(about).map(([key, value]) => ({ key, value, propagateAtLaunch: false }));
  const named = (tags: Readonly<Record<string, string>>): GroupTag[] => [
    ...Object.entries({ Name: name, ...tags }).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
    ...kept,
  ];
  return own === undefined ? named({}) : whenKnown(own, (tags) => named(tags));
}

interface GroupTag {
  key: string;
  value: string;
  propagateAtLaunch: boolean;
}
