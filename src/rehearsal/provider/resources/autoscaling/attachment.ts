/** `aws.autoscaling.Attachment`: a target group attached to a group that is declared elsewhere. */
import { createHash } from "node:crypto";
import {
  AttachLoadBalancerTargetGroupsCommand,
  DetachLoadBalancerTargetGroupsCommand,
} from "@aws-sdk/client-auto-scaling";
import { isCode } from "../../awsErrors.js";
import { nothingToUpdate, type ResourceType } from "../../resource.js";
import { regional, text } from "../../schema/property.js";
import { describeGroup } from "./groupState.js";
import { untilAttached } from "./groupUpdate.js";

export const attachment: ResourceType = {
  token: "aws:autoscaling/attachment:Attachment",
  properties: {
    ...regional,
    autoscalingGroupName: text({ required: true, replace: true }),
    lbTargetGroupArn: text({ required: true, replace: true }),
  },

  async create({ aws }, { autoscalingGroupName, lbTargetGroupArn }) {
    await aws.autoscaling.send(
      new AttachLoadBalancerTargetGroupsCommand({
        AutoScalingGroupName: autoscalingGroupName,
        TargetGroupARNs: [lbTargetGroupArn],
      }),
    );
    return `${autoscalingGroupName}-${createHash("sha256").update(lbTargetGroupArn).digest("hex").slice(0, 26)}`;
  },

  async settle(call, _id, planned) {
    await untilAttached(call, planned.autoscalingGroupName, [planned.lbTargetGroupArn]);
  },

  async read(call, id, { autoscalingGroupName, lbTargetGroupArn }) {
    if (!autoscalingGroupName)
      throw new Error(`an attachment (${id}) cannot be imported; the real provider cannot either`);
    const group = await describeGroup(call, autoscalingGroupName);
    return group?.TargetGroupARNs?.includes(lbTargetGroupArn) ? { autoscalingGroupName, lbTargetGroupArn } : undefined;
  },

  update: nothingToUpdate,

  async delete({ aws }, _id, { autoscalingGroupName, lbTargetGroupArn }) {
    try {
      await aws.autoscaling.send(
        new DetachLoadBalancerTargetGroupsCommand({
          AutoScalingGroupName: autoscalingGroupName,
          TargetGroupARNs: [lbTargetGroupArn],
        }),
      );
    } catch (error) {
      // The group or the attachment is gone already.
      if (!isCode(error, "ValidationError")) throw error;
    }
  },
};
