import type * as sdk from "@aws-sdk/client-auto-scaling";
import type { Operation, Out } from "../../service.js";
import { invalid } from "../faults.js";
import type { Group } from "../group.js";
import { GROUP_METRICS } from "../metrics.js";
import type { GroupRegistry } from "../registry.js";
import { TERMINATION_POLICIES } from "../termination.js";

const PROCESSES = [
  "AZRebalance",
  "AddToLoadBalancer",
  "AlarmNotification",
  "HealthCheck",
  "InstanceRefresh",
  "Launch",
  "ReplaceUnhealthy",
  "ScheduledActions",
  "Terminate",
] as const;

export function processOperations(registry: GroupRegistry): Record<string, Operation> {
  return {
    SuspendProcesses: (input: sdk.SuspendProcessesCommandInput) => {
      const group = registry.get(input.AutoScalingGroupName);
      const at = new Date(group.env.clock.now()).toISOString();
      for (const name of readProcesses(input))
        if (!group.suspended.has(name)) group.suspended.set(name, `User suspended at ${at}`);
      group.touch();
      return {};
    },
    ResumeProcesses: (input: sdk.ResumeProcessesCommandInput) => {
      const group = registry.get(input.AutoScalingGroupName);
      for (const name of readProcesses(input)) group.suspended.delete(name);
      group.touch();
      return {};
    },
    DescribeScalingProcessTypes: (): Out<sdk.DescribeScalingProcessTypesCommandOutput> => ({
      Processes: PROCESSES.map((ProcessName) => ({ ProcessName })),
    }),
    DescribeTerminationPolicyTypes: (): Out<sdk.DescribeTerminationPolicyTypesCommandOutput> => ({
      TerminationPolicyTypes: [...TERMINATION_POLICIES],
    }),
    EnableMetricsCollection: (input: sdk.EnableMetricsCollectionCommandInput) => {
      const group = registry.get(input.AutoScalingGroupName);
      if (input.Granularity !== "1Minute") throw invalid(`Granularity '${input.Granularity ?? ""}' must be 1Minute.`);
      for (const metric of readMetrics(input.Metrics)) group.enabledMetrics.add(metric);
      return {};
    },
    DisableMetricsCollection: (input: sdk.DisableMetricsCollectionCommandInput) => {
      const group: Group = registry.get(input.AutoScalingGroupName);
      for (const metric of readMetrics(input.Metrics)) group.enabledMetrics.delete(metric);
      return {};
    },
    DescribeMetricCollectionTypes: (): Out<sdk.DescribeMetricCollectionTypesCommandOutput> => ({
      Metrics: GROUP_METRICS.map((Metric) => ({ Metric })),
      Granularities: [{ Granularity: "1Minute" }],
    }),
  };
}

/** No names mean all of them (botocore model). */
function readProcesses(input: { readonly ScalingProcesses?: readonly string[] | undefined }): readonly string[] {
  const names = input.ScalingProcesses ?? [];
  const unknown = names.find((name) => !PROCESSES.some((process) => process === name));
  if (unknown !== undefined)
    throw invalid(`${unknown} is not a valid scaling process. Valid values are ${PROCESSES.join(", ")}.`);
  return names.length === 0 ? PROCESSES : names;
}

function readMetrics(names: readonly string[] | undefined): readonly string[] {
  const wanted = names ?? [];
  const unknown = wanted.find((name) => !GROUP_METRICS.includes(name));
  if (unknown !== undefined)
    throw invalid(`${unknown} is not a valid group metric here. Valid values are ${GROUP_METRICS.join(", ")}.`);
  return wanted.length === 0 ? GROUP_METRICS : wanted;
}
