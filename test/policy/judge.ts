import { plainType, type StackResource } from "../../src/policy/model/resource.js";
import { readStack } from "../../src/policy/model/stack.js";
import type { Verdict } from "../../src/policy/rule.js";
import { allRules, type RuleName } from "../../src/policy/rules/index.js";

const now = new Date("2026-11-24T12:00:00Z");

/** What a rule says of a stack, by resource and as a whole. */
export function judge(name: RuleName, resources: readonly StackResource[], options: object = {}): Verdict[] {
  const rule = allRules().find((candidate) => candidate.name === name);
  if (!rule) throw new Error(name);
  const all = { ...rule.defaults, ...options };
  return [
    ...resources
      .filter(({ type }) => rule.resource?.types.includes(plainType(type)))
      .flatMap((one) => rule.resource?.judge(one, all) ?? []),
    ...(rule.stack?.(readStack(resources), all, { now }) ?? []),
  ];
}
