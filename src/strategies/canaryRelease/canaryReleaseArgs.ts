import type * as pulumi from "@pulumi/pulumi";
import type { FleetArgs } from "../../fleet/ec2/fleetArgs.js";
import type { PlatformFleet } from "../../fleet/platform.js";
import type { ReleaseArgs } from "../../fleet/release.js";
import type { AudienceArgs } from "../../traffic/audienceArgs.js";
import type { EntranceArgs } from "../../traffic/entranceArgs.js";
import type { PlatformEntrance } from "../../traffic/front.js";
import type { HealthCheckArgs } from "../../traffic/healthCheck.js";
import type { StickinessArgs } from "../../traffic/stickiness.js";

/** How many servers a version gets beside the stable one. */
export const CanaryCapacity = {
  /** As many as its weight needs of `fleet.desiredCapacity`, rounded up, at least one. */
  Matched: "matched",
  /** `fleet.desiredCapacity`, whatever its weight. */
  Full: "full",
} as const;
export type CanaryCapacity = (typeof CanaryCapacity)[keyof typeof CanaryCapacity];

/** A release beside the stable one, with its share of the users. */
export interface CanaryArgs extends ReleaseArgs {
  /**
   * Its share of new sessions in percent, 0 to 100 in steps of 0.1; the stable version gets what all others leave. A plain value. A
   * change updates the entrance in place, and with matched capacity the group too; `up` moves the weight when the servers
   * for it are healthy.
   */
  readonly weight: number;
  /**
   * Users who always get this version, also at weight 0. A change updates the rule in place; removing it deletes the rule.
   * @default none
   */
  readonly audience?: AudienceArgs;
  /**
   * How many servers it gets. A change updates the group in place.
   * @default "matched"; with `stickiness` "full", as users who stay do not follow the weight down
   */
  readonly capacity?: CanaryCapacity;
  /**
   * How many servers it gets, as a number of at least 1 and at most `fleet.maxSize`; not together with `capacity`.
   * @default from capacity
   */
  readonly servers?: number;
}

/** Arguments of a `CanaryRelease`. */
export interface CanaryReleaseArgs {
  /**
   * The version that users get who get no other. Putting the canary here promotes it: the same servers, no redeployment. `preview`
   * shows the weights and tags of the entrance changed, and the fleet of the version that is not named any more deleted.
   */
  readonly stable: ReleaseArgs;
  /**
   * A version that is tried beside the stable one. A new one creates a fleet; removing it takes its weight away and deletes the fleet
   * last.
   * @default none
   */
  readonly canary?: CanaryArgs;
  /**
   * More versions beside these two, each like a canary: with all roles together at most five (ALB, target groups of an action).
   * @default none
   */
  readonly others?: CanaryArgs[];
  /**
   * The version that was stable before, kept with all its servers and no weight for a rollback in seconds: to go back, name it `stable`.
   * Removing it deletes its fleet, and what is known of it: with `steps` or `maxStep` it then comes back as a new release does, through
   * the steps. So keep it as long as you may want it back in one change.
   * @default none: the fleet of a version that is not named any more is deleted
   */
  readonly previous?: ReleaseArgs;
  /** Where servers run, and how many carry all users. */
  readonly fleet: FleetArgs | PlatformFleet;
  /** Where traffic comes in. */
  readonly entrance: EntranceArgs | PlatformEntrance;
  /** How the load balancer tells whether a server works. */
  readonly healthCheck: HealthCheckArgs;
  /**
   * The shares that a version grows to one after the other, in percent: ascending, above 0, at most 100. Each update may take a version
   * at most to the next step above the share that it really has, and only one that has reached the last step may become stable.
   * Shrinking, aborting and going back to the stable or the previous version are always allowed; a version that the program did not name
   * before counts as new, also where users had it once. A change shows nothing.
   * @default none: any growth is allowed
   */
  readonly steps?: number[];
  /**
   * The most that a version's share may grow in one update, in percentage points, above 0 and at most 100; also for becoming stable. A
   * change shows nothing.
   * @default none: any growth is allowed
   */
  readonly maxStep?: number;
  /**
   * Seconds to watch alarms and health after weights have moved, 0 to 172800; when something fails the weights go back and `up` is
   * refused. A rollback is not watched. A change shows nothing.
   * @default 0
   */
  readonly bakeSeconds?: pulumi.Input<number>;
  /**
   * CloudWatch alarms that have to be quiet before a version's share grows and while it is watched, at most ten. They do not hold back
   * a rollback or an abort. A change shows nothing.
   * @default none
   */
  readonly alarmNames?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Keeps a user on the version that served first (the load balancer's `AWSALBTG` cookie), for as long as the program names that version,
   * also at weight 0. To take everybody off a version that fails, do not name it `previous`. A change updates the entrance in place.
   * @default none: each request is shared out anew
   */
  readonly stickiness?: StickinessArgs;
  /**
   * Seconds that a leaving server has to finish its requests, 0 to 3600: longer than your longest request. A change updates the target
   * groups in place.
   * @default 60
   */
  readonly drainSeconds?: pulumi.Input<number>;
  /**
   * Seconds that a new server may take from its launch to its first passing health check, 0 to 7200. A change updates the groups in
   * place.
   * @default 300
   */
  readonly startupSeconds?: pulumi.Input<number>;
  /**
   * Seconds that servers have been healthy before their version's share grows, 0 to 3600. A change updates the groups in place.
   * @default 0
   */
  readonly warmupSeconds?: pulumi.Input<number>;
  /**
   * Seconds that new weights may take to reach every part of the load balancer, 0 to 3600, before a fleet that has lost its weight
   * goes. AWS gives no number. A change shows nothing.
   * @default 10
   */
  readonly spreadSeconds?: pulumi.Input<number>;
  /**
   * Seconds that a fleet may take to have the healthy servers that its share needs, at least 1 and at most 14 days; then `up` is
   * refused and no weight has moved. A change shows nothing.
   * @default startupSeconds, plus the checks that tell a sick server from a slow one, plus warmupSeconds, plus 60
   */
  readonly capacitySeconds?: pulumi.Input<number>;
}
