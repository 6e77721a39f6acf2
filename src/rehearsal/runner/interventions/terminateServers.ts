import type { CloudSnapshot } from "../../cloud/snapshot.js";
import type { CloudLink } from "../cloudLink.js";

/**
 * Servers of a group die at once, as in a power failure: no draining, no time to finish. Healthy ones that have been there longest go first.
 *
 * @returns the ids of the servers that died
 */
export async function terminateServers(
  link: CloudLink,
  snapshot: CloudSnapshot,
  group: string,
  count: number,
): Promise<string[]> {
  const servers = snapshot.groups.find(({ name }) => name === group)?.instances ?? [];
  const running = servers.filter(({ lifecycleState }) => lifecycleState === "InService");
  const rank = (health: string | undefined): number => (health === "healthy" ? 0 : 1);
  running.sort((a, b) => rank(a.targetHealth) - rank(b.targetHealth) || a.launchedAt - b.launchedAt);
  if (running.length < count) {
    throw new Error(`${count} servers of ${group} were to die, and ${running.length} are in service`);
  }
  const chosen = running.slice(0, count).map(({ instanceId }) => instanceId);
  await Promise.all(chosen.map((instanceId) => link.powerFailure(instanceId)));
  return chosen;
}
