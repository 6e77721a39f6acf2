import type { CloudSnapshot, GroupSnapshot, InstanceSnapshot } from "../cloud/snapshot.js";
import { type WeightMove, WeightMoves } from "./weightMoves.js";

/** The servers of all groups at one moment. */
export interface CapacitySample {
  readonly at: number;
  /** Healthy in the load balancer's eyes (in EC2's where a group has no target group). */
  readonly healthy: number;
  /** In service or on the way into it. */
  readonly running: number;
  /** On the way out: draining or terminating. */
  readonly draining: number;
  /** Status of the newest instance refresh of each group that ever had one. */
  readonly refreshes: Readonly<Record<string, string>>;
}

/** One server's life, in wall clock milliseconds. */
export interface ServerLife {
  readonly instanceId: string;
  readonly group: string;
  readonly version: string;
  readonly launchedAt: number;
  readonly firstHealthyAt?: number;
  /** First seen on the way out. */
  readonly leavingAt?: number;
  /** First seen gone. */
  readonly goneAt?: number;
}

/** What a group's settings say about the time that a replacement takes, in AWS seconds. */
export interface GroupPace {
  readonly warmupSeconds: number;
  readonly drainSeconds: number;
}

/** The tag by which a fleet's servers tell their release. */
const VERSION_TAG = "hitless:version";

/** What was seen of the cloud over time; samples that say nothing new are not kept, so memory grows with events only. */
export class CloudRecord {
  readonly samples: CapacitySample[] = [];
  readonly lives = new Map<string, ServerLife>();
  readonly paces = new Map<string, GroupPace>();
  /** Every moment at which requests began to go elsewhere. */
  readonly weightMoves: WeightMove[] = [];
  readonly #weights = new WeightMoves();
  latest: CloudSnapshot | undefined;
  #taken = 0;

  /** How many snapshots were looked at. */
  get taken(): number {
    return this.#taken;
  }

  add(snapshot: CloudSnapshot): void {
    this.#taken++;
    this.latest = snapshot;
    const present = new Set<string>();
    for (const group of snapshot.groups) {
      this.paces.set(group.name, paceOf(group, snapshot));
      for (const instance of group.instances) {
        if (instance.lifecycleState === "Terminated") continue;
        present.add(instance.instanceId);
        this.#follow(group.name, instance, snapshot.at);
      }
    }
    for (const life of this.lives.values()) {
      if (life.goneAt !== undefined || present.has(life.instanceId)) continue;
      this.lives.set(life.instanceId, { ...life, leavingAt: life.leavingAt ?? snapshot.at, goneAt: snapshot.at });
    }
    this.weightMoves.push(...this.#weights.add(snapshot));
    const sample = sampleOf(snapshot);
    const last = this.samples.at(-1);
    if (last === undefined || !sameCapacity(last, sample)) this.samples.push(sample);
  }

  #follow(group: string, instance: InstanceSnapshot, at: number): void {
    const { instanceId, launchedAt, firstHealthyAt, launchTemplateVersion, tags } = instance;
    const before = this.lives.get(instanceId);
    const version = tags[VERSION_TAG] ?? `template version ${launchTemplateVersion ?? "unknown"}`;
    const leavingAt = before?.leavingAt ?? (isLeaving(instance) ? at : undefined);
    this.lives.set(instanceId, { instanceId, group, version, launchedAt, firstHealthyAt, leavingAt });
  }
}

function paceOf(group: GroupSnapshot, snapshot: CloudSnapshot): GroupPace {
  const delays = snapshot.targetGroups
    .filter(({ arn }) => group.targetGroupArns.includes(arn))
    .map(({ deregistrationDelaySeconds }) => deregistrationDelaySeconds);
  return {
    // Without a warm-up of its own, a refresh takes the grace period (EC2 Auto Scaling API, RefreshPreferences).
    warmupSeconds: group.defaultInstanceWarmupSeconds ?? group.healthCheckGracePeriodSeconds,
    drainSeconds: Math.max(0, ...delays),
  };
}

function sampleOf(snapshot: CloudSnapshot): CapacitySample {
  const sample = { at: snapshot.at, healthy: 0, running: 0, draining: 0, refreshes: {} as Record<string, string> };
  for (const group of snapshot.groups) {
    if (group.refresh !== undefined) sample.refreshes[group.name] = group.refresh.status;
    for (const instance of group.instances) {
      if (isLeaving(instance)) sample.draining++;
      else if (/^(Pending|InService)/.test(instance.lifecycleState)) sample.running++;
      if (isHealthy(group, instance)) sample.healthy++;
    }
  }
  return sample;
}

function isLeaving(instance: InstanceSnapshot): boolean {
  return instance.lifecycleState.startsWith("Terminating") || instance.targetHealth === "draining";
}

function isHealthy(group: GroupSnapshot, instance: InstanceSnapshot): boolean {
  if (group.targetGroupArns.length > 0) return instance.targetHealth === "healthy";
  return instance.lifecycleState === "InService" && instance.healthStatus === "Healthy";
}

function sameCapacity(a: CapacitySample, b: CapacitySample): boolean {
  return (
    a.healthy === b.healthy &&
    a.running === b.running &&
    a.draining === b.draining &&
    JSON.stringify(a.refreshes) === JSON.stringify(b.refreshes)
  );
}
