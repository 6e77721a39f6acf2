import type { Entrance } from "./entrances.js";
import type { Place } from "./fleets.js";
import type { Link } from "./links.js";
import { isKnown, type Maybe, UNKNOWN } from "./values.js";

/**
 * What a fleet is there for. `live` serves most users of an entrance, or has none at all (a worker); `canary` serves a smaller share or
 * a chosen audience; `previous` is kept for a rollback; `idle` stands in an entrance without weight; `stuck` has servers that no entrance
 * leads to; `unseen` cannot be told before the update.
 */
export type Role = "live" | "canary" | "previous" | "idle" | "stuck" | "unseen";

/** Roles whose servers are there a second time. */
export const DUPLICATES: readonly Role[] = ["canary", "previous", "idle", "stuck"];

interface Facts {
  readonly places: readonly Place[];
  readonly targets: readonly Link[];
  readonly version: Maybe<string>;
  readonly name: string;
  readonly servers: Maybe<number>;
  readonly entrances: readonly Entrance[];
}

export function roleOf(facts: Facts): Role {
  const { places, targets, entrances, servers } = facts;
  if (targets.length === 0) return "live"; // a worker: nobody's duplicate
  const told = toldByTags(facts);
  if (told) return told;
  // A cold environment stands in no action, so that no cookie leads to it.
  if (places.length === 0 && servers === 0) return "idle";
  if (places.length === 0) return nowhere(targets, entrances);
  const shares = places.filter(({ entrance }) => !entrance.chosen);
  if (shares.some(({ share }) => share === UNKNOWN)) return "unseen";
  if (shares.some(({ entrance, share }) => share === largestShare(entrance) && (share as number) > 0)) return "live";
  if (shares.some(({ share }) => (share as number) > 0)) return "canary";
  return "idle";
}

/** Our components say on the entrance which side is live and which version has which part. */
function toldByTags({ places, version, name, entrances }: Facts): Role | undefined {
  const candidates = places.length > 0 ? places.map(({ entrance }) => entrance) : entrances;
  for (const { tags } of candidates) {
    const { [LIVE]: live, [STABLE]: stable, [CANARY]: canary, [PREVIOUS]: previous } = tags;
    if (isKnown(live) && places.length > 0) {
      if (name.endsWith(`-${live}`)) return "live";
      if (ENVIRONMENTS.some((environment) => name.endsWith(`-${environment}`))) return "idle";
    }
    if (!isKnown(version) || !isKnown(stable)) continue;
    if (version === stable) return "live";
    if (version === canary) return "canary";
    if (version === previous) return "previous";
  }
  return undefined;
}

const LIVE = "hitless:live";
const STABLE = "hitless:stable";
const CANARY = "hitless:canary";
const PREVIOUS = "hitless:previous";
const ENVIRONMENTS = ["blue", "green"];

/** In no entrance of this stack: stuck when the stack's entrances are all seen; otherwise it cannot be told. */
function nowhere(targets: readonly Link[], entrances: readonly Entrance[]): Role {
  const unclear =
    targets.some((target) => target === UNKNOWN || !("urn" in target)) ||
    entrances.length === 0 ||
    entrances.some(({ unseen, forwards }) => unseen || forwards.some(({ target }) => target === UNKNOWN));
  return unclear ? "unseen" : "stuck";
}

function largestShare(entrance: Entrance): number {
  const weights = entrance.forwards.map(({ weight }) => (isKnown(weight) ? weight : 0));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum === 0 ? 0 : (Math.max(...weights) / sum) * 100;
}
