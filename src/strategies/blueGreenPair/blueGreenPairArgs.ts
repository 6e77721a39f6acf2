import type * as pulumi from "@pulumi/pulumi";
import type { FleetArgs } from "../../fleet/ec2/fleetArgs.js";
import type { PlatformFleet } from "../../fleet/platform.js";
import type { ReleaseArgs } from "../../fleet/release.js";
import type { VerifyArgs } from "../../gates/verify/verifyArgs.js";
import type { EntranceArgs } from "../../traffic/entranceArgs.js";
import type { PlatformEntrance } from "../../traffic/front.js";
import type { HealthCheckArgs } from "../../traffic/healthCheck.js";
import type { PreviewArgs } from "../../traffic/previewArgs.js";
import type { StickinessArgs } from "../../traffic/stickiness.js";

/** The two environments of a pair. */
export const Environment = { Blue: "blue", Green: "green" } as const;
export type Environment = (typeof Environment)[keyof typeof Environment];

/** What the environment has that is not live. */
export const IdleCapacity = {
  /** As many servers as the live one: a switch and a rollback are one weight change. */
  Warm: "warm",
  /** No servers, and no costs: a switch boots them first. */
  Cold: "cold",
} as const;
export type IdleCapacity = (typeof IdleCapacity)[keyof typeof IdleCapacity];

/** Arguments of a `BlueGreenPair`. */
export interface BlueGreenPairArgs {
  /**
   * The environment that users get: `blue` or `green`, a plain value. A change is the switch (and the rollback): `preview` shows the
   * weights and tags of the entrance updated in place; with a cold idle environment also the sizes of both groups.
   */
  readonly live: Environment;
  /**
   * The release in blue. While blue is idle, a change replaces all its servers at once, and `preview` shows its launch template and
   * group updated in place, and nothing else. While blue is live, a change is refused when `up` comes to it.
   */
  readonly blue: ReleaseArgs;
  /** The release in green; as `blue`. */
  readonly green: ReleaseArgs;
  /**
   * Where servers run and how many, the same for both environments. With `scaling`, only the live environment scales; the other one
   * keeps its size, and a switch first makes it as large as the live one is then. With a cold idle environment too, both begin with
   * `minSize`. A change of what a server is started with (security
   * groups, instance profile …) is rolled through the live environment batch by batch, without losing a request.
   */
  readonly fleet: FleetArgs | PlatformFleet;
  /** Where traffic comes in. */
  readonly entrance: EntranceArgs | PlatformEntrance;
  /** How the load balancer tells whether a server works; the same for both environments. */
  readonly healthCheck: HealthCheckArgs;
  /**
   * What the idle environment has: `warm` (as many servers as the live one) or `cold` (none). A change updates the idle group and,
   * as a cold one has no place in it, the forward action of the entrance; weights stay.
   * @default "warm"
   */
  readonly idle?: IdleCapacity;
  /**
   * How each environment is reached whatever its weight.
   * @default the header `x-hitless-preview: blue` or `x-hitless-preview: green`
   */
  readonly preview?: PreviewArgs;
  /**
   * Checks of the idle environment through its preview route, which have to pass before it gets users; one after the other. From
   * where `pulumi up` runs the load balancer must be within reach. A change shows nothing until the next switch.
   * @default none, but for the load balancer's own health check; a program adds its own with `verifyWith`
   */
  readonly verify?: VerifyArgs[];
  /**
   * Seconds that each function given to `verifyWith` may take, 1 to 86400. A change shows nothing.
   * @default 300
   */
  readonly verifySeconds?: pulumi.Input<number>;
  /**
   * The way of a switch in percent, ascending, the last one 100, plain whole numbers: `[10, 50, 100]` gives the new side 10 % of new
   * sessions, then half, then all. Each stage is watched for `bakeSeconds`. A change shows nothing until the next switch.
   * @default [100]
   */
  readonly shift?: number[];
  /**
   * Seconds that each stage of a switch is watched, 0 to 172800; alarms and failing servers take the switch back. A change shows
   * nothing.
   * @default 0
   */
  readonly bakeSeconds?: pulumi.Input<number>;
  /**
   * Seconds after a switch in which the update still watches the alarms while the side that was live keeps its servers, 0 to 172800:
   * an alarm sends users back to it, and the update fails. A cold side loses its servers only then. A change shows nothing.
   * @default 0
   */
  readonly rollbackWindowSeconds?: pulumi.Input<number>;
  /**
   * CloudWatch alarms that hold a switch back, and take it back while it is watched; at most ten. One that rings does not
   * hold back a rollback. A change shows nothing.
   * @default none
   */
  readonly alarmNames?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Keeps users on the environment that served them first. After a switch those who are on the old side stay there for
   * `stickiness.seconds`, then they go too, and the update ends. A rollback takes everybody back at once. The idle environment has no
   * place in the forward action of the entrance, where cookies would lead users to it: `preview` shows a switch as the one target group
   * replaced by the other. A change updates the entrance in place.
   * @default none
   */
  readonly stickiness?: StickinessArgs;
  /**
   * Seconds that a leaving server has to finish its requests, 0 to 3600: longer than your longest request. A change updates the
   * target groups in place.
   * @default 60
   */
  readonly drainSeconds?: pulumi.Input<number>;
  /**
   * Seconds that a new server may take from its launch to its first passing health check, 0 to 7200. Until then failing checks do
   * not count against it (the group's health check grace period). A change updates the groups in place.
   * @default 300
   */
  readonly startupSeconds?: pulumi.Input<number>;
  /**
   * Seconds that new servers have to be healthy before they get users, 0 to 3600. The load balancer's own slow start does not help
   * where all servers of a target group are new. A change updates the groups in place.
   * @default 0
   */
  readonly warmupSeconds?: pulumi.Input<number>;
  /**
   * Seconds that new weights may take to reach every part of the load balancer, 0 to 3600: nothing is taken from the old side
   * before. A change shows nothing.
   * @default 10
   */
  readonly spreadSeconds?: pulumi.Input<number>;
  /**
   * Seconds that an environment may take to get the healthy servers that its share needs, 1 second to 14 days. A change shows nothing.
   * @default startupSeconds, plus the checks that tell a sick server from a slow one, plus warmupSeconds, plus 60
   */
  readonly capacitySeconds?: pulumi.Input<number>;
}
