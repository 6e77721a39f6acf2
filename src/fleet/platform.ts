import type * as pulumi from "@pulumi/pulumi";
import type { Faults, Finding } from "../errors/faults.js";
import type { FleetsCloud } from "../gates/fleetsCloud.js";
import type { RolloutOrder } from "../gates/rollout.js";
import type { Stage } from "../gates/stage.js";
import type { BatchRule } from "../plan/batches.js";
import type { FleetSizes } from "../plan/fleetSizes.js";
import type { Entrance } from "../traffic/entrance.js";
import type { Target, TargetPlace } from "../traffic/front.js";
import type { HealthCheck } from "../traffic/healthCheck.js";
import type { Release, ReleaseArgs } from "./release.js";

/**
 * The key under which `fleet` carries its platform. A symbol: it survives a spread, no check of argument names sees it, and nothing prints
 * it; from the registry of the process, so that two copies of this package agree on it.
 */
export const PLATFORM: unique symbol = Symbol.for("hitless.platform");

/** What a program gives as `fleet` for another platform than EC2; made by that platform's function, such as `kubernetes({…})`. */
export interface PlatformFleet {
  readonly [PLATFORM]: Platform;
}

/** Fleet arguments with defaults, as far as strategies look at them. */
export interface FleetPlan extends FleetSizes {
  /** An autoscaler owns the size, so that an `up` leaves it alone. */
  readonly autoscaled: boolean;
  /** What its targets need to know. */
  readonly place: TargetPlace;
}

/** The durations of a strategy, checked. */
export interface FleetTimes {
  readonly drainSeconds: pulumi.Input<number>;
  readonly startupSeconds: pulumi.Input<number>;
  readonly warmupSeconds: pulumi.Input<number>;
}

/** The sizes of one fleet of a component. */
export interface WishedSizes {
  readonly minSize: number;
  /** Absent: nobody says. The platform begins with the minimum, and raises an emptied fleet to it when the minimum rises. */
  readonly desiredCapacity?: number;
  readonly maxSize: number;
  /** Whether an autoscaler owns the size. */
  readonly autoscaled: boolean;
}

/** One fleet that a strategy wants. */
export interface FleetWish<Plan extends FleetPlan = FleetPlan, Rel extends Release = Release> extends FleetTimes {
  readonly release: Rel;
  readonly fleet: Plan;
  /** What `share` has made. */
  readonly shared: object;
  readonly target: Target;
  readonly healthCheck: HealthCheck;
  /** How long the first servers may take until they serve; with `awaits: "provider"`. */
  readonly creationTimeoutSeconds?: pulumi.Input<number>;
  /**
   * Who waits for new servers to be healthy. The provider waits for good only when the target is already in the entrance; a gate
   * of the entrance waits otherwise, after it has put the target there.
   */
  readonly awaits: "provider" | "gate";
  readonly sizes: WishedSizes;
  /** `COMPONENT_TAG`'s value, unique among all components of all stacks: gates look for fleets by it (`FleetsCloud.fleetsOf`). */
  readonly component: string;
}

/** What concerns the workload alone: what must stand before it, and the hooks that guard it. */
export type WorkloadOpts = Pick<pulumi.CustomResourceOptions, "dependsOn" | "hooks" | "ignoreChanges">;

/** A fleet as it was built. */
export interface BuiltFleet {
  /** The resource that is guarded: its hooks run before servers change. It is the last one made of the fleet. */
  readonly workload: pulumi.CustomResource;
  /** For `component.nodes`. */
  readonly nodes: object;
  /** What the platform calls the fleet: a group, or a Deployment without its namespace. */
  readonly name: pulumi.Output<string>;
  /** For the outputs and the status of a component with one fleet; made when asked for, as Outputs are dear. */
  outputs(): FleetOutputs;
  /** Makes its autoscaler, where the plan has one, and answers its nodes. It comes after the entrance. */
  scaling(wish: ScalingWish, name: string, opts: pulumi.CustomResourceOptions): object;
}

