import type { ActivityView, MemberView } from "../refresh/refreshCloud.js";

/** DescribeScalingActivities answers at most so many at once (botocore model); older than six weeks there are none. */
const ACTIVITIES_PAGE = 100;

/**
 * When the servers of a group were launched, at the latest, by its last activities.
 * @param now for an activity without a time
 */
export function launchTimes(
  members: readonly MemberView[],
  activities: readonly ActivityView[],
  now = new Date(),
): ReadonlyMap<string, Date> {
  const launches = new Map<string, Date>();
  // A launch that is not among the latest activities is older than all of them; when these are all that there are, than six weeks.
  let oldest = activities.length < ACTIVITIES_PAGE ? new Date(0) : now;
  for (const { description, startedAt = now } of activities) {
    if (startedAt < oldest) oldest = startedAt;
    const instanceId = /^Launching\b.*\b(i-[0-9a-f]+)/.exec(description)?.[1];
    if (instanceId !== undefined) launches.set(instanceId, startedAt);
  }
  return new Map(members.map(({ instanceId }) => [instanceId, launches.get(instanceId) ?? oldest]));
}
