import type { RefreshPreferences } from "@aws-sdk/client-auto-scaling";
import { invalid } from "../faults.js";
import type { Group } from "../group.js";
import type { Preferences } from "./record.js";

/** Reads StartInstanceRefresh's preferences, with AWS's defaults (botocore model, RefreshPreferences). */
export function readPreferences(group: Group, given: RefreshPreferences): Preferences {
  const policy = group.settings.maintenancePolicy;
  const checkpoints = given.CheckpointPercentages ?? [];
  const preferences: Preferences = {
    min: given.MinHealthyPercentage ?? policy?.min ?? 90,
    max: given.MaxHealthyPercentage ?? policy?.max ?? 100,
    maxGiven: given.MaxHealthyPercentage !== undefined || policy !== undefined,
    warmupSeconds:
      given.InstanceWarmup ?? group.settings.defaultInstanceWarmupSeconds ?? group.settings.gracePeriodSeconds,
    checkpoints,
    checkpointDelaySeconds: given.CheckpointDelay ?? 3600,
    skipMatching: given.SkipMatching ?? false,
    autoRollback: given.AutoRollback ?? false,
    scaleInProtected: oneOf("ScaleInProtectedInstances", given.ScaleInProtectedInstances, [
      "Refresh",
      "Ignore",
      "Wait",
    ]),
    standby: oneOf("StandbyInstances", given.StandbyInstances, ["Terminate", "Ignore", "Wait"]),
    alarms: given.AlarmSpecification?.Alarms ?? [],
    bakeSeconds: given.BakeTime ?? 0,
  };
  validate(group, given, preferences);
  return preferences;
}

/** What DescribeInstanceRefreshes shows: defaults filled in, an omitted maximum left out. */
export function showPreferences(preferences: Preferences): RefreshPreferences {
  return {
    MinHealthyPercentage: preferences.min,
    ...(preferences.maxGiven ? { MaxHealthyPercentage: preferences.max } : {}),
    InstanceWarmup: preferences.warmupSeconds,
    ...(preferences.checkpoints.length > 0
      ? { CheckpointPercentages: [...preferences.checkpoints], CheckpointDelay: preferences.checkpointDelaySeconds }
      : {}),
    SkipMatching: preferences.skipMatching,
    AutoRollback: preferences.autoRollback,
    ScaleInProtectedInstances: preferences.scaleInProtected,
    StandbyInstances: preferences.standby,
    ...(preferences.alarms.length > 0 ? { AlarmSpecification: { Alarms: [...preferences.alarms] } } : {}),
    ...(preferences.bakeSeconds > 0 ? { BakeTime: preferences.bakeSeconds } : {}),
  };
}

function validate(group: Group, given: RefreshPreferences, read: Preferences): void {
  range("MinHealthyPercentage", given.MinHealthyPercentage, 0, 100);
  range("MaxHealthyPercentage", given.MaxHealthyPercentage, 100, 200);
  range("InstanceWarmup", given.InstanceWarmup, 0, 7200);
  range("CheckpointDelay", given.CheckpointDelay, 0, 172800);
  range("BakeTime", given.BakeTime, 0, 172800);
  if (given.MaxHealthyPercentage !== undefined && given.MinHealthyPercentage === undefined) {
    throw invalid(
      "The request isn't valid. If you specify MaxHealthyPercentage, you must also specify MinHealthyPercentage.",
    );
  }
  if (read.maxGiven && read.max - read.min > 100) {
    throw invalid(
      `The request isn't valid. The difference between MaxHealthyPercentage (${read.max}) and MinHealthyPercentage (${read.min}) cannot be greater than 100.`,
    );
  }
  if (given.CheckpointDelay !== undefined && read.checkpoints.length === 0) {
    throw invalid(
      "The request isn't valid. If you specify CheckpointDelay, you must also specify CheckpointPercentages.",
    );
  }
  read.checkpoints.forEach((percentage, index) => {
    range("CheckpointPercentages", percentage, 1, 100);
    if (index > 0 && percentage <= (read.checkpoints[index - 1] ?? 0)) {
      throw invalid("The request isn't valid. CheckpointPercentages must be unique and in ascending order.");
    }
  });
  if (read.alarms.length > 10) throw invalid("The request isn't valid. AlarmSpecification takes at most 10 alarms.");
  for (const name of read.alarms) {
    if (!group.env.monitoring.alarm(name))
      throw invalid(`The request isn't valid. The CloudWatch alarm '${name}' does not exist.`);
  }
}

function range(name: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined) return;
  if (!Number.isInteger(value) || value < min || value > max) {
    throw invalid(`The request isn't valid. ${name} is ${value}, expected a whole number from ${min} to ${max}.`);
  }
}

/** `Wait` is the API's default for both (the provider's is Ignore). */
function oneOf<T extends string>(name: string, value: string | undefined, allowed: readonly T[]): T | "Wait" {
  if (value === undefined) return "Wait";
  const found = allowed.find((one) => one === value);
  if (found === undefined)
    throw invalid(`The request isn't valid. ${name} is '${value}', expected one of ${allowed.join(", ")}.`);
  return found;
}
