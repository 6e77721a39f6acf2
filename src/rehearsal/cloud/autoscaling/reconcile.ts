import { settleAttachments } from "./attachments.js";
import { balanceCapacity } from "./capacity.js";
import type { Group } from "./group.js";
import { judgeHealth, replaceUnhealthy } from "./health.js";
import { forgetFailures, settleLaunches } from "./launching.js";
import type { Pass } from "./loop.js";
import { controlsCapacity, stepRefresh } from "./refresh/step.js";
import { settleTerminations } from "./terminating.js";

/**
 * One look at a group, from what has happened to what must be done: instances come and go, health is judged, and then either
 * the refresh or the desired capacity decides what is launched and terminated.
 */
export function reconcile(group: Group, pass: Pass): void {
  settleTerminations(group, pass);
  if (group.deleting) return;
  settleLaunches(group, pass);
  settleAttachments(group, pass);
  judgeHealth(group, pass);
  replaceUnhealthy(group, pass);
  forgetFailures(group, pass);
  const refresh = group.activeRefresh();
  if (refresh) stepRefresh(group, refresh, pass);
  if (!controlsCapacity(group)) balanceCapacity(group, pass);
  settleTerminations(group, pass);
}
