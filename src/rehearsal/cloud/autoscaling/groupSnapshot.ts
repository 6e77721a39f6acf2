import type { GroupSnapshot, InstanceSnapshot } from "../snapshot.js";
import type { Group } from "./group.js";
import type { Member } from "./member.js";

/** The group as a rehearsal samples it: one consistent picture, taken between two looks at the group. */
export function snapshotGroup(group: Group): GroupSnapshot {
  const { settings } = group;
  const refresh = group.refreshes[0];
  const version = versionOf(group, settings.template);
  const targetVersion = refresh?.desiredConfiguration ? versionOf(group, refresh.desiredConfiguration) : undefined;
  return {
    name: group.name,
    minSize: settings.minSize,
    desiredCapacity: settings.desired,
    maxSize: settings.maxSize,
    ...(version === undefined ? {} : { launchTemplateVersion: version }),
    healthCheckGracePeriodSeconds: settings.gracePeriodSeconds,
    ...(settings.defaultInstanceWarmupSeconds === undefined
      ? {}
      : { defaultInstanceWarmupSeconds: settings.defaultInstanceWarmupSeconds }),
    targetGroupArns: [...group.attachments.values()].filter((one) => one.state !== "Removing").map((one) => one.arn),
    instances: [...group.members.values()].map((member) => snapshotMember(group, member)),
    ...(refresh
      ? {
          refresh: {
            id: refresh.id,
            status: refresh.status,
            ...(refresh.statusReason === undefined ? {} : { statusReason: refresh.statusReason }),
            percentageComplete: refresh.percentageComplete,
            instancesToUpdate: refresh.instancesToUpdate,
            ...(targetVersion === undefined ? {} : { targetVersion }),
          },
        }
      : {}),
  };
}

/** A snapshot is a look, not an act: a template that is gone by now shows as the version that was asked for. */
function versionOf(group: Group, spec: { id: string; version: string }): string {
  if (!spec.version.startsWith("$")) return spec.version;
  try {
    return group.env.compute.resolveTemplate({ id: spec.id, version: spec.version }).version;
  } catch (error) {
    group.env.log.debug({ err: error, group: group.name }, "the group's launch template could not be resolved");
    return spec.version;
  }
}

function snapshotMember(group: Group, member: Member): InstanceSnapshot {
  const health = worstTargetHealth(member);
  return {
    instanceId: member.id,
    lifecycleState: member.state,
    healthStatus: member.unhealthy === undefined ? "Healthy" : "Unhealthy",
    launchTemplateVersion: member.template.version,
    launchedAt: member.launchedAt,
    ...(member.firstHealthyAt === undefined ? {} : { firstHealthyAt: member.firstHealthyAt }),
    ...(health === undefined ? {} : { targetHealth: health }),
    tags: { ...group.env.compute.instance(member.id)?.tags },
  };
}

/** With several target groups, the one that is not healthy speaks for all. */
function worstTargetHealth(member: Member): string | undefined {
  const states = [...member.targets.values()].map((health) => health.state);
  return states.find((state) => state !== "healthy") ?? states[0];
}
