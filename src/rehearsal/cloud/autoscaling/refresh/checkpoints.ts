import type { RefreshRecord } from "./record.js";

/**
 * How many instances may be replaced before the refresh pauses or ends. The last percentage need not be 100: then the
 * refresh replaces only so many and succeeds (user guide, "adding checkpoints to an instance refresh").
 */
export function quota(refresh: RefreshRecord): number {
  const { checkpoints } = refresh.preferences;
  if (refresh.rollback || checkpoints.length === 0) return refresh.phaseTotal;
  return quotaAt(refresh, Math.min(refresh.checkpoint, checkpoints.length - 1));
}

function quotaAt(refresh: RefreshRecord, index: number): number {
  return Math.ceil((refresh.phaseTotal * (refresh.preferences.checkpoints[index] ?? 100)) / 100);
}

/**
 * The checkpoint to work towards once `replaced` instances are replaced; undefined when there is none left. Several may be
 * passed at once: "it skips the first checkpoint" where one replacement is more than both (user guide).
 */
export function nextCheckpoint(refresh: RefreshRecord, replaced: number): number | undefined {
  if (refresh.rollback) return undefined;
  const { checkpoints } = refresh.preferences;
  for (let index = refresh.checkpoint; index < checkpoints.length; index++) {
    if (quotaAt(refresh, index) > replaced) return index;
  }
  return undefined;
}
