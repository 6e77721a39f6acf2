import * as autoscaling from "@pulumi/aws/autoscaling";
import type * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import { releaseTags } from "../../plan/releaseTags.js";
import type { FleetPlan } from "../checkFleet.js";
import type { Release } from "../release.js";

export interface GroupWish {
  readonly release: Release;
  readonly fleet: FleetPlan;
  readonly template: ec2.LaunchTemplate;
  readonly targetGroupArn: pulumi.Input<string>;
  readonly startupSeconds: pulumi.Input<number>;
  readonly warmupSeconds: pulumi.Input<number>;
  /** How long the first servers may take until they serve. */
  readonly creationTimeoutSeconds: pulumi.Input<number>;
}

/** The Auto Scaling group of a fleet. */
export function createGroup(name: string, wish: GroupWish, opts: pulumi.CustomResourceOptions): autoscaling.Group {
  const { release, fleet, template } = wish;
  const autoscaled = fleet.scaling !== undefined;
  return new autoscaling.Group(
    name,
    {
      // The servers that run the oldest template go first when the group shrinks.
      terminationPolicies: ["OldestLaunchTemplate", "OldestInstance"],
      // Creation ends when the load balancer finds the servers healthy, not when they merely run.
      minElbCapacity: fleet.desiredCapacity,
      waitForCapacityTimeout: pulumi.output(wish.creationTimeoutSeconds).apply((seconds) => `${seconds}s`),
      ...fleet.group,
      minSize: fleet.minSize,
      desiredCapacity: fleet.desiredCapacity,
      maxSize: fleet.maxSize,
      vpcZoneIdentifiers: fleet.subnetIds,
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      targetGroupArns: [wish.targetGroupArn],
      healthCheckType: "ELB",
      healthCheckGracePeriod: wish.startupSeconds,
      defaultInstanceWarmup: wish.warmupSeconds,
      tags: groupTags(name, release, fleet.tags),
    },
    {
      ...opts,
      // An autoscaler owns the size: an `up` must not set it back to what the program once began with.
      ignoreChanges: [...(opts.ignoreChanges ?? []), ...(autoscaled ? ["desiredCapacity", "minElbCapacity"] : [])],
    },
  );
}

/**
 * Tags that describe the release stay on the group (servers have them from the template): after a rollout the group's tags
 * change last, so they always tell which release the group had before.
 */
function groupTags(name: string, release: Release, own: FleetPlan["tags"]): pulumi.Input<GroupTag[]> {
  const kept = Object.entries(releaseTags(release)).map(([key, value]) => ({ key, value, propagateAtLaunch: false }));
  const named = (tags: Readonly<Record<string, string>>): GroupTag[] => [
    ...Object.entries({ Name: name, ...tags }).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
    ...kept,
  ];
  return own === undefined ? named({}) : pulumi.output(own).apply((tags) => named(tags));
}

interface GroupTag {
  key: string;
  value: string;
  propagateAtLaunch: boolean;
}
