import { randomUUID } from "node:crypto";
import { ActivityLog } from "./activities.js";
import type { Attachment } from "./attachments.js";
import type { Environment } from "./environment.js";
import type { Hook } from "./hooks.js";
import { isActive, type Member } from "./member.js";
import type { ScalingPolicyRecord } from "./policies/record.js";
import { isFinished, type RefreshRecord } from "./refresh/record.js";
import type { GroupTag } from "./tags.js";

/** A launch template as the user named it; `version` may be `$Latest` or `$Default` and is resolved at each launch. */
export interface TemplateSpec {
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

export interface GroupSettings {
  minSize: number;
  maxSize: number;
  desired: number;
  template: TemplateSpec;
  subnetIds: readonly string[];
  healthCheckTypes: readonly string[];
  gracePeriodSeconds: number;
  cooldownSeconds: number;
  terminationPolicies: readonly string[];
  newInstancesProtected: boolean;
  defaultInstanceWarmupSeconds?: number;
  maintenancePolicy?: { readonly min: number; readonly max: number };
  deletionProtection: string;
  serviceLinkedRoleArn: string;
}

/** Failed launches are tried again later and later, so that a broken template does not spin. */
export interface LaunchBackoff {
  failures: number;
  retryAt: number;
  lastReason: string;
  /** Launches are counted; only an instance launched after the failure can show that launching works again. */
  after: number;
}

/** An Auto Scaling group: what was asked for, and what there is. Everything that decides lives in the files around it. */
export class Group {
  readonly arn: string;
  readonly createdAt: number;
  readonly members = new Map<string, Member>();
  readonly attachments = new Map<string, Attachment>();
  readonly hooks = new Map<string, Hook>();
  readonly suspended = new Map<string, string>();
  readonly enabledMetrics = new Set<string>();
  readonly policies = new Map<string, ScalingPolicyRecord>();
  readonly activities: ActivityLog;
  /** Newest first. */
  readonly refreshes: RefreshRecord[] = [];
  tags: GroupTag[] = [];
  backoff?: LaunchBackoff;
  /** Why desired capacity last changed; it opens the cause of the activities that follow. */
  desiredReason?: string;
  /** Unhealthy instances terminated and not yet replaced, and how many of those hold one of the limited places. */
  replacementsDue = 0;
  placesHeld = 0;
  /** Set by DeleteAutoScalingGroup with ForceDelete. */
  deleting = false;
  lastScalingAt?: number;
  launched = 0;
  /** Asks for a look at the group soon; set by its loop. */
  touch: () => void = () => {};
  /** Called when instances enter or leave, so that events find their group. */
  onMember: (id: string, present: boolean) => void = () => {};

  constructor(
    readonly env: Environment,
    readonly name: string,
    public settings: GroupSettings,
  ) {
    this.createdAt = env.clock.now();
    this.arn = `arn:aws:autoscaling:${env.region}:${env.accountId}:autoScalingGroup:${randomUUID()}:autoScalingGroupName/${name}`;
    this.activities = new ActivityLog(name, this.arn, () => env.clock.now());
  }

  nextSequence(): number {
    return ++this.launched;
  }

  addMember(member: Member): void {
    this.members.set(member.id, member);
    this.onMember(member.id, true);
  }

  removeMember(id: string): void {
    this.members.delete(id);
    this.onMember(id, false);
  }

  /** Instances that count toward desired capacity. */
  active(): Member[] {
    return [...this.members.values()].filter(isActive);
  }

  isSuspended(process: string): boolean {
    return this.suspended.has(process);
  }

  usesElbHealth(): boolean {
    return this.settings.healthCheckTypes.includes("ELB");
  }

  /** The refresh that has not ended, if any: AWS allows one at a time. */
  activeRefresh(): RefreshRecord | undefined {
    const newest = this.refreshes[0];
    return newest && !isFinished(newest) ? newest : undefined;
  }

  /** Moves desired capacity, remembering why; the reason opens the causes of the launches and terminations that follow. */
  setDesired(desired: number, reason: string | undefined): void {
    if (desired === this.settings.desired) return;
    this.settings.desired = desired;
    this.desiredReason = reason;
    this.lastScalingAt = this.env.clock.now();
  }
}
