import type {
  CreateAutoScalingGroupCommandInput,
  UpdateAutoScalingGroupCommandInput,
} from "@aws-sdk/client-auto-scaling";
import { at, causes } from "./causes.js";
import type { Environment } from "./environment.js";
import { invalid } from "./faults.js";
import type { Group, GroupSettings } from "./group.js";
import { readTemplate } from "./template.js";
import {
  checkCapacity,
  readDeletionProtection,
  readHealthCheckTypes,
  readMaintenancePolicy,
  readSeconds,
  readSubnets,
  readTerminationPolicies,
  refuseUnserved,
} from "./validation.js";

const LONGEST_WARMUP = 3600;
const LONGEST = 2 ** 31 - 1;

/** Settings of a new group, with the API's defaults (botocore model, CreateAutoScalingGroup). */
export function settingsOf(env: Environment, input: CreateAutoScalingGroupCommandInput): GroupSettings {
  refuseUnserved(input);
  if (!input.LaunchTemplate) {
    throw invalid(
      "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.",
    );
  }
  if (input.MinSize === undefined || input.MaxSize === undefined) throw invalid("MinSize and MaxSize are required.");
  const desired = input.DesiredCapacity ?? input.MinSize;
  checkCapacity(input.MinSize, desired, input.MaxSize);
  const warmup = input.DefaultInstanceWarmup;
  const maintenancePolicy = readMaintenancePolicy(input.InstanceMaintenancePolicy);
  return {
    minSize: input.MinSize,
    maxSize: input.MaxSize,
    desired,
    template: readTemplate(env, input.LaunchTemplate),
    subnetIds: readSubnets(env, input.VPCZoneIdentifier),
    healthCheckTypes: readHealthCheckTypes(input.HealthCheckType),
    gracePeriodSeconds: readSeconds("HealthCheckGracePeriod", input.HealthCheckGracePeriod ?? 0, LONGEST),
    cooldownSeconds: readSeconds("DefaultCooldown", input.DefaultCooldown ?? 300, LONGEST),
    terminationPolicies: readTerminationPolicies(input.TerminationPolicies),
    newInstancesProtected: input.NewInstancesProtectedFromScaleIn ?? false,
    ...(warmup === undefined || warmup === -1
      ? {}
      : { defaultInstanceWarmupSeconds: readSeconds("DefaultInstanceWarmup", warmup, LONGEST_WARMUP) }),
    ...(maintenancePolicy === undefined ? {} : { maintenancePolicy }),
    deletionProtection: readDeletionProtection(input.DeletionProtection),
    serviceLinkedRoleArn:
      input.ServiceLinkedRoleARN ??
      `arn:aws:iam::${env.accountId}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
  };
}

/** UpdateAutoScalingGroup: what is given is validated first, and only then applied, all of it. */
export function updateSettings(group: Group, input: UpdateAutoScalingGroupCommandInput): void {
  refuseUnserved(input);
  if (input.LaunchTemplate && group.activeRefresh()?.desiredConfiguration) {
    throw invalid(
      "An active instance refresh with a desired configuration exists. All configuration options derived from the desired configuration are not available for update while the instance refresh is active.",
    );
  }
  const { env, settings: old } = group;
  const next: GroupSettings = { ...old };
  const set = <K extends keyof GroupSettings, V>(
    key: K,
    given: V | undefined,
    read: (value: V) => GroupSettings[K],
  ): void => {
    if (given !== undefined) next[key] = read(given);
  };
  next.minSize = input.MinSize ?? old.minSize;
  next.maxSize = input.MaxSize ?? old.maxSize;
  // Without a desired capacity of its own, an update of the bounds moves it inside them (botocore model, UpdateAutoScalingGroup).
  next.desired = input.DesiredCapacity ?? Math.min(next.maxSize, Math.max(next.minSize, old.desired));
  checkCapacity(next.minSize, next.desired, next.maxSize);
  set("template", input.LaunchTemplate, (value) => readTemplate(env, value));
  set("subnetIds", input.VPCZoneIdentifier, (value) => readSubnets(env, value));
  set("healthCheckTypes", input.HealthCheckType, readHealthCheckTypes);
  set("gracePeriodSeconds", input.HealthCheckGracePeriod, (value) =>
    readSeconds("HealthCheckGracePeriod", value, LONGEST),
  );
  set("cooldownSeconds", input.DefaultCooldown, (value) => readSeconds("DefaultCooldown", value, LONGEST));
  set("terminationPolicies", input.TerminationPolicies, readTerminationPolicies);
  set("newInstancesProtected", input.NewInstancesProtectedFromScaleIn, (value) => value);
  set("defaultInstanceWarmupSeconds", input.DefaultInstanceWarmup, (value) =>
    value === -1 ? undefined : readSeconds("DefaultInstanceWarmup", value, LONGEST_WARMUP),
  );
  set("maintenancePolicy", input.InstanceMaintenancePolicy, readMaintenancePolicy);
  set("deletionProtection", input.DeletionProtection, readDeletionProtection);
  set("serviceLinkedRoleArn", input.ServiceLinkedRoleARN, (value) => value);
  const { desired } = next;
  group.settings = { ...next, desired: old.desired };
  const reason = causes.groupUpdated(next.minSize, next.maxSize, old.desired, desired);
  group.setDesired(desired, at(env.clock.now(), reason));
  group.touch();
}
