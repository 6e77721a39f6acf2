/** `aws.autoscaling.Group`: the servers of a fleet. */
import { CreateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import type { Values } from "../../protocol/values.js";
import type { Call, ResourceType } from "../../resource.js";
import { prefixedName } from "../../schema/naming.js";
import { waitForCapacity } from "./capacity.js";
import { deleteGroup } from "./groupDelete.js";
import { GROUP_PROPERTIES, groupFaults } from "./groupProperties.js";
import { describeGroup, fromGroup, toGroupTags, toTemplate } from "./groupState.js";
import { updateAttachments, updateGroup, updateMetrics, updateProcesses, updateTags } from "./groupUpdate.js";
import { startRefresh, wantsRefresh } from "./refresh.js";

const MAX_NAME = 255;

export const group: ResourceType = {
  token: "aws:autoscaling/group:Group",
  maxNameLength: MAX_NAME,
  properties: GROUP_PROPERTIES,
  validate: groupFaults,

  async create(call, planned) {
    const name = planned.name ?? prefixedName(planned.namePrefix, MAX_NAME);
    await call.aws.autoscaling.send(new CreateAutoScalingGroupCommand(createInput(name, planned)));
    return name;
  },

  async settle(call, name, planned) {
    // Attaching target groups with the creation makes them `InService` at once; only processes and metrics come after.
    await updateProcesses(call, name, [], planned.suspendedProcesses);
    await updateMetrics(call, name, [], planned);
    await waitForCapacity(call, name, { occasion: "create", planned, since: await createdAt(call, name) });
  },

  async read(call, name) {
    const found = await describeGroup(call, name);
    return found && found.Status === undefined ? fromGroup(found) : undefined;
  },

  async update(call, { id: name, state, planned, changed }) {
    const since = new Date();
    await updateGroup(call, name, planned, changed);
    if (changed.has("tags")) await updateTags(call, name, state.tags, planned.tags);
    await updateAttachments(call, name, state, planned, changed);
    if (changed.has("suspendedProcesses")) {
      await updateProcesses(call, name, state.suspendedProcesses, planned.suspendedProcesses);
    }
    if (changed.has("enabledMetrics")) await updateMetrics(call, name, state.enabledMetrics, planned);
    if (wantsRefresh(planned, changed)) await startRefresh(call, name, planned);
    if (changed.size === 0) {
      // Nothing to change: the engine takes up an operation whose wait failed.
      await waitForCapacity(call, name, { occasion: "create", planned, since });
    } else if (changed.has("minSize") || changed.has("desiredCapacity")) {
      await waitForCapacity(call, name, { occasion: "update", planned, since });
    }
  },

  delete: (call, name, state) => deleteGroup(call, name, state.forceDelete === true),
};

function createInput(name: string, planned: Values) {
  return {
    AutoScalingGroupName: name,
    MinSize: planned.minSize,
    MaxSize: planned.maxSize,
    DesiredCapacity: planned.desiredCapacity,
    VPCZoneIdentifier: planned.vpcZoneIdentifiers?.join(","),
    AvailabilityZones: planned.availabilityZones,
    LaunchTemplate: toTemplate(planned.launchTemplate),
    TargetGroupARNs: planned.targetGroupArns,
    TrafficSources: planned.trafficSources?.map(({ identifier, type }: Values) => ({
      Identifier: identifier,
      Type: type,
    })),
    HealthCheckType: planned.healthCheckType,
    HealthCheckGracePeriod: planned.healthCheckGracePeriod,
    DefaultCooldown: planned.defaultCooldown,
    DefaultInstanceWarmup: planned.defaultInstanceWarmup,
    MaxInstanceLifetime: planned.maxInstanceLifetime || undefined,
    CapacityRebalance: planned.capacityRebalance,
    NewInstancesProtectedFromScaleIn: planned.protectFromScaleIn,
    TerminationPolicies: planned.terminationPolicies?.length ? planned.terminationPolicies : undefined,
    ServiceLinkedRoleARN: planned.serviceLinkedRoleArn,
    InstanceMaintenancePolicy: planned.instanceMaintenancePolicy
      ? {
          MinHealthyPercentage: planned.instanceMaintenancePolicy.minHealthyPercentage,
          MaxHealthyPercentage: planned.instanceMaintenancePolicy.maxHealthyPercentage,
        }
      : undefined,
    LifecycleHookSpecificationList: planned.initialLifecycleHooks?.map((hook: Values) => ({
      LifecycleHookName: hook.name,
      LifecycleTransition: hook.lifecycleTransition,
      DefaultResult: hook.defaultResult,
      HeartbeatTimeout: hook.heartbeatTimeout,
      NotificationMetadata: hook.notificationMetadata,
      NotificationTargetARN: hook.notificationTargetArn,
      RoleARN: hook.roleArn,
    })),
    Tags: planned.tags?.length ? toGroupTags(name, planned.tags) : undefined,
  };
}

/** By AWS's clock, so that a difference between the clocks hides no failed activity. */
async function createdAt(call: Call, name: string): Promise<Date> {
  return (await describeGroup(call, name))?.CreatedTime ?? new Date(0);
}