/** What a platform calls a fleet; each platform has its own. */
export interface FleetOutputs {
  /** EC2. */
  readonly autoScalingGroupName?: pulumi.Output<string>;
  readonly launchTemplateId?: pulumi.Output<string>;
  readonly launchTemplateVersion?: pulumi.Output<string>;
  /** Kubernetes. */
  readonly namespace?: pulumi.Output<string>;
  readonly deploymentName?: pulumi.Output<string>;
}

export interface ScalingWish {
  readonly entrance: Entrance;
}

/** An update of a workload, before it happens: what strategies look at, and what the platform keeps for itself. */
export interface WorkloadChange {
  readonly name: string;
  /** An id of the load balancer's region: what `Front.link` and `PlatformLink.fleets` are told. */
  readonly guardedId: string;
  /** The target that its servers stand behind, before and after. */
  readonly target: { readonly before?: string; readonly after?: string };
  /** Its servers: what it has by Pulumi's state, what it is to have (absent: that stays), and whether it is to have none at all. */
  readonly servers: { readonly now: number; readonly next?: number; readonly emptied: boolean };
  /** Whether what servers start with is to change. Sizes, labels of the fleet and so on replace nothing. */
  readonly replaces: boolean;
}

/** A workload that has just been created. */
export interface CreatedWorkload {
  readonly guardedId: string;
  readonly target: string;
  /** The servers that it was created with; absent where nobody said. */
  readonly servers?: number;
}

/**
 * What a change means for the servers that run now:
 * - `none`: none of them is replaced: there are none, or they run it already
 * - `same release`: they are, but only something around the release is different (network, role, volumes, limits)
 * - `other release`: they are replaced by those of another release
 */
export type Difference = "none" | "same release" | "other release";

/** A platform as one component's provider reaches it; made while the program is built. */
export interface PlatformLink<Change extends WorkloadChange = WorkloadChange> {
  /** @param guardedId an id from the region of what the hook guards */
  fleets(subject: string, guardedId: string): Promise<FleetsCloud>;
  /** Reads an update hook's arguments. */
  change(args: pulumi.ResourceHookArgs): Promise<Change>;
  /** Reads a creation hook's arguments. */
  created(args: pulumi.ResourceHookArgs): Promise<CreatedWorkload>;
  /** Looks at what runs. */
  difference(subject: string, change: Change, stage: Stage): Promise<Difference>;
  /**
   * Brings every server of a workload to what the change wants, and returns when they all serve; what an earlier update has left behind is
   * taken up. When it fails the fleet is back on what it had, and a `HitlessError` tells why. The provider's update that
   * follows changes no server any more.
   */
  rollOut(order: RolloutOrder, change: Change, stage: Stage): Promise<void>;
}

/** What a strategy needs of a platform, and nothing else. */
export interface Platform<Plan extends FleetPlan = FleetPlan, Rel extends Release = Release> {
  /** What the status of a component with several fleets calls their names. */
  readonly fleetNames: "autoScalingGroupNames" | "deploymentNames";
  /** What the component's name has to be, on top of what its target wants. */
  checkName(name: string): readonly Finding[];
  /** @param batch how its servers are replaced: the maximum has to leave room for that */
  checkFleet(args: object, faults: Faults, batch: BatchRule): Plan;
  /** Its own part of a release; versions and contracts are checked for all platforms. */
  checkRelease(args: ReleaseArgs, faults: Faults, path: string): Rel;
  /** What only the whole shows, such as a grace period that is shorter than the drain. */
  checkTimes(plan: Plan, times: FleetTimes & { readonly healthCheck: HealthCheck }, faults: Faults): void;
  /** Makes what all fleets of a component share; the rest of what it answers is the platform's own. */
  share(name: string, plan: Plan, opts: pulumi.CustomResourceOptions): { readonly nodes: object };
  createFleet(
    name: string,
    wish: FleetWish<Plan, Rel>,
    opts: pulumi.CustomResourceOptions,
    workloadOpts: WorkloadOpts,
  ): BuiltFleet;
  link(component: pulumi.ComponentResource): PlatformLink;
}

/** The platform that a program's `fleet` carries; the other one where it carries none. */
export function platformOf(fleet: unknown, otherwise: Platform): Platform {
  return (fleet as Partial<PlatformFleet> | null | undefined)?.[PLATFORM] ?? otherwise;
}
