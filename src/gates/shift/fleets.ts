import type { FleetsCloud, FleetView } from "../fleetsCloud.js";
import type { ShiftContext } from "./shiftRequest.js";

/** The fleets of a component, by target. */
export class Fleets {
  constructor(readonly groups: readonly FleetView[]) {}

  /** The fleets whose servers a target has: one, unless an interrupted update has left another behind. */
  of(targetGroupArn: string): readonly FleetView[] {
    return this.groups.filter((group) => group.targetGroupArns.includes(targetGroupArn));
  }
}

/** What hinders servers that the load balancer does not know, over several fleets. */
export async function troublesOf(cloud: FleetsCloud, fleets: readonly FleetView[]): Promise<string[]> {
  const lines: string[] = [];
  for (const fleet of fleets) lines.push(...(await cloud.troubles(fleet)));
  return lines;
}

export async function readFleets({ request, cloud }: ShiftContext): Promise<Fleets> {
  return new Fleets(await cloud.fleetsOf(request.component));
}
