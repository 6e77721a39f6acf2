/** Which version has which role in a canary release. */
export interface CanaryRoles {
  readonly stable?: string;
  readonly canary?: string;
  readonly previous?: string;
  readonly others: readonly string[];
}

const STABLE_TAG = "hitless:stable";
const CANARY_TAG = "hitless:canary";
const PREVIOUS_TAG = "hitless:previous";
const OTHERS_TAG = "hitless:others";

/** What a version may be made of here: the characters of a tag of Elastic Load Balancing, without spaces, which separate versions. */
export const VERSION_IN_TAG = /^[\p{L}\p{N}_.:/=+\-@]+$/u;

/** The longest value of a tag (Elastic Load Balancing API, Tag). */
export const TAG_LENGTH = 256;

/** The roles as tags of the entrance: a preview tells a promotion in words, and the next update knows who was stable. */
export function roleTags({ stable, canary, previous, others }: CanaryRoles): Record<string, string> {
  return {
    ...(stable !== undefined ? { [STABLE_TAG]: stable } : {}),
    ...(canary !== undefined ? { [CANARY_TAG]: canary } : {}),
    ...(previous !== undefined ? { [PREVIOUS_TAG]: previous } : {}),
    ...(others.length > 0 ? { [OTHERS_TAG]: others.join(" ") } : {}),
  };
}

/** The roles that an entrance's tags tell; nobody has one that they do not. */
export function rolesOf(tags: Readonly<Record<string, string | undefined>>): CanaryRoles {
  const { [STABLE_TAG]: stable, [CANARY_TAG]: canary, [PREVIOUS_TAG]: previous, [OTHERS_TAG]: others } = tags;
  return {
    ...(stable ? { stable } : {}),
    ...(canary ? { canary } : {}),
    ...(previous ? { previous } : {}),
    others: others ? others.split(" ") : [],
  };
}

/** Whether users of the release had this version before, as the stable or the previous one: going back to it is a rollback. */
export function isReturning(roles: CanaryRoles, version: string): boolean {
  return version === roles.stable || version === roles.previous;
}
