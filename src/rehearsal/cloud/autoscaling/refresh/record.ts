import type { RefreshPreferences } from "@aws-sdk/client-auto-scaling";
import type { TemplateSpec } from "../group.js";

export type RefreshStatus =
  | "Pending"
  | "InProgress"
  | "Baking"
  | "Successful"
  | "Failed"
  | "Cancelling"
  | "Cancelled"
  | "RollbackInProgress"
  | "RollbackSuccessful"
  | "RollbackFailed";

/** A refresh's preferences with every default filled in. */
export interface Preferences {
  readonly min: number;
  readonly max: number;
  readonly maxGiven: boolean;
  readonly warmupSeconds: number;
  readonly checkpoints: readonly number[];
  readonly checkpointDelaySeconds: number;
  readonly skipMatching: boolean;
  readonly autoRollback: boolean;
  readonly scaleInProtected: "Refresh" | "Ignore" | "Wait";
  readonly standby: "Terminate" | "Ignore" | "Wait";
  readonly alarms: readonly string[];
  readonly bakeSeconds: number;
}

/** An instance refresh, running or ended. */
export interface RefreshRecord {
  readonly id: string;
  readonly startedAt: number;
  readonly preferences: Preferences;
  /** What DescribeInstanceRefreshes shows as preferences. */
  readonly shownPreferences: RefreshPreferences;
  readonly desiredConfiguration?: TemplateSpec;
  status: RefreshStatus;
  statusReason?: string;
  endedAt?: number;
  /** Marks the instances that the current direction launches; it changes when a rollback begins. */
  phase: string;
  /** Instances to be replaced in the current direction, alive or gone. */
  replace: Set<string>;
  /** How many there were to replace at the start of the refresh, and of the current direction. */
  total: number;
  phaseTotal: number;
  lastProgressAt: number;
  fewestLeft: number;
  mostReady: number;
  /** Index of the checkpoint that comes next. */
  checkpoint: number;
  waitUntil?: number;
  bakeUntil?: number;
  percentageComplete: number;
  instancesToUpdate: number;
  rollback?: {
    readonly reason: string;
    readonly startedAt: number;
    readonly percentageComplete: number;
    readonly instancesToUpdate: number;
  };
}

const FINISHED: ReadonlySet<RefreshStatus> = new Set([
  "Successful",
  "Failed",
  "Cancelled",
  "RollbackSuccessful",
  "RollbackFailed",
]);

export function isFinished(refresh: RefreshRecord): boolean {
  return FINISHED.has(refresh.status);
}
