import type { RefreshStatus, RefreshView } from "./refreshCloud.js";

/** Statuses in which a refresh still moves servers; a group has at most one such refresh (botocore model). */
const ACTIVE: ReadonlySet<RefreshStatus> = new Set<RefreshStatus>([
  "Pending",
  "InProgress",
  "Baking",
  "Cancelling",
  "RollbackInProgress",
]);

export function isActive(refresh: RefreshView): boolean {
  return ACTIVE.has(refresh.status);
}

/** AWS's words on how a refresh stands. */
export function saying(refresh: RefreshView): string {
  const reasons = [refresh.rollbackReason, refresh.reason].filter((reason) => reason !== undefined);
  return [...new Set(reasons)].join(" ");
}
