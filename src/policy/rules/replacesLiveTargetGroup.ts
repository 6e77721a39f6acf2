import { PREVIEW_TAG } from "../../plan/previewRoutes.js";
import { isInside } from "../model/links.js";
import { type StackResource, TYPES } from "../model/resource.js";
import { at, isKnown, list, text, UNKNOWN } from "../model/values.js";
import { type Rule, unseen, type Verdict, violation } from "../rule.js";

/** Names that target groups had in this run of the policy pack when the engine showed them, before it operated on them. */
const namesBefore = new Map<string, string>();

/**
 * Users are not sent to a target group that has just been made in the place of another.
 *
 * Before the operation (`up`): the engine shows a target group with the name that it has; one that is replaced gets a new name, and the
 * entrance's action then names a group that nobody showed. After a preview: the entrance exists, and every target group that is to have
 * weight does not exist yet. Components of ours that move weights in a gate wait until the new group is healthy, and are left alone.
 */
export const replacesLiveTargetGroup: Rule<object> = {
  name: "replaces-live-target-group",
  title: "A target group that serves users must not be replaced.",
  severity: "critical",
  level: "mandatory",
  remediation: [
    "Make a second target group with its own fleet beside it, move the weights when its servers are healthy, then remove the old one.",
    "Or leave port, protocol, protocolVersion, targetType, vpcId, name and ipAddressType of a live target group as they are.",
  ],
  options: {},
  defaults: {},
  resource: {
    types: [TYPES.targetGroup, TYPES.listener, TYPES.listenerRule],
    judge: (resource) => {
      if (resource.type === TYPES.targetGroup) {
        const name = text(resource.props, "name");
        if (isKnown(name)) namesBefore.set(resource.urn, name);
        return [];
      }
      return beforeOperation(resource, namesBefore);
    },
  },
  stack: ({ entrances }) =>
    entrances.flatMap(({ resource, forwards, candidates, tags, chosen }): Verdict[] => {
      if (!isKnown(text(resource.props, "arn")) || chosen || isGated(tags)) return []; // a new entrance serves nobody yet
      const weighted = forwards.filter(({ weight }) => weight !== 0).map(({ target }) => target);
      // Which of them has the weight cannot be told, but none of them is there.
      const wired = weighted.includes(UNKNOWN) ? candidates : [];
      const named = [...weighted.filter(isInside), ...wired];
      const missing = named.filter(({ props }) => text(props, "arn") === UNKNOWN);
      const hidden = weighted.includes(UNKNOWN) && wired.length === 0;
      if (hidden && weighted.length === 1) return [unseen(resource, `which target group ${resource.name} forwards to`)];
      if (missing.length === 0 || missing.length < named.length || hidden) return [];
      if (weighted.some((target) => target !== UNKNOWN && !isInside(target))) return [];
      const names = missing.map(({ name }) => name).join(", ");
      const problem = `${resource.name} serves users, and all of them would go to a target group that does not exist yet (${names}).`;
      return [violation(resource, problem)];
    }),
};

/** @param names what the target groups were called when the engine showed them, by URN */
export function beforeOperation(resource: StackResource, names: ReadonlyMap<string, string>): Verdict[] {
  if (isGated((at(resource.props, "tags") ?? {}) as Record<string, unknown>)) return [];
  const property = resource.type === TYPES.listener ? "defaultActions" : "actions";
  const actions = list(resource.props, property);
  const arns = actions === UNKNOWN ? [] : actions.flatMap(weightedArns);
  if (arns.length === 0) return [];
  const logical = [...names].map(([urn, name]) => ({ logical: urn.slice(urn.lastIndexOf("::") + 2), name }));
  const replaced = arns.flatMap((arn) => {
    const name = /:targetgroup\/([^/]+)\//.exec(arn)?.[1];
    if (name === undefined || logical.some((one) => one.name === name)) return [];
    const before = logical.filter(
      (one) => name.startsWith(`${one.logical}-`) && one.name.startsWith(`${one.logical}-`),
    );
    return before.map((one) => `${one.name} by ${name}`);
  });
  if (replaced.length < arns.length) return [];
  return [
    violation(
      resource,
      `${resource.name} would send all users to a target group that has just been made (${replaced.join(", ")}).`,
    ),
  ];
}

function weightedArns(action: unknown): string[] {
  const targets = list(action, "forward", "targetGroups");
  const many = targets === UNKNOWN ? [] : targets.filter((target) => at(target, "weight") !== 0);
  const arns = many.length > 0 ? many.map((target) => text(target, "arn")) : [text(action, "targetGroupArn")];
  return arns.filter((arn): arn is string => isKnown(arn) && arn !== "");
}

/** Entrances whose weights a gate of ours moves, and preview routes, by which no user comes. */
function isGated(tags: Readonly<Record<string, unknown>>): boolean {
  return ["hitless:live", "hitless:stable", PREVIEW_TAG].some((tag) => tags[tag] !== undefined);
}
