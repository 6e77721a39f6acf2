import type { StackResource } from "./model/resource.js";
import type { StackModel } from "./model/stack.js";

/** What a rule says about one thing. */
export interface Verdict {
  /** One or two sentences: what was found and what was expected. */
  readonly problem: string;
  /** The resource concerned; the stack when absent. */
  readonly urn?: string;
  /** Set where the rule could not see what it needs: never a violation, and judged again at `up`. */
  readonly unseen?: boolean;
  /** Overrides the rule's own level. */
  readonly level?: Level;
}

export type Level = "advisory" | "mandatory";

/** How one option of a rule may be set. */
export interface OptionSpec {
  readonly type: "number" | "integer" | "string" | "boolean" | "strings" | "numbers";
  readonly minimum?: number;
  readonly maximum?: number;
  readonly values?: readonly string[];
  readonly pattern?: RegExp;
  /** What it is, with its unit. */
  readonly description: string;
}

/** A rule: what it judges, how much it weighs and the way out. */
export interface Rule<O extends object = Record<string, unknown>> {
  readonly name: string;
  /** What it forbids, in one line. */
  readonly title: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  /** How much a violation weighs when a team says nothing. */
  readonly level: Level;
  readonly remediation: readonly string[];
  readonly options: { readonly [K in keyof O]-?: OptionSpec };
  /** `undefined` where a default is "none". */
  readonly defaults: O;
  /** Judges a resource by its inputs, before its operation. */
  readonly resource?: {
    readonly types: readonly string[];
    judge(resource: StackResource, options: O): readonly Verdict[];
  };
  /** A type without which there is nothing to judge in a stack: `@pulumi/policy` unpacks a whole stack anew for each policy. */
  readonly needs?: string;
  /** Judges a stack by its outputs, after the preview and after the update. */
  readonly stack?: (model: StackModel, options: O, context: { readonly now: Date }) => readonly Verdict[];
}

/** Where the rule is told at length: the pages come with the package. */
export function pageOf(name: string): string {
  return `node_modules/hitless/docs/policies/${name}.md`;
}

export function violation(resource: StackResource, problem: string, level?: Level): Verdict {
  return { urn: resource.urn, problem, ...(level ? { level } : {}) };
}

/** Says what a rule could not see. @param what such as "the weight of web-blue" */
export function unseen(resource: StackResource, what: string): Verdict {
  return { urn: resource.urn, problem: `${what} is not known yet`, unseen: true };
}
