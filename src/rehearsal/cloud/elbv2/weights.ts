import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { RuleRecord } from "./model.js";

export interface GroupWeight {
  readonly targetGroupArn: string;
  readonly weight: number;
}

/** The groups that a rule's forward action names, with their weights; none for redirects and fixed responses. */
export function weightsOf(actions: readonly Action[]): GroupWeight[] {
  return actions.flatMap((action) =>
    (action.ForwardConfig?.TargetGroups ?? []).map((group) => ({
      targetGroupArn: group.TargetGroupArn ?? "",
      weight: group.Weight ?? 1,
    })),
  );
}

/** Whether one of the groups is this one, whatever its weight. */
export function forwardsTo(actions: readonly Action[], targetGroupArn: string): boolean {
  return actions.some(({ ForwardConfig }) =>
    ForwardConfig?.TargetGroups?.some((group) => group.TargetGroupArn === targetGroupArn),
  );
}

/** The rule with other actions; it remembers the moment when its weights became others. */
export function withActions(rule: RuleRecord, actions: readonly Action[]): RuleRecord {
  const same = JSON.stringify(weightsOf(rule.actions)) === JSON.stringify(weightsOf(actions));
  return { ...rule, actions, ...(!same && { weightsChangedAt: Date.now() }) };
}
