import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Clock } from "../../clock.js";
import type { ListenerConfig } from "../dataPlane.js";
import type { TargetGroup } from "../targets/targetGroup.js";
import { type Condition, compileCondition } from "./conditions.js";
import { ForwardAction } from "./groupChoice.js";
import { FixedResponseAction, RedirectAction } from "./localActions.js";
import type { RequestFacts } from "./requestFacts.js";

export type RouteAction = ForwardAction | FixedResponseAction | RedirectAction;

interface Rule {
  readonly conditions: readonly Condition[];
  readonly action: RouteAction;
}

/** The rules of one listener, ready to decide. */
export class RuleMatcher {
  readonly #rules: readonly Rule[];

  constructor(listener: ListenerConfig, groups: ReadonlyMap<string, TargetGroup>, clock: Clock) {
    // Lowest priority first, the default rule (Infinity) last, whatever the order given.
    const ordered = [...listener.rules].sort((a, b) => a.priority - b.priority);
    this.#rules = ordered.map((rule) => ({
      conditions: rule.conditions.map(compileCondition),
      action: compileAction(rule.actions, listener, groups, clock),
    }));
  }

  /** The action of the first rule whose conditions all hold; undefined only for a listener without a default rule. */
  find(facts: RequestFacts): RouteAction | undefined {
    for (const rule of this.#rules) {
      if (holds(rule.conditions, facts)) return rule.action;
    }
    return undefined;
  }
}

function holds(conditions: readonly Condition[], facts: RequestFacts): boolean {
  for (const condition of conditions) if (!condition(facts)) return false;
  return true;
}

function compileAction(
  actions: readonly Action[],
  listener: ListenerConfig,
  groups: ReadonlyMap<string, TargetGroup>,
  clock: Clock,
): RouteAction {
  const unknown = actions.find((action) => !["forward", "fixed-response", "redirect"].includes(action.Type ?? ""));
  if (unknown) {
    throw new Error(
      `A rule on port ${listener.port} has an action "${unknown.Type}", which the local balancer cannot perform; ` +
        "it performs forward, fixed-response and redirect.",
    );
  }
  // The action with the lowest order is performed first and exactly one ends the rule (ALB guide, listeners).
  const [action] = [...actions].sort((a, b) => (a.Order ?? 0) - (b.Order ?? 0));
  if (!action) throw new Error(`A rule on port ${listener.port} has no action.`);
  if (action.Type === "fixed-response") return new FixedResponseAction(action);
  if (action.Type === "redirect") return new RedirectAction(action, listener);
  return new ForwardAction(action, groups, clock);
}
