import type { EntranceView } from "./front.js";

interface ActionProperties {
  readonly targetGroupArn?: string;
  readonly forward?: { readonly targetGroups?: readonly { readonly arn?: unknown; readonly weight?: number }[] };
}

/** The part of a listener's or a rule's properties that hooks look at. */
interface EntranceProperties {
  readonly arn?: string;
  readonly actions?: readonly ActionProperties[];
  readonly defaultActions?: readonly ActionProperties[];
  readonly tags?: Readonly<Record<string, string>>;
}

/** A listener's or a rule's properties, as inputs or outputs of a hook, in one shape. */
export function entranceIn(properties: object): EntranceView {
  const { arn, actions = [], defaultActions = [], tags = {} } = properties as EntranceProperties;
  const targets = [...defaultActions, ...actions].flatMap(({ forward, targetGroupArn }) => {
    const groups = forward?.targetGroups ?? [];
    // An action with one target group alone sends everything there.
    if (groups.length === 0 && targetGroupArn) return [{ id: targetGroupArn, weight: 1 }];
    return groups.map(({ arn: id, weight = 1 }) => ({ ...(typeof id === "string" ? { id } : {}), weight }));
  });
  return { ...(typeof arn === "string" ? { id: arn } : {}), targets, tags };
}
