import type { Group } from "../group.js";
import type { Pass } from "../loop.js";
import { isLaunching, isTerminating } from "../member.js";
import { type Census, leftToReplace, takeCensus } from "./census.js";
import { nextCheckpoint, quota } from "./checkpoints.js";
import type { RefreshRecord, RefreshStatus } from "./record.js";
import { replaceSome } from "./replace.js";
import { startRollback } from "./rollback.js";
import { waitingReason } from "./status.js";

/** User guide, "one-hour timeout" and "total duration". */
const PATIENCE_SECONDS = 3600;
const LONGEST_SECONDS = 14 * 24 * 3600;

/** While it does, the group's own keeping of desired capacity stands back. */
export function controlsCapacity(group: Group): boolean {
  const refresh = group.activeRefresh();
  if (!refresh || group.isSuspended("InstanceRefresh")) return false;
  // Cancelling starts nothing new, but the surplus it leaves is taken away only when its instances have settled.
  return refresh.status !== "Cancelling" || group.active().length > group.settings.desired;
}

/** One look at the refresh that has not ended. */
export function stepRefresh(group: Group, refresh: RefreshRecord, pass: Pass): void {
  if (refresh.status === "Cancelling") {
    stepCancelling(group, refresh);
    return;
  }
  if (group.isSuspended("InstanceRefresh")) {
    refresh.statusReason = "Waiting for the suspended process InstanceRefresh to be resumed.";
    return;
  }
  if (refresh.status === "Pending") refresh.status = "InProgress";
  const fault = faultOf(group, refresh, pass);
  if (fault !== undefined) {
    fail(group, refresh, fault);
    if (refresh.status !== "RollbackInProgress") return;
  }
  const census = takeCensus(group, refresh, pass.now);
  if (census.nextWarm !== undefined) pass.wakeAt(census.nextWarm);
  measure(group, refresh, census);
  if (refresh.status === "Baking") stepBaking(group, refresh, census, pass);
  else stepReplacing(group, refresh, census, pass);
}

function stepReplacing(group: Group, refresh: RefreshRecord, census: Census, pass: Pass): void {
  const left = leftToReplace(census);
  const replaced = refresh.phaseTotal - left;
  if (refresh.waitUntil !== undefined && pass.now >= refresh.waitUntil) resume(refresh, replaced, pass);
  if (refresh.waitUntil === undefined && replaced >= quota(refresh) && settled(group, census)) {
    if (nextCheckpoint(refresh, replaced) === undefined) {
      finish(group, refresh, pass);
      return;
    }
    refresh.waitUntil = pass.now + group.env.clock.toRealMs(refresh.preferences.checkpointDelaySeconds);
  }
  const paused = refresh.waitUntil !== undefined;
  replaceSome(group, refresh, census, paused ? 0 : quota(refresh) - replaced, pass);
  if (refresh.waitUntil !== undefined) {
    const percentage = refresh.preferences.checkpoints[refresh.checkpoint];
    refresh.statusReason = `Waiting ${refresh.preferences.checkpointDelaySeconds} seconds at the checkpoint of ${percentage} percent before continuing.`;
    pass.wakeAt(refresh.waitUntil);
  } else watchProgress(group, refresh, census, left, pass);
}

function resume(refresh: RefreshRecord, replaced: number, pass: Pass): void {
  refresh.waitUntil = undefined;
  refresh.checkpoint = nextCheckpoint(refresh, replaced) ?? refresh.checkpoint;
  refresh.lastProgressAt = pass.now;
}

/** As many instances as desired, and every one that this phase launched is ready. */
function settled(group: Group, census: Census): boolean {
  const { broken, coming, weak, ready, kept, blockedActive, unready } = census;
  const total = broken.length + coming.length + weak.length + ready.length + kept.length + blockedActive;
  return total === group.settings.desired && unready.length === 0;
}

/** "Keeps retrying for an hour … If the problem persists after an hour, the operation fails" (user guide). */
function watchProgress(group: Group, refresh: RefreshRecord, census: Census, left: number, pass: Pass): void {
  if (left < refresh.fewestLeft || census.keptReady > refresh.mostReady) refresh.lastProgressAt = pass.now;
  refresh.fewestLeft = Math.min(refresh.fewestLeft, left);
  refresh.mostReady = Math.max(refresh.mostReady, census.keptReady);
  const reason = waitingReason(group, census);
  if (reason !== undefined) refresh.statusReason = reason;
  const deadline = refresh.lastProgressAt + group.env.clock.toRealMs(PATIENCE_SECONDS);
  if (pass.now < deadline) pass.wakeAt(deadline);
  else fail(group, refresh, `The instance refresh made no progress for one hour. ${refresh.statusReason ?? ""}`.trim());
}

