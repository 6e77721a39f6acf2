import { percentOf } from "../../plan/weights.js";

/** A listener's or a rule's properties, as far as weights go: what a hook gets as old or new inputs, made plain. */
export interface EntranceProperties {
  readonly actions?: readonly ActionProperties[];
  readonly defaultActions?: readonly ActionProperties[];
}

interface ActionProperties {
  readonly targetGroupArn?: string;
  readonly forward?: { readonly targetGroups?: readonly { readonly arn?: string; readonly weight?: number }[] };
}

/** The percentages that a listener or a rule has in a hook's properties, by target group ARN. */
export function sharesInState(entrance: EntranceProperties): Map<string, number> {
  const targets = [...(entrance.defaultActions ?? []), ...(entrance.actions ?? [])].flatMap((action) => {
    const groups = action.forward?.targetGroups ?? [];
    // An action with one target group alone sends everything there.
    if (groups.length === 0 && action.targetGroupArn) return [{ targetGroupArn: action.targetGroupArn, weight: 1 }];
    return groups.map((group) => ({ targetGroupArn: group.arn ?? "", weight: group.weight ?? 1 }));
  });
  return percentOf({ targets });
}
