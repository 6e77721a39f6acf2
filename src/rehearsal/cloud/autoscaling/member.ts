import type { InstanceStateName, ResolvedTemplate, TargetHealthView } from "../ports.js";
import type { ActivityRecord } from "./activities.js";
import type { PendingHook } from "./hooks.js";

/** AWS's lifecycle states that this cloud passes through (Auto Scaling user guide, "instance lifecycle"). */
export type MemberState =
  | "Pending"
  | "Pending:Wait"
  | "Pending:Proceed"
  | "InService"
  | "EnteringStandby"
  | "Standby"
  | "Terminating"
  | "Terminating:Wait"
  | "Terminating:Proceed";

/** What marked an instance unhealthy; the wording of its replacement depends on it. */
export type UnhealthyCause = "EC2" | "ELB" | "user";

/** One instance of a group. */
export interface Member {
  readonly id: string;
  readonly subnetId: string;
  readonly availabilityZone: string;
  readonly template: ResolvedTemplate;
  readonly instanceType: string;
  readonly launchedAt: number;
  /** Order of launch within the group; breaks ties between equal launch times. */
  readonly sequence: number;
  state: MemberState;
  /** EC2's own state, as last heard. */
  compute: InstanceStateName;
  unhealthy?: UnhealthyCause;
  protectedFromScaleIn: boolean;
  inServiceAt?: number;
  firstHealthyAt?: number;
  /** Target groups it is registered with, and the health last heard from each. */
  readonly registered: Set<string>;
  readonly targets: Map<string, TargetHealthView>;
  /** Target groups that have not finished draining it. */
  readonly draining: Set<string>;
  /** Launched while AddToLoadBalancer was suspended: never registered later (user guide, "suspend processes"). */
  readonly withoutLoadBalancer: boolean;
  /** The refresh phase that launched it; such an instance counts only once it is healthy and warmed up. */
  readonly launchedBy?: string;
  /** The refresh that is taking it away. */
  terminatedBy?: string;
  /** Warm-up that applies to it, in AWS seconds from InService. */
  readonly warmupSeconds: number;
  /** It holds one of the places of the 10 % that health replacement may work on at a time. */
  replacesUnhealthy: boolean;
  hooks?: PendingHook[];
  activity?: ActivityRecord;
  /** Set once EC2 was asked to terminate it. */
  terminateAsked?: boolean;
  retryTerminateAt?: number;
  lastFault?: string;
}

/** Counts toward desired capacity: pending or in service, not leaving. */
export function isActive(member: Member): boolean {
  return isLaunching(member) || member.state === "InService";
}

export function isLaunching(member: Member): boolean {
  return member.state === "Pending" || member.state === "Pending:Wait" || member.state === "Pending:Proceed";
}

export function isTerminating(member: Member): boolean {
  return member.state.startsWith("Terminating");
}

/** EC2 says it is gone or going. */
export function isDead(member: Member): boolean {
  return member.compute === "shutting-down" || member.compute === "terminated";
}
