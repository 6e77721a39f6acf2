import type { AlarmCloud } from "./alarmCloud.js";
import type { BalancerCloud } from "./balancerCloud.js";
import type { FleetsCloud } from "./fleetsCloud.js";
import type { GateSurroundings } from "./gate.js";
import { type GateCloud, joinClouds } from "./gateCloud.js";

/** Where a hook's gates run: their surroundings, and the clouds as the component's providers reach them. */
export interface Stage extends GateSurroundings {
  readonly cloud: GateCloud;
}

/** How the gates of a component reach what stands in front and what runs; made while the program is built. */
export interface Reach {
  readonly front: { balancer(subject: string, guardedId: string): Promise<BalancerCloud & AlarmCloud> };
  readonly platform: { fleets(subject: string, guardedId: string): Promise<FleetsCloud> };
}

/** @param guardedId an id from the region of the resource that the hook guards */
export async function stageFor(
  { subject, reach }: { readonly subject: string; readonly reach: Reach },
  guardedId: string,
  surroundings: GateSurroundings,
): Promise<Stage> {
  const [front, fleets] = await Promise.all([
    reach.front.balancer(subject, guardedId),
    reach.platform.fleets(subject, guardedId),
  ]);
  return { ...surroundings, cloud: joinClouds(front, fleets) };
}
