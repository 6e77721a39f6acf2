/** `aws.autoscaling.LifecycleHook` */
import {
  DeleteLifecycleHookCommand,
  DescribeLifecycleHooksCommand,
  PutLifecycleHookCommand,
} from "@aws-sdk/client-auto-scaling";
import { isCode, unlessMissing } from "../../awsErrors.js";
import type { Values } from "../../protocol/values.js";
import type { Call, ResourceType } from "../../resource.js";
import { integer, regional, text } from "../../schema/property.js";

export const lifecycleHook: ResourceType = {
  token: "aws:autoscaling/lifecycleHook:LifecycleHook",
  maxNameLength: 255,
  properties: {
    ...regional,
    name: text({ computed: true, replace: true, range: [1, 255] }),
    autoscalingGroupName: text({ required: true, replace: true }),
    lifecycleTransition: text({
      required: true,
      oneOf: ["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"],
    }),
    defaultResult: text({ computed: true, oneOf: ["CONTINUE", "ABANDON"] }),
    heartbeatTimeout: integer({ computed: true, range: [30, 7200] }),
    notificationMetadata: text(),
    notificationTargetArn: text(),
    roleArn: text(),
  },

  async create(call, planned) {
    await put(call, planned);
    return planned.name;
  },

  async read({ aws }, id, known) {
    // `pulumi import` takes GROUP/HOOK; a hook that was created has its name as its id.
    const [groupName = "", hookName = ""] = id.includes("/") ? id.split("/") : [known.autoscalingGroupName, id];
    const answer = await unlessMissing(
      aws.autoscaling.send(
        new DescribeLifecycleHooksCommand({ AutoScalingGroupName: groupName, LifecycleHookNames: [hookName] }),
      ),
      "ValidationError",
    );
    const found = answer?.LifecycleHooks?.find(({ LifecycleHookName }) => LifecycleHookName === hookName);
    if (!found) return undefined;
    return {
      name: found.LifecycleHookName,
      autoscalingGroupName: found.AutoScalingGroupName ?? groupName,
      lifecycleTransition: found.LifecycleTransition,
      defaultResult: found.DefaultResult,
      heartbeatTimeout: found.HeartbeatTimeout,
      notificationMetadata: found.NotificationMetadata,
      notificationTargetArn: found.NotificationTargetARN,
      roleArn: found.RoleARN,
    };
  },

  update: (call, { planned }) => put(call, planned),

  async delete({ aws }, _id, { autoscalingGroupName, name }) {
    try {
      await aws.autoscaling.send(
        new DeleteLifecycleHookCommand({ AutoScalingGroupName: autoscalingGroupName, LifecycleHookName: name }),
      );
    } catch (error) {
      // "No Lifecycle Hook found", or the group itself is gone.
      if (!isCode(error, "ValidationError")) throw error;
    }
  },
};

async function put({ aws }: Call, planned: Values): Promise<void> {
  await aws.autoscaling.send(
    new PutLifecycleHookCommand({
      AutoScalingGroupName: planned.autoscalingGroupName,
      LifecycleHookName: planned.name,
      LifecycleTransition: planned.lifecycleTransition,
      DefaultResult: planned.defaultResult,
      HeartbeatTimeout: planned.heartbeatTimeout,
      NotificationMetadata: planned.notificationMetadata,
      NotificationTargetARN: planned.notificationTargetArn,
      RoleARN: planned.roleArn,
    }),
  );
}
