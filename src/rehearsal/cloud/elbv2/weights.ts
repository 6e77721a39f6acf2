import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";

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
