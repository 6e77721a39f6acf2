import { PREVIEW_TAG } from "../../plan/previewRoutes.js";
import type { Objects } from "./kubernetes/objects.js";
import { routeEntrances } from "./kubernetes/routes.js";
import { has, type Link, type Links } from "./links.js";
import { type StackResource, TYPES } from "./resource.js";
import { at, isKnown, list, type Maybe, number, tagsOf, text, UNKNOWN } from "./values.js";

/** One target of a forward action. */
export interface Forward {
  readonly target: Link;
  /** As AWS counts: only the ratio says something. */
  readonly weight: Maybe<number>;
}

/** A listener's default action, a rule, or a rule of an HTTPRoute: where requests are handed to target groups, or to Services. */
export interface Entrance {
  readonly resource: StackResource;
  readonly kind: "listener" | "rule" | "route";
  readonly forwards: readonly Forward[];
  /**
   * Target groups that stand in the actions, while it cannot be told which of them has which weight: their ARNs are not known before
   * they exist, only that the program has wired them in.
   */
  readonly candidates: readonly StackResource[];
  /** True when only chosen requests come this way (header, query or source address), or when it is tagged as a preview route of ours. */
  readonly chosen: boolean;
  readonly tags: Readonly<Record<string, Maybe<string>>>;
  /** Set while the actions are not known: then `forwards` says nothing. */
  readonly unseen: boolean;
}

export function readEntrances(resources: readonly StackResource[], links: Links, objects: Objects): Entrance[] {
  return resources.flatMap((resource): Entrance[] => {
    if (resource.type === TYPES.listener) return [entrance(resource, "listener", "defaultActions", false, links)];
    if (resource.type === TYPES.listenerRule) {
      return [entrance(resource, "rule", "actions", isChosen(resource), links)];
    }
    if (resource.type === TYPES.httpRoute) return routeEntrances(resource, objects);
    return [];
  });
}

function entrance(
  resource: StackResource,
  kind: Entrance["kind"],
  property: string,
  chosen: boolean,
  links: Links,
): Entrance {
  const actions = list(resource.props, property);
  const forwards =
    actions === UNKNOWN ? [] : actions.flatMap((action) => forwardsOf(resource, property, action, links));
  const tags = tagsOf(resource.props);
  const known = forwards.map(({ target }) => target);
  const wired = links.wired(resource, property, TYPES.targetGroup).filter((target) => !known.includes(target));
  const missing = known.filter((target) => target === UNKNOWN).length;
  const candidates = actions === UNKNOWN || wired.length === missing ? wired : [];
  return {
    resource,
    kind,
    forwards,
    candidates,
    chosen: chosen || tags[PREVIEW_TAG] !== undefined,
    tags,
    unseen: actions === UNKNOWN,
  };
}

function forwardsOf(resource: StackResource, property: string, action: unknown, links: Links): Forward[] {
  const type = text(action, "type");
  if (isKnown(type) && type !== "forward") return [];
  const targets = list(action, "forward", "targetGroups");
  if (targets !== UNKNOWN && targets.length > 0) {
    const known = targets.map((target) => text(target, "arn"));
    const taken = known.filter(isKnown).map((arn) => links.follow(resource, property, arn, TYPES.targetGroup));
    return targets.map((target, index) => ({
      target: links.follow(resource, property, known[index], TYPES.targetGroup, taken),
      // The provider takes an absent weight for 1 (pulumi-aws issue 5772).
      weight: at(target, "weight") === undefined ? 1 : number(target, "weight"),
    }));
  }
  const single = text(action, "targetGroupArn");
  if (targets !== UNKNOWN && single === undefined) return [];
  return [
    { target: links.follow(resource, property, single, TYPES.targetGroup), weight: targets === UNKNOWN ? UNKNOWN : 1 },
  ];
}

/** A rule that takes only requests with a header, a query or a source address is no share of the public. */
function isChosen(resource: StackResource): boolean {
  if (!has(resource, "conditions")) return false;
  const conditions = list(resource.props, "conditions");
  if (conditions === UNKNOWN) return false;
  return conditions.some((condition) =>
    ["httpHeader", "queryStrings", "sourceIp"].some((key) => {
      const found = at(condition, key);
      return found !== undefined && !(Array.isArray(found) && found.length === 0);
    }),
  );
}

/** Percent of the entrance's new sessions that a target gets; UNKNOWN while a weight is. */
export function shareOf(entrance: Entrance, forward: Forward): number | typeof UNKNOWN {
  let sum = 0;
  for (const { weight } of entrance.forwards) {
    if (!isKnown(weight)) return UNKNOWN;
    sum += weight;
  }
  return sum === 0 ? 0 : ((forward.weight as number) / sum) * 100;
}
