/** What a team's own policy pack imports from `hitless/policy`. */
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { Rule } from "./rule.js";
import { allRules, RULES, type RuleName } from "./rules/index.js";
import { type RuleSettings, toPulumi } from "./toPulumi.js";

export type { Level, OptionSpec, Rule, Verdict } from "./rule.js";
export type { DuplicateCostOptions } from "./rules/duplicateEnvironmentCost.js";
export { RULES, type RuleName } from "./rules/index.js";

/** The options of a rule. */
export type OptionsOf<N extends RuleName> = (typeof RULES)[N] extends Rule<infer O> ? O : never;

/** Settings by rule: a level, or a level with options. Rules that are not named keep their defaults. */
export type PolicySettings = {
  readonly [N in RuleName]?: RuleSettings<OptionsOf<N>> | "advisory" | "mandatory" | "disabled";
};

/**
 * All rules of Hitless as policies, for a `PolicyPack`.
 *
 * @example
 * ```ts
 * new PolicyPack("shop", {
 *   policies: [...hitlessPolicies({ "duplicate-environment-cost": { maxMonthlyUsd: 500 }, "imds-v1": "advisory" })],
 * });
 * ```
 * @throws RangeError when a rule, an option or a value is not known; the message names rule, key and range
 */
export function hitlessPolicies(settings: PolicySettings = {}): (ResourceValidationPolicy | StackValidationPolicy)[] {
  const unknown = Object.keys(settings).filter((name) => !Object.hasOwn(RULES, name));
  if (unknown.length > 0) {
    throw new RangeError(
      `Unknown policy ${unknown.map((name) => `"${name}"`).join(", ")}; there are: ${Object.keys(RULES).join(", ")}`,
    );
  }
  return allRules().map((rule) => {
    const given = settings[rule.name as RuleName];
    const set = typeof given === "string" ? { enforcementLevel: given } : given;
    return toPulumi(rule, set) as ResourceValidationPolicy;
  });
}