function stepBaking(group: Group, refresh: RefreshRecord, census: Census, pass: Pass): void {
  replaceSome(group, refresh, census, 0, pass);
  if (refresh.bakeUntil === undefined || pass.now >= refresh.bakeUntil) succeed(group, refresh);
  else pass.wakeAt(refresh.bakeUntil);
}

/** botocore model, WaitForTransitioningInstances: launches and terminations under way are finished first. */
function stepCancelling(group: Group, refresh: RefreshRecord): void {
  for (const member of group.members.values()) {
    if (isLaunching(member) && member.launchedBy === refresh.phase) return;
    if (isTerminating(member) && member.terminatedBy === refresh.id) return;
  }
  end(group, refresh, "Cancelled");
}

/** What ends the refresh from outside; alarms do not stop a rollback. */
function faultOf(group: Group, refresh: RefreshRecord, pass: Pass): string | undefined {
  const limit = refresh.startedAt + group.env.clock.toRealMs(LONGEST_SECONDS);
  if (pass.now >= limit) return "The instance refresh took longer than 14 days.";
  if (refresh.rollback) return undefined;
  const alarm = refresh.preferences.alarms.find((name) => group.env.monitoring.alarm(name)?.state === "ALARM");
  return alarm === undefined ? undefined : `The CloudWatch alarm ${alarm} is in the ALARM state.`;
}

/** Keeps what DescribeInstanceRefreshes shows (botocore model: both count healthy and warmed-up instances only). */
function measure(group: Group, refresh: RefreshRecord, census: Census): void {
  const left = leftToReplace(census);
  if (refresh.rollback) {
    const share = refresh.phaseTotal === 0 ? 0 : left / refresh.phaseTotal;
    refresh.percentageComplete = Math.floor(refresh.rollback.percentageComplete * share);
    return;
  }
  const missing = Math.max(group.settings.desired - census.keptReady - census.blockedActive, left);
  refresh.instancesToUpdate = Math.max(0, Math.min(refresh.total, missing));
  refresh.percentageComplete =
    refresh.total === 0 ? 100 : Math.floor((100 * (refresh.total - refresh.instancesToUpdate)) / refresh.total);
}

function finish(group: Group, refresh: RefreshRecord, pass: Pass): void {
  if (!refresh.rollback && quota(refresh) === refresh.phaseTotal) {
    // Everything was replaced: an instance that matched all along and is unhealthy now is not the refresh's concern.
    refresh.instancesToUpdate = 0;
    refresh.percentageComplete = 100;
  }
  const { bakeSeconds } = refresh.preferences;
  if (refresh.rollback) end(group, refresh, "RollbackSuccessful", refresh.rollback.reason);
  else if (bakeSeconds === 0) succeed(group, refresh);
  else {
    refresh.status = "Baking";
    refresh.statusReason = `Waiting ${bakeSeconds} seconds of bake time before the instance refresh is complete.`;
    refresh.bakeUntil = pass.now + group.env.clock.toRealMs(bakeSeconds);
    pass.wakeAt(refresh.bakeUntil);
  }
}

/** Only now does the group take the desired configuration over (user guide, "desired configuration"). */
function succeed(group: Group, refresh: RefreshRecord): void {
  if (refresh.desiredConfiguration) group.settings.template = refresh.desiredConfiguration;
  end(group, refresh, "Successful");
}

function fail(group: Group, refresh: RefreshRecord, reason: string): void {
  if (refresh.rollback) end(group, refresh, "RollbackFailed", reason);
  else if (refresh.preferences.autoRollback) startRollback(group, refresh, reason);
  else end(group, refresh, "Failed", reason);
}

export function end(group: Group, refresh: RefreshRecord, status: RefreshStatus, reason?: string): void {
  refresh.status = status;
  refresh.statusReason = reason;
  refresh.endedAt = group.env.clock.now();
  group.touch();
}
