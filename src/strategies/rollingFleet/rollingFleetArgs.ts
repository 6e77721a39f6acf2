import type * as pulumi from "@pulumi/pulumi";
import type { FleetArgs } from "../../fleet/ec2/fleetArgs.js";
import type { PlatformFleet } from "../../fleet/platform.js";
import type { ReleaseArgs } from "../../fleet/release.js";
import type { EntranceArgs } from "../../traffic/entranceArgs.js";
import type { PlatformEntrance } from "../../traffic/front.js";
import type { HealthCheckArgs } from "../../traffic/healthCheck.js";

/** What an `up` does when another rollout of the fleet is still running. */
export const WhenBusy = {
  /** Stop it and roll to the new release at once. */
  Supersede: "supersede",
  /** Let it end, then roll. */
  Queue: "queue",
  /** Refuse, and let it go on. */
  Fail: "fail",
} as const;
export type WhenBusy = (typeof WhenBusy)[keyof typeof WhenBusy];

/** Arguments of a `RollingFleet`. */
export interface RollingFleetArgs {
  /** What runs. A change is rolled out batch by batch, and `preview` shows the launch template and the group updated in place. */
  readonly release: ReleaseArgs;
  /** Where servers run and how many: on EC2, or `kubernetes({…})` of `hitless/kubernetes`. */
  readonly fleet: FleetArgs | PlatformFleet;
  /** Where traffic comes in: at an Application Load Balancer, or `gateway({…})` of `hitless/kubernetes`. */
  readonly entrance: EntranceArgs | PlatformEntrance;
  /** How the load balancer tells whether a server works. */
  readonly healthCheck: HealthCheckArgs;
  /**
   * How many servers are replaced at once, a plain whole number from 1 to `fleet.desiredCapacity`. When the fleet is smaller than
   * that at the time of a rollout, all of it is (without `surge`: all but one). A change shows nothing until the next release.
   *
   * AWS takes whole percentages, so with `surge` there may be one server more than the batch where no whole percentage hits it.
   * @default from batchPercentage
   */
  readonly batchSize?: number;
  /**
   * How many servers are replaced at once, in percent of the fleet's size at that time, 1 to 100; rounded down, at least one. Not
   * together with `batchSize`.
   * @default 20
   */
  readonly batchPercentage?: number;
  /**
   * Start the new servers of a batch before the old ones go, so that never fewer than all serve. Without it no extra server
   * runs, a batch is taken out of service first, and the fleet has to be larger than the batch.
   * @default true
   */
  readonly surge?: boolean;
  /**
   * Seconds that a leaving server has to finish its requests, 0 to 3600: longer than your longest request. A change updates the
   * target group in place.
   * @default 60
   */
  readonly drainSeconds?: pulumi.Input<number>;
  /**
   * Seconds that a new server may take from its launch to its first passing health check, 0 to 7200. Until then failing checks do
   * not count against it (the group's health check grace period). A change updates the group in place.
   * @default 300
   */
  readonly startupSeconds?: pulumi.Input<number>;
  /**
   * Seconds that a healthy new server is watched before it counts and the next batch begins, 0 to 3600. Longer than a server
   * that breaks early needs to show it. A change updates the group in place.
   * @default 0
   */
  readonly warmupSeconds?: pulumi.Input<number>;
  /**
   * Seconds to watch the whole fleet after the last batch, 0 to 172800, while it can still be rolled back. A change shows nothing.
   * @default 0
   */
  readonly bakeSeconds?: pulumi.Input<number>;
  /**
   * CloudWatch alarms that end a rollout and roll it back, at most ten. A change shows nothing.
   * @default none
   */
  readonly alarmNames?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * What an `up` does when another rollout of the fleet is still running.
   * @default "supersede"
   */
  readonly whenBusy?: WhenBusy;
  /**
   * Seconds without any progress after which a rollout is refused and rolled back, at least 1.
   * @default startupSeconds, plus the checks that tell a sick server from a slow one, plus warmupSeconds and drainSeconds, plus 60
   */
  readonly replacementTimeoutSeconds?: pulumi.Input<number>;
  /**
   * Seconds that a whole rollout may take, at least 1, at most 14 days.
   * @default replacementTimeoutSeconds for each batch, plus bakeSeconds
   */
  readonly timeoutSeconds?: pulumi.Input<number>;
  /**
   * New servers that may fail (crash, be replaced as unhealthy, turn unhealthy after they were healthy) before a rollout is
   * refused and rolled back: a whole number of at least 0.
   * @default one in ten, rounded down: none in a fleet of up to nine
   */
  readonly toleratedFailures?: pulumi.Input<number>;
}
