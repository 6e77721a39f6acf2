import type * as sdk from "@aws-sdk/client-auto-scaling";
import type { Operation, Out } from "../../service.js";
import { notServed } from "../faults.js";
import type { GroupRegistry } from "../registry.js";

/** What other tools ask for and this cloud does not have: reading answers that there is none, writing is refused by name. */
export function unservedOperations(registry: GroupRegistry): Record<string, Operation> {
  const refuse =
    (what: string, instead: string): Operation =>
    () => {
      throw notServed(what, instead);
    };
  return {
    DescribeWarmPool: (input: sdk.DescribeWarmPoolCommandInput): Out<sdk.DescribeWarmPoolCommandOutput> => {
      registry.get(input.AutoScalingGroupName);
      return { Instances: [] };
    },
    PutWarmPool: refuse("PutWarmPool", "Groups have no warm pool here; leave it out."),
    DeleteWarmPool: refuse("DeleteWarmPool", "Groups have no warm pool here."),
    DescribeLaunchConfigurations: (): Out<sdk.DescribeLaunchConfigurationsCommandOutput> => ({
      LaunchConfigurations: [],
    }),
    CreateLaunchConfiguration: refuse("CreateLaunchConfiguration", "Use a launch template."),
    AttachInstances: refuse("AttachInstances", "Let the group launch its instances."),
    DetachInstances: refuse("DetachInstances", "Use EnterStandby or TerminateInstanceInAutoScalingGroup."),
    AttachLoadBalancers: refuse("AttachLoadBalancers (classic load balancers)", "Use AttachLoadBalancerTargetGroups."),
    DescribeScheduledActions: (): Out<sdk.DescribeScheduledActionsCommandOutput> => ({
      ScheduledUpdateGroupActions: [],
    }),
    PutScheduledUpdateGroupAction: refuse("PutScheduledUpdateGroupAction", "Use SetDesiredCapacity."),
    DescribeNotificationConfigurations: (): Out<sdk.DescribeNotificationConfigurationsCommandOutput> => ({
      NotificationConfigurations: [],
    }),
    PutNotificationConfiguration: refuse(
      "PutNotificationConfiguration",
      "There is no SNS here; read DescribeScalingActivities.",
    ),
  };
}
