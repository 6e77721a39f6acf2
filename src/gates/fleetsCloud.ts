import type { LeftBehind } from "./leftBehind.js";

/** A fleet as gates see it, on whichever platform. */
export interface FleetView {
  /** By this it is told to grow: a group's name, or `NAMESPACE/NAME` of a Deployment. */
  readonly name: string;
  /** How many servers it is to have now. */
  readonly desiredCapacity: number;
  /** The most it may have; `Infinity` where nothing sets one. */
  readonly maxSize: number;
  /** The targets that its servers stand behind. */
  readonly targetGroupArns: readonly string[];
  /** What is kept with it, under the names that plan/ gives (`hitless:version`, `hitless:data-writes` …). */
  readonly tags: Readonly<Record<string, string>>;
}

/** What a platform tells of the past of a fleet's servers. */
export interface Seniority {
  /** `started`: launched at its moment, and healthy some time later; `ready`: it has passed its checks ever since. */
  readonly since: "started" | "ready";
  /**
   * By what the load balancer calls a server (`TargetView.instanceId`); at the latest, where it is not known better. Those of which nothing
   * is known are left out.
   */
  readonly moments: ReadonlyMap<string, Date>;
}

/** How messages speak of fleets, and what they tell a user to run. */
export interface FleetWords {
  /** `Auto Scaling group` or `Deployment`. */
  readonly fleet: string;
  /** A command that takes a fleet's servers away, as those of an interrupted update. */
  empty(name: string): string;
  /** A command that deletes an empty fleet. */
  remove(name: string): string;
  /** A command that shows what a server says. */
  logs(serverId: string): string;
}

/** What gates need of fleets, on whichever platform; tests bring their own. */
export interface FleetsCloud {
  readonly fleetWords: FleetWords;
  /** The fleets of a component (`COMPONENT_TAG`), also those that Pulumi does not know of. */
  fleetsOf(component: string): Promise<readonly FleetView[]>;
  /** Sets how many servers a fleet is to have; only ever more than it has. */
  setDesiredCapacity(fleet: string, desiredCapacity: number): Promise<void>;
  seniority(fleet: FleetView): Promise<Seniority>;
  /** The last lines that a server has written, if there are any yet; by what the load balancer calls it. */
  consoleTail(serverId: string): Promise<string | undefined>;
  /**
   * What hinders servers of a fleet that the load balancer does not even know (an image that cannot be pulled, no room for a pod), a line
   * each, for messages; nothing where the load balancer knows all.
   */
  troubles(fleet: FleetView): Promise<readonly string[]>;
  /** What a component has for its fleets besides them (launch templates) and none of them uses; absent where none can be told. */
  unusedParts?(component: string): Promise<readonly LeftBehind[]>;
}
