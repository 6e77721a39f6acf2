import { serversFor } from "./capacity.js";

/** How many servers a fleet has, at the least and at the most. */
export interface FleetSizes {
  readonly minSize: number;
  readonly desiredCapacity: number;
  readonly maxSize: number;
}

/** How a fleet is sized beside the one that it is to replace. */
export type SizeRule =
  /** As many as its share of the users needs. */
  | { readonly kind: "matched"; readonly percent: number }
  /** As many as a fleet that has all users. */
  | { readonly kind: "full" }
  | { readonly kind: "given"; readonly servers: number };

/** The sizes of one of several fleets, from those of a fleet that carries everything. The maximum stays: a gate may have to grow it. */
export function fleetSizes(whole: FleetSizes, rule: SizeRule): FleetSizes {
  switch (rule.kind) {
    case "full":
      return whole;
    case "matched":
      return {
        // Never more than the whole fleet's minimum, which may be 0 where an autoscaler sizes it.
        minSize: Math.min(whole.minSize, matchedCapacity(whole.minSize, rule.percent)),
        desiredCapacity: matchedCapacity(whole.desiredCapacity, rule.percent),
        maxSize: whole.maxSize,
      };
    case "given":
      return { minSize: rule.servers, desiredCapacity: rule.servers, maxSize: Math.max(whole.maxSize, rule.servers) };
  }
}

/** Servers for a share of what `servers` carry; at least one, as an audience or a first share needs somebody who answers. */
function matchedCapacity(servers: number, percent: number): number {
  return Math.max(1, serversFor(servers, percent));
}
