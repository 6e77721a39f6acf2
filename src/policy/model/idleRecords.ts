import { IDLE_SINCE_TAG } from "../../plan/releaseTags.js";
import { type StackResource, TYPES } from "./resource.js";
import { at, type Maybe, text } from "./values.js";

/** What a component of ours remembers of a fleet that has stopped serving. */
export interface IdleRecord {
  /** The component's part of the record's URN, which its fleets share. */
  readonly parent: string;
  readonly fleet: Maybe<string>;
  readonly version: Maybe<string>;
  /** A date. */
  readonly since: Maybe<string>;
}

export function readIdleRecords(resources: readonly StackResource[]): IdleRecord[] {
  return resources.flatMap(({ type, urn, props }) => {
    if (type !== TYPES.stash) return [];
    // A stash puts out for ever what it was first given.
    const kept = at(props, "output") === undefined ? "input" : "output";
    const since = text(props, kept, IDLE_SINCE_TAG);
    if (since === undefined) return []; // somebody else's
    return [
      {
        parent: parentOf(urn),
        fleet: text(props, kept, "fleet"),
        version: text(props, kept, "version"),
        since,
      },
    ];
  });
}

/** A URN names the types of a resource's parents before its own, with `$` between them. */
export function parentOf(urn: string): string {
  return urn.slice(0, urn.lastIndexOf("$"));
}
