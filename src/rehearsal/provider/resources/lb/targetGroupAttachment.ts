/** `aws.lb.TargetGroupAttachment`: one target, registered by hand. */
import {
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
  RegisterTargetsCommand,
  type TargetDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { unlessMissing } from "../../awsErrors.js";
import type { Values } from "../../protocol/values.js";
import { nothingToUpdate, type ResourceType } from "../../resource.js";
import { integer, regional, text } from "../../schema/property.js";

export const targetGroupAttachment: ResourceType = {
  token: "aws:lb/targetGroupAttachment:TargetGroupAttachment",
  properties: {
    ...regional,
    targetGroupArn: text({ required: true, replace: true }),
    targetId: text({ required: true, replace: true }),
    port: integer({ computed: true, replace: true, range: [1, 65535] }),
    availabilityZone: text({ replace: true }),
  },

  async create({ aws }, planned) {
    await aws.elbv2.send(
      new RegisterTargetsCommand({ TargetGroupArn: planned.targetGroupArn, Targets: [target(planned)] }),
    );
    const { targetGroupArn, targetId, port, availabilityZone } = planned;
    // The id that `pulumi import` takes: group, target, port, zone, with commas.
    return [targetGroupArn, targetId, port, availabilityZone].filter((part) => part !== undefined).join(",");
  },

  async read({ aws }, id, known) {
    const [targetGroupArn = "", targetId, port, zone] = id.split(",");
    const wanted: Values = {
      targetGroupArn,
      targetId,
      port: known.port ?? (port ? Number(port) : undefined),
      availabilityZone: known.availabilityZone ?? zone,
    };
    const answer = await unlessMissing(
      aws.elbv2.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn, Targets: [target(wanted)] })),
      "TargetGroupNotFound",
      "InvalidTarget",
    );
    const found = answer?.TargetHealthDescriptions?.find(({ TargetHealth }) => {
      // A target that drains or was never registered is not attached any more.
      return TargetHealth?.Reason !== "Target.NotRegistered" && TargetHealth?.State !== "draining";
    });
    if (!found) return undefined;
    return { ...wanted, port: found.Target?.Port ?? wanted.port };
  },

  update: nothingToUpdate,

  /** Like the real provider it does not wait until the target has drained. */
  async delete({ aws }, _id, state) {
    const request = { TargetGroupArn: state.targetGroupArn, Targets: [target(state)] };
    await unlessMissing(aws.elbv2.send(new DeregisterTargetsCommand(request)), "TargetGroupNotFound", "InvalidTarget");
  },
};

function target({ targetId, port, availabilityZone }: Values): TargetDescription {
  return {
    Id: targetId,
    ...(port === undefined ? {} : { Port: port }),
    ...(availabilityZone === undefined ? {} : { AvailabilityZone: availabilityZone }),
  };
}
