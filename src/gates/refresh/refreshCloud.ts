import type { FleetView } from "../fleetsCloud.js";

/** A numbered version of a launch template. */
export interface TemplateRef {
  readonly id: string;
  readonly version: string;
}

/** An Auto Scaling group as gates see it. */
export interface GroupView extends FleetView {
  readonly arn: string;
  readonly minSize: number;
  readonly template?: TemplateRef;
  readonly suspendedProcesses: readonly string[];
  readonly members: readonly MemberView[];
}

/** A server of a group. */
export interface MemberView {
  readonly instanceId: string;
  /** `Pending`, `InService`, `Terminating:Wait` … (EC2 Auto Scaling user guide, instance lifecycle). */
  readonly lifecycle: string;
  /** False once the group has decided to replace it. */
  readonly healthy: boolean;
  readonly template?: TemplateRef;
}

/** An instance refresh. */
export interface RefreshView {
  readonly id: string;
  readonly status: RefreshStatus;
  readonly reason?: string;
  readonly rollbackReason?: string;
  readonly percentComplete: number;
  readonly startedAt?: Date;
  readonly template?: TemplateRef;
}

export type RefreshStatus =
  | "Pending"
  | "InProgress"
  | "Baking"
  | "Cancelling"
  | "RollbackInProgress"
  | "Successful"
  | "Failed"
  | "Cancelled"
  | "RollbackSuccessful"
  | "RollbackFailed";

/** A launch or termination that the group undertook. */
export interface ActivityView {
  readonly description: string;
  readonly cause: string;
  readonly status: string;
  readonly message?: string;
  readonly startedAt?: Date;
}

/** What a launch template version holds, as AWS describes it. */
export type TemplateData = Readonly<Record<string, unknown>>;

/** What an instance refresh is asked to do. */
export interface RefreshOrder {
  readonly group: string;
  readonly template: TemplateRef;
  readonly minHealthyPercentage: number;
  readonly maxHealthyPercentage: number;
  readonly warmupSeconds: number;
  readonly bakeSeconds: number;
  readonly alarmNames: readonly string[];
  /** Return to the group's configuration when the refresh fails. */
  readonly autoRollback: boolean;
}

/** What rollouts of an Auto Scaling group need of AWS. */
export interface RefreshCloud {
  group(name: string): Promise<GroupView | undefined>;
  /** Newest first. */
  refreshes(group: string): Promise<readonly RefreshView[]>;
  /** Answers the refresh's id, or `busy` when another one is active. */
  startRefresh(order: RefreshOrder): Promise<{ readonly id: string } | "busy">;
  /** Sets the version that a group starts servers with, and to which AWS rolls back; replaces none. */
  setTemplate(group: string, template: TemplateRef): Promise<void>;
  /** Stops the active refresh where it is. */
  cancelRefresh(group: string): Promise<"cancelling" | "none active">;
  /** Returns to the configuration before the active refresh. */
  rollBackRefresh(group: string): Promise<"rolling back" | "none active" | "irreversible">;
  /** Newest first, those that began since a time. */
  activities(group: string, since: Date | undefined): Promise<readonly ActivityView[]>;
  /** What versions of a template hold; versions that do not exist are left out. */
  templateVersions(id: string, versions: readonly string[]): Promise<ReadonlyMap<string, TemplateData>>;
}
