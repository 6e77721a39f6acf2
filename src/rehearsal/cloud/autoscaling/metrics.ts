import type { MetricDatum } from "../ports.js";
import type { Group } from "./group.js";
import { isActive, isLaunching, isTerminating, type Member } from "./member.js";
import type { GroupRegistry } from "./registry.js";

const COUNTS: Readonly<Record<string, (group: Group) => number>> = {
  GroupMinSize: (group) => group.settings.minSize,
  GroupMaxSize: (group) => group.settings.maxSize,
  GroupDesiredCapacity: (group) => group.settings.desired,
  GroupInServiceInstances: (group) => count(group, (member) => member.state === "InService"),
  GroupPendingInstances: (group) => count(group, isLaunching),
  GroupStandbyInstances: (group) => count(group, (member) => member.state.includes("Standby")),
  GroupTerminatingInstances: (group) => count(group, isTerminating),
  GroupTotalInstances: (group) => group.members.size,
  GroupInServiceCapacity: (group) => count(group, (member) => member.state === "InService"),
  GroupPendingCapacity: (group) => count(group, isLaunching),
  GroupStandbyCapacity: (group) => count(group, (member) => !isActive(member) && !isTerminating(member)),
  GroupTerminatingCapacity: (group) => count(group, isTerminating),
  GroupTotalCapacity: (group) => group.members.size,
};

/** Group metrics that EnableMetricsCollection can switch on (those of warm pools are absent, as warm pools are). */
export const GROUP_METRICS: readonly string[] = Object.keys(COUNTS);

function count(group: Group, matches: (member: Member) => boolean): number {
  let found = 0;
  for (const member of group.members.values()) if (matches(member)) found++;
  return found;
}

/** Publishes the enabled metrics of all groups; called once a minute of AWS time. */
export function publishMetrics(registry: GroupRegistry): void {
  const at = registry.env.clock.now();
  const data = registry.all().flatMap((group) =>
    [...group.enabledMetrics].map(
      (name): MetricDatum => ({
        namespace: "AWS/AutoScaling",
        name,
        dimensions: { AutoScalingGroupName: group.name },
        at,
        values: [COUNTS[name]?.(group) ?? 0],
        unit: "None",
      }),
    ),
  );
  if (data.length > 0) registry.env.monitoring.put(data);
}
