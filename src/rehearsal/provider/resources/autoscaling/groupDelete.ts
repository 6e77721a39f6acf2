/**
 * Deleting a group drains it first: sizes go to zero, every instance is awaited (that is, deregistered, drained and terminated),
 * then the empty group goes. `forceDelete` skips the draining, as in the real provider.
 */
import {
  DeleteAutoScalingGroupCommand,
  SetInstanceProtectionCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { isCode } from "../../awsErrors.js";
import type { Call } from "../../resource.js";
import { describeGroup } from "./groupState.js";

export async function deleteGroup(call: Call, name: string, force: boolean): Promise<void> {
  const { aws, waiter } = call;
  const deadlineSeconds = call.deadlineSeconds(600);
  if (!(await describeGroup(call, name))) return;
  if (!force) await drain(call, name, deadlineSeconds);
  await waiter.until({
    what: `Auto Scaling group ${name} to accept its deletion`,
    deadlineSeconds,
    everySeconds: 3,
    observe: async () => {
      try {
        const request = { AutoScalingGroupName: name, ForceDelete: force };
        await aws.autoscaling.send(new DeleteAutoScalingGroupCommand(request));
        return { done: true, progress: "deleting" };
      } catch (error) {
        if (isCode(error, "ValidationError") && /not found/i.test((error as Error).message)) {
          return { done: true, progress: "gone" };
        }
        if (
          !isCode(
            error,
            "ResourceInUse",
            "ResourceInUseFault",
            "ScalingActivityInProgress",
            "ScalingActivityInProgressFault",
          )
        ) {
          throw error;
        }
        return { progress: (error as Error).message };
      }
    },
  });
  await waiter.until({
    what: `Auto Scaling group ${name} to be gone`,
    deadlineSeconds,
    everySeconds: 2,
    observe: async () => {
      const left = await describeGroup(call, name);
      return left ? { progress: `${left.Instances?.length ?? 0} instances left` } : { done: true, progress: "gone" };
    },
  });
}

async function drain(call: Call, name: string, deadlineSeconds: number): Promise<void> {
  const { aws, waiter } = call;
  await aws.autoscaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, MinSize: 0, MaxSize: 0, DesiredCapacity: 0 }),
  );
  await waiter.until({
    what: `the instances of Auto Scaling group ${name} to be drained and terminated`,
    deadlineSeconds,
    everySeconds: 3,
    observe: async () => {
      const { Instances = [] } = (await describeGroup(call, name)) ?? {};
      const guarded = Instances.filter(({ ProtectedFromScaleIn }) => ProtectedFromScaleIn);
      if (guarded.length > 0) {
        const InstanceIds = guarded.flatMap(({ InstanceId }) => InstanceId ?? []);
        const request = { AutoScalingGroupName: name, InstanceIds, ProtectedFromScaleIn: false };
        await aws.autoscaling.send(new SetInstanceProtectionCommand(request));
      }
      const progress = `${Instances.length} instances left`;
      return Instances.length === 0 ? { done: true, progress } : { progress };
    },
  });
}
