import { PLATFORM, type PlatformFleet } from "../platform.js";
import { ec2Platform } from "./ec2Platform.js";
import type { FleetArgs } from "./fleetArgs.js";

/**
 * A fleet of servers on EC2, for the `fleet` of any strategy. The arguments alone mean the same; this says it, where a program has fleets
 * elsewhere too.
 * @example
 * ```ts
 * import { ec2 } from "hitless";
 *
 * export const fleet = ec2({ vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2"], desiredCapacity: 6 });
 * ```
 */
export function ec2(args: FleetArgs): FleetArgs & PlatformFleet {
  return { ...args, [PLATFORM]: ec2Platform };
}
