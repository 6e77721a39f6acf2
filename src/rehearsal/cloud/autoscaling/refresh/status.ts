import type { Group } from "../group.js";
import { isLaunching, type Member } from "../member.js";
import { passesHealthChecks } from "../readiness.js";
import type { Census } from "./census.js";

const WARMING = "Waiting for instances to warm up before continuing. For example:";
const AVAILABLE = "Waiting for remaining instances to be available. For example:";

/** What the refresh is waiting for, in the words of DescribeInstanceRefreshes' StatusReason. */
export function waitingReason(group: Group, census: Census): string | undefined {
  if (group.isSuspended("Launch")) return "Waiting for the suspended process Launch to be resumed.";
  if (group.isSuspended("Terminate")) return "Waiting for the suspended process Terminate to be resumed.";
  if (group.backoff && census.unready.length === 0) {
    return `Failed to launch instances, trying again. Reason: ${group.backoff.lastReason}`;
  }
  const failing = census.unready.find((member) => !passesHealthChecks(group, member));
  if (failing) return `${AVAILABLE} ${failing.id} ${whyUnavailable(group, failing)}`;
  const warming = census.unready[0];
  if (warming) return `${WARMING} ${warming.id} is warming up.`;
  const blocked = census.blocked[0];
  if (blocked) {
    return blocked.state === "InService" || isLaunching(blocked)
      ? `${AVAILABLE} ${blocked.id} is protected. Remove instance scale-in protection to continue.`
      : `${AVAILABLE} ${blocked.id} is in Standby. Return the instance to service to continue.`;
  }
  const weak = census.weak[0] ?? census.coming[0];
  return weak ? `${AVAILABLE} ${weak.id} ${whyUnavailable(group, weak)}` : undefined;
}

function whyUnavailable(group: Group, member: Member): string {
  if (member.unhealthy !== undefined) return "is unhealthy.";
  if (isLaunching(member)) return "has insufficient data to evaluate its health with Amazon EC2.";
  for (const attachment of group.attachments.values()) {
    const health = member.targets.get(attachment.arn);
    if (health?.state === "unhealthy") {
      return `is unhealthy with Elastic Load Balancing (${[health.reason, health.description].filter(Boolean).join(": ")}).`;
    }
  }
  return "has insufficient data to evaluate its health with Elastic Load Balancing.";
}
