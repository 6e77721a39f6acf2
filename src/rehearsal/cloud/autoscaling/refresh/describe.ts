import type { InstanceRefresh } from "@aws-sdk/client-auto-scaling";
import type { Group } from "../group.js";
import { describeTemplate } from "../template.js";
import type { RefreshRecord } from "./record.js";

export function describeRefresh(group: Group, refresh: RefreshRecord): InstanceRefresh {
  const { rollback } = refresh;
  return {
    InstanceRefreshId: refresh.id,
    AutoScalingGroupName: group.name,
    Strategy: "Rolling",
    Status: refresh.status,
    ...(refresh.statusReason === undefined ? {} : { StatusReason: refresh.statusReason }),
    StartTime: new Date(refresh.startedAt),
    ...(refresh.endedAt === undefined ? {} : { EndTime: new Date(refresh.endedAt) }),
    PercentageComplete: refresh.percentageComplete,
    InstancesToUpdate: refresh.instancesToUpdate,
    Preferences: refresh.shownPreferences,
    ...(refresh.desiredConfiguration
      ? { DesiredConfiguration: { LaunchTemplate: describeTemplate(refresh.desiredConfiguration) } }
      : {}),
    ...(rollback
      ? {
          RollbackDetails: {
            RollbackReason: rollback.reason,
            RollbackStartTime: new Date(rollback.startedAt),
            PercentageCompleteOnRollback: rollback.percentageComplete,
            InstancesToUpdateOnRollback: rollback.instancesToUpdate,
          },
        }
      : {}),
  };
}
