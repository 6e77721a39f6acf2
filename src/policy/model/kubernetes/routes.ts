import { PREVIEW_TAG } from "../../../plan/previewRoutes.js";
import type { Entrance, Forward } from "../entrances.js";
import type { Link } from "../links.js";
import { type StackResource, TYPES } from "../resource.js";
import { at, isKnown, list, number, text, UNKNOWN } from "../values.js";
import { type Objects, tagsOfObject } from "./objects.js";

/** The rules of an HTTPRoute, each an entrance with weighted Services. */
export function routeEntrances(route: StackResource, objects: Objects): Entrance[] {
  const tags = tagsOfObject(route);
  const rules = list(route.props, "spec", "rules");
  const common = { resource: route, kind: "route" as const, tags };
  const wired = objects.wired(route, TYPES.service);
  if (rules === UNKNOWN) {
    return [{ ...common, forwards: [], candidates: wired, chosen: tags[PREVIEW_TAG] !== undefined, unseen: true }];
  }
  return rules.map((rule): Entrance => {
    const refs = list(rule, "backendRefs");
    const forwards = refs === UNKNOWN ? [] : forwardsOf(route, refs, objects);
    const known = forwards.map(({ target }) => target);
    const left = wired.filter((service) => !known.includes(service));
    const missing = known.filter((target) => target === UNKNOWN).length;
    return {
      ...common,
      forwards,
      candidates: refs === UNKNOWN || (missing > 0 && left.length === missing) ? left : [],
      chosen: isChosen(rule) || tags[PREVIEW_TAG] !== undefined,
      unseen: refs === UNKNOWN || rule === UNKNOWN,
    };
  });
}

function forwardsOf(route: StackResource, refs: readonly unknown[], objects: Objects): Forward[] {
  const services = refs.filter((ref) => {
    const kind = text(ref, "kind");
    return kind === undefined || kind === "Service";
  });
  const taken: Link[] = services
    .map((ref) => text(ref, "name"))
    .filter(isKnown)
    .map((name) => objects.follow(route, name, TYPES.service));
  return services.map((ref) => ({
    target: objects.follow(route, text(ref, "name"), TYPES.service, taken),
    // 1 where nothing is said (Gateway API, "BackendRef").
    weight: at(ref, "weight") === undefined ? 1 : number(ref, "weight"),
  }));
}

/** A rule that asks for a header or a query parameter in each of its matches takes chosen requests only. */
function isChosen(rule: unknown): boolean {
  const matches = list(rule, "matches");
  if (matches === UNKNOWN || matches.length === 0) return false;
  return matches.every((match) =>
    ["headers", "queryParams"].some((key) => {
      const found = list(match, key);
      return found === UNKNOWN || found.length > 0;
    }),
  );
}
