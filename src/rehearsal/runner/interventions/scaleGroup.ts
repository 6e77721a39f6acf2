import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { CloudClients } from "./cloudClients.js";
import { oneNamed } from "./oneNamed.js";

/** An Auto Scaling group by any of the names that a scenario may use; answers its full name. */
export async function findGroup(clients: CloudClients, wanted: string): Promise<AutoScalingGroup & { name: string }> {
  const { paginateDescribeAutoScalingGroups } = await import("@aws-sdk/client-auto-scaling");
  const groups: (AutoScalingGroup & { name: string; tag?: string | undefined })[] = [];
  for await (const page of paginateDescribeAutoScalingGroups({ client: await clients.autoScaling() }, {})) {
    for (const group of page.AutoScalingGroups ?? []) {
      const tag = group.Tags?.find(({ Key }) => Key === "Name")?.Value;
      groups.push({ ...group, name: group.AutoScalingGroupName ?? "", tag });
    }
  }
  return oneNamed(wanted, groups, "group");
}

/** Sets a group's desired capacity, as an autoscaler does; its limits give way only where they have to. */
export async function scaleGroup(clients: CloudClients, wanted: string, to: number): Promise<string> {
  const { UpdateAutoScalingGroupCommand } = await import("@aws-sdk/client-auto-scaling");
  const group = await findGroup(clients, wanted);
  const client = await clients.autoScaling();
  await client.send(
    new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: group.name,
      DesiredCapacity: to,
      ...(to > (group.MaxSize ?? 0) && { MaxSize: to }),
      ...(to < (group.MinSize ?? 0) && { MinSize: to }),
    }),
  );
  return group.name;
}
