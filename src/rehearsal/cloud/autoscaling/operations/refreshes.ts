import type * as sdk from "@aws-sdk/client-auto-scaling";
import type { Operation, Out } from "../../service.js";
import { invalid } from "../faults.js";
import { page } from "../paging.js";
import { cancelRefresh, rollbackRefresh, startRefresh } from "../refresh/control.js";
import { describeRefresh } from "../refresh/describe.js";
import type { GroupRegistry } from "../registry.js";

export function refreshOperations(registry: GroupRegistry): Record<string, Operation> {
  return {
    StartInstanceRefresh: (
      input: sdk.StartInstanceRefreshCommandInput,
    ): Out<sdk.StartInstanceRefreshCommandOutput> => ({
      InstanceRefreshId: startRefresh(registry.get(input.AutoScalingGroupName), input).id,
    }),
    CancelInstanceRefresh: (
      input: sdk.CancelInstanceRefreshCommandInput,
    ): Out<sdk.CancelInstanceRefreshCommandOutput> => ({
      InstanceRefreshId: cancelRefresh(registry.get(input.AutoScalingGroupName), input).id,
    }),
    RollbackInstanceRefresh: (
      input: sdk.RollbackInstanceRefreshCommandInput,
    ): Out<sdk.RollbackInstanceRefreshCommandOutput> => ({
      InstanceRefreshId: rollbackRefresh(registry.get(input.AutoScalingGroupName), input).id,
    }),
    DescribeInstanceRefreshes: (
      input: sdk.DescribeInstanceRefreshesCommandInput,
    ): Out<sdk.DescribeInstanceRefreshesCommandOutput> => {
      const group = registry.get(input.AutoScalingGroupName);
      const ids = input.InstanceRefreshIds ?? [];
      const unknown = ids.find((id) => !group.refreshes.some((refresh) => refresh.id === id));
      if (unknown !== undefined)
        throw invalid(`No Instance Refresh found with ID ${unknown} for Auto Scaling group ${group.name}`);
      const found = group.refreshes.filter((refresh) => ids.length === 0 || ids.includes(refresh.id));
      const { items, ...next } = page(found, input, { usual: 50, most: 100 });
      return { InstanceRefreshes: items.map((refresh) => describeRefresh(group, refresh)), ...next };
    },
  };
}
