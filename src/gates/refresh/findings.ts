import type { TargetView } from "../balancerCloud.js";
import type { FleetsCloud } from "../fleetsCloud.js";
import { because, type Failure } from "./newServers.js";

/** Servers whose console is shown: one is enough to see what is wrong, two to see that it is always the same. */
const CONSOLES_SHOWN = 2;
const FAILURES_SHOWN = 5;

/** Who knows what servers have written. */
export type ServerLog = Pick<FleetsCloud, "consoleTail" | "fleetWords">;

/** What failed, with the console of the first servers: the reasons that a refusal gives. */
export async function describeFailures(cloud: ServerLog, failures: readonly Failure[]): Promise<string> {
  const lines = failures
    .slice(0, FAILURES_SHOWN)
    .map((failure) => (failure.instanceId ? `${failure.instanceId} ${failure.what}` : failure.what));
  if (failures.length > FAILURES_SHOWN) lines.push(`… and ${failures.length - FAILURES_SHOWN} more`);
  const servers = failures.flatMap((failure) => failure.instanceId ?? []);
  return [...lines, ...(await consoles(cloud, servers))].join("\n");
}

/** How the new servers stand that are not healthy yet, with the console of the first. */
export async function describeUnready(
  cloud: ServerLog,
  instanceIds: readonly string[],
  targets: readonly TargetView[],
): Promise<string> {
  const lines = instanceIds.slice(0, FAILURES_SHOWN).map((instanceId) => {
    const target = targets.find((candidate) => candidate.instanceId === instanceId);
    return `${instanceId} is ${target?.state ?? "not registered with the target group"}${because(target)}`;
  });
  return [...lines, ...(await consoles(cloud, instanceIds))].join("\n");
}

async function consoles(cloud: ServerLog, instanceIds: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  for (const instanceId of instanceIds.slice(0, CONSOLES_SHOWN)) {
    const tail = await cloud.consoleTail(instanceId);
    if (tail !== undefined) lines.push(`console of ${instanceId}:`, ...tail.split("\n").map((line) => `| ${line}`));
  }
  if (lines.length === 0 && instanceIds.length > 0) {
    lines.push(`its console: ${cloud.fleetWords.logs(instanceIds[0] as string)}`);
  }
  return lines;
}
