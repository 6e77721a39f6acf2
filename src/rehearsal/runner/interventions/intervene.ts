import type { CloudFaults } from "../../cloud/snapshot.js";
import type { Intervention } from "../../scenario/interventionSchema.js";
import type { CloudLink } from "../cloudLink.js";
import { pause } from "../interruption.js";
import type { CloudClients } from "./cloudClients.js";
import { moveWeights } from "./moveWeights.js";
import { findGroup, scaleGroup } from "./scaleGroup.js";
import { terminateServers } from "./terminateServers.js";

/** What somebody else needs to change the cloud behind the program's back. */
export interface Hands {
  readonly link: CloudLink;
  readonly clients: CloudClients;
  /** The program's outputs as they were after its last update. */
  readonly outputs: () => Promise<Readonly<Record<string, unknown>>>;
  /** Runs kubectl in the rehearsal's cluster, and answers what it printed. @default there is no cluster */
  readonly kubectl?: ((words: readonly string[]) => Promise<string>) | undefined;
  readonly halt: AbortSignal;
}

/** Does what the scenario says; answers in one sentence what was done. @throws Error in one sentence why it was not */
export async function intervene(
  what: Intervention & { faults?: CloudFaults | undefined },
  hands: Hands,
): Promise<string> {
  const { link, clients, halt } = hands;
  if (what.scale !== undefined) {
    const group = await scaleGroup(clients, what.scale.group, what.scale.to);
    return `${group} scaled to ${what.scale.to}`;
  }
  if (what.weights !== undefined) {
    await moveWeights(clients, await link.snapshot(), await hands.outputs(), what.weights);
    return `weights moved to ${written(what.weights.to)}`;
  }
  if (what.terminate !== undefined) {
    await pause(what.terminate.afterSeconds * 1000, halt);
    const { name } = await findGroup(clients, what.terminate.group);
    const dead = await terminateServers(link, await link.snapshot(), name, what.terminate.count);
    return `${dead.join(", ")} of ${name} died`;
  }
  if (what.kubectl !== undefined) {
    if (hands.kubectl === undefined) throw new Error("the rehearsal has no cluster: give the scenario `cluster`");
    const [said = "done"] = (await hands.kubectl(what.kubectl)).trim().split("\n").slice(-1);
    return said;
  }
  await link.setFaults(what.faults ?? {});
  return `faults ${JSON.stringify(what.faults ?? {})}`;
}

/** What is to happen, before it is known whom exactly it meets. */
export function announced(what: Intervention & { faults?: CloudFaults | undefined }): string {
  if (what.scale !== undefined) return `scale ${what.scale.group} to ${what.scale.to}`;
  if (what.weights !== undefined) return `move weights to ${written(what.weights.to)}`;
  if (what.terminate !== undefined) return `terminate ${what.terminate.count} of ${what.terminate.group}`;
  if (what.kubectl !== undefined) return `kubectl ${what.kubectl.join(" ")}`;
  return `faults ${JSON.stringify(what.faults ?? {})}`;
}

/** Waits until a group has exactly so many servers, all of them in service and healthy in the balancer's eyes. */
export async function untilSteady(wanted: string, size: number, hands: Hands, timeoutSeconds: number): Promise<void> {
  const { name } = await findGroup(hands.clients, wanted);
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const group = (await hands.link.snapshot()).groups.find((candidate) => candidate.name === name);
    const present = group?.instances.filter(({ lifecycleState }) => lifecycleState !== "Terminated") ?? [];
    const ready = present.filter(
      ({ lifecycleState, targetHealth }) =>
        lifecycleState === "InService" &&
        (group?.targetGroupArns.length === 0 || /^(healthy|unused)$/.test(targetHealth ?? "")),
    );
    if (present.length === size && ready.length === size) return;
    if (Date.now() > deadline) {
      throw new Error(
        `${name} has ${ready.length} servers ready of ${present.length} after ${timeoutSeconds} s, wanted ${size}`,
      );
    }
    await pause(200, hands.halt);
  }
}

function written(weights: Readonly<Record<string, number>>): string {
  return Object.entries(weights)
    .map(([name, weight]) => `${name} ${weight}`)
    .join(", ");
}
