/**
 * What the services of the local cloud need of each other, as narrow as it can be: Auto Scaling launches instances and registers
 * targets without knowing how; load balancing asks where an instance is; alarms are read by whoever waits on them.
 */
import type { EventEmitter } from "node:events";
import type { InstanceEndpoint } from "./instances/runtime.js";

export type InstanceStateName = "pending" | "running" | "shutting-down" | "terminated";

/** An instance as the other services see it. */
export interface InstanceView {
  readonly instanceId: string;
  readonly imageId: string;
  readonly instanceType: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
  readonly privateIpAddress: string;
  readonly launchTime: number;
  readonly state: InstanceStateName;
  /** Present from the moment the process tree runs. */
  readonly endpoint?: InstanceEndpoint;
  readonly tags: Readonly<Record<string, string>>;
  /** Why it ended without being asked to, with the last lines of its console. */
  readonly failure?: string;
}

export interface LaunchRequest {
  readonly launchTemplateId: string;
  /** A number as text: `$Latest` and `$Default` are resolved by the caller with `resolveTemplate`. */
  readonly version: string;
  readonly subnetId: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly instanceType?: string;
}

export interface ResolvedTemplate {
  readonly launchTemplateId: string;
  readonly launchTemplateName: string;
  readonly version: string;
  readonly instanceType?: string;
  readonly imageId?: string;
}

/** EC2, as Auto Scaling and load balancing use it. */
export interface Compute {
  /** Creates the instance in state `pending`; later "state" events tell the rest. Throws AwsError (InvalidLaunchTemplateId.NotFound …). */
  launch(request: LaunchRequest): InstanceView;
  /** shutting-down, SIGTERM, terminated; resolves when terminated. */
  terminate(instanceId: string): Promise<void>;
  instance(instanceId: string): InstanceView | undefined;
  resolveTemplate(ref: { id?: string; name?: string; version?: string }): ResolvedTemplate;
  subnet(
    subnetId: string,
  ): { subnetId: string; vpcId: string; availabilityZone: string; availableIpAddressCount: number } | undefined;
  readonly events: EventEmitter<{ state: [InstanceView] }>;
}

export interface TargetHealthView {
  readonly state: "initial" | "healthy" | "unhealthy" | "unused" | "draining" | "unavailable";
  readonly reason?: string;
  readonly description?: string;
}

/** Load balancing, as Auto Scaling uses it. */
export interface TargetRegistry {
  exists(targetGroupArn: string): boolean;
  /** Throws AwsError (TargetGroupNotFound, InvalidTarget). */
  register(targetGroupArn: string, instanceIds: readonly string[]): void;
  /** Resolves when the targets have drained (the group's deregistration delay) and left the group. */
  deregister(targetGroupArn: string, instanceIds: readonly string[]): Promise<void>;
  /** undefined when the instance is not registered. */
  health(targetGroupArn: string, instanceId: string): TargetHealthView | undefined;
  /** Requests per target over the last AWS minute, for target tracking. */
  resourceLabel(targetGroupArn: string): string | undefined;
  readonly events: EventEmitter<{ health: [{ targetGroupArn: string; instanceId: string; health: TargetHealthView }] }>;
}

export interface MetricDatum {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly at: number;
  /** Values observed since the last datum; each counts once in SampleCount, Sum, Minimum, Maximum and percentiles. */
  readonly values: readonly number[];
  readonly unit: string;
}

export interface AlarmView {
  readonly name: string;
  readonly arn: string;
  readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  readonly reason: string;
  readonly alarmActions: readonly string[];
  readonly okActions: readonly string[];
  /** The newest datapoint that decided the state, and what it was compared with; scaling policies size their steps by them. */
  readonly latestValue?: number;
  readonly threshold?: number;
}

/** CloudWatch, as the other services use it. */
export interface Monitoring {
  put(data: readonly MetricDatum[]): void;
  alarm(name: string): AlarmView | undefined;
  /** Creates or replaces an alarm on a service's behalf (target tracking owns its alarms). Input is PutMetricAlarm's. */
  putAlarm(input: import("@aws-sdk/client-cloudwatch").PutMetricAlarmCommandInput): void;
  deleteAlarms(names: readonly string[]): void;
  readonly events: EventEmitter<{ alarm: [AlarmView] }>;
}
