import { randomUUID } from "node:crypto";
import type {
  CancelInstanceRefreshCommandInput,
  RollbackInstanceRefreshCommandInput,
  StartInstanceRefreshCommandInput,
} from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../../awsError.js";
import { invalid, notServed } from "../faults.js";
import type { Group, TemplateSpec } from "../group.js";
import { isTerminating } from "../member.js";
import { readTemplate } from "../template.js";
import { matcher } from "./matching.js";
import { readPreferences, showPreferences } from "./preferences.js";
import type { Preferences, RefreshRecord } from "./record.js";
import { startRollback, whyIrreversible } from "./rollback.js";
import { end } from "./step.js";

/** StartInstanceRefresh. */
export function startRefresh(group: Group, input: StartInstanceRefreshCommandInput): RefreshRecord {
  if (input.Strategy !== undefined && input.Strategy !== "Rolling") {
    throw notServed(`The instance refresh strategy ${input.Strategy}`, "Use Rolling.");
  }
  if (group.activeRefresh()) {
    throw new AwsError(
      "InstanceRefreshInProgress",
      "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.",
    );
  }
  const wanted = readDesiredConfiguration(group, input);
  const preferences = readPreferences(group, input.Preferences ?? {});
  checkAutoRollback(group, preferences, wanted);
  const now = group.env.clock.now();
  const replace = idsToReplace(group, preferences, wanted ?? group.settings.template);
  const id = randomUUID();
  const refresh: RefreshRecord = {
    id,
    startedAt: now,
    preferences,
    shownPreferences: showPreferences(preferences),
    ...(wanted === undefined ? {} : { desiredConfiguration: wanted }),
    status: "Pending",
    phase: id,
    replace,
    total: replace.size,
    phaseTotal: replace.size,
    lastProgressAt: now,
    fewestLeft: replace.size,
    mostReady: 0,
    checkpoint: 0,
    percentageComplete: 0,
    instancesToUpdate: replace.size,
  };
  group.refreshes.unshift(refresh);
  group.touch();
  return refresh;
}

function readDesiredConfiguration(group: Group, input: StartInstanceRefreshCommandInput): TemplateSpec | undefined {
  const wanted = input.DesiredConfiguration;
  if (wanted?.MixedInstancesPolicy) throw notServed("DesiredConfiguration.MixedInstancesPolicy", "Use LaunchTemplate.");
  return wanted?.LaunchTemplate ? readTemplate(group.env, wanted.LaunchTemplate) : undefined;
}

function checkAutoRollback(group: Group, preferences: Preferences, wanted: TemplateSpec | undefined): void {
  if (!preferences.autoRollback) return;
  if (wanted === undefined) {
    throw invalid(
      "The request isn't valid. The AutoRollback parameter cannot be set to true when the DesiredConfiguration parameter is empty. Set AutoRollback to false or specify a desired configuration and try again.",
    );
  }
  const reason = whyIrreversible(group, wanted);
  if (reason !== undefined) throw invalid(`The request isn't valid. AutoRollback cannot be set to true. ${reason}`);
}

/** Who must be replaced: everyone in the group now, without those that match (SkipMatching) or are to be left alone. */
function idsToReplace(group: Group, preferences: Preferences, target: TemplateSpec): Set<string> {
  const matches = preferences.skipMatching ? matcher(group, target) : () => false;
  const ids = new Set<string>();
  for (const member of group.members.values()) {
    if (isTerminating(member) || matches(member)) continue;
    const standby = member.state === "Standby" || member.state === "EnteringStandby";
    if (
      standby
        ? preferences.standby === "Ignore"
        : member.protectedFromScaleIn && preferences.scaleInProtected === "Ignore"
    )
      continue;
    ids.add(member.id);
  }
  return ids;
}

/** CancelInstanceRefresh: stops, and never reverts what was replaced. */
export function cancelRefresh(group: Group, input: CancelInstanceRefreshCommandInput): RefreshRecord {
  const refresh = activeOrThrow(group);
  if (refresh.status === "Cancelling" && input.WaitForTransitioningInstances !== false) return refresh;
  const reason = "Cancelled due to user request.";
  if (input.WaitForTransitioningInstances === false) end(group, refresh, "Cancelled", reason);
  else {
    refresh.status = "Cancelling";
    refresh.statusReason = reason;
    group.touch();
  }
  return refresh;
}

/** RollbackInstanceRefresh: back to the configuration that the group still has. */
export function rollbackRefresh(group: Group, _input: RollbackInstanceRefreshCommandInput): RefreshRecord {
  const refresh = activeOrThrow(group);
  if (refresh.status === "Cancelling" || refresh.rollback) throw noActiveRefresh(group);
  const reason = whyIrreversible(group, refresh.desiredConfiguration);
  if (reason !== undefined)
    throw new AwsError("IrreversibleInstanceRefresh", `The instance refresh cannot be rolled back. ${reason}`);
  startRollback(group, refresh, "Rollback started by user request.");
  return refresh;
}

function activeOrThrow(group: Group): RefreshRecord {
  const refresh = group.activeRefresh();
  if (!refresh) throw noActiveRefresh(group);
  return refresh;
}

function noActiveRefresh(group: Group): AwsError {
  return new AwsError(
    "ActiveInstanceRefreshNotFound",
    `No in progress or pending Instance Refresh found for Auto Scaling group ${group.name}`,
  );
}
