import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { CloudSnapshot } from "../../cloud/snapshot.js";
import type { CloudClients } from "./cloudClients.js";
import { oneNamed } from "./oneNamed.js";

/** Where weights are to be moved. */
export interface WeightMove {
  /** Output of the program that holds the ARN of a listener or a listener rule. */
  readonly output?: string | undefined;
  /** Weights by the target groups' names; a group that is not named keeps its weight. */
  readonly to: Readonly<Record<string, number>>;
}

/**
 * Changes the weights of one forward action, as somebody else would do it by hand.
 *
 * @param outputs of the program
 * @throws Error in one sentence when it cannot be told which action or target group is meant
 */
export async function moveWeights(
  clients: CloudClients,
  snapshot: CloudSnapshot,
  outputs: Readonly<Record<string, unknown>>,
  { output, to }: WeightMove,
): Promise<void> {
  const sdk = await import("@aws-sdk/client-elastic-load-balancing-v2");
  const weights = new Map(
    Object.entries(to).map(([name, weight]) => [oneNamed(name, snapshot.targetGroups, "target group").arn, weight]),
  );
  const arn = output === undefined ? onlyAction(snapshot, [...weights.keys()]) : arnIn(output, outputs);
  const client = await clients.loadBalancing();
  if (isRule(arn)) {
    const { Rules } = await client.send(new sdk.DescribeRulesCommand({ RuleArns: [arn] }));
    const actions = withWeights(Rules?.[0]?.Actions ?? [], weights, arn);
    await client.send(new sdk.ModifyRuleCommand({ RuleArn: arn, Actions: actions }));
    return;
  }
  const { Listeners } = await client.send(new sdk.DescribeListenersCommand({ ListenerArns: [arn] }));
  const actions = withWeights(Listeners?.[0]?.DefaultActions ?? [], weights, arn);
  await client.send(new sdk.ModifyListenerCommand({ ListenerArn: arn, DefaultActions: actions }));
}

function isRule(arn: string): boolean {
  return arn.includes(":listener-rule/");
}

function arnIn(output: string, outputs: Readonly<Record<string, unknown>>): string {
  const value = outputs[output];
  if (typeof value === "string" && /:listener(-rule)?\//.test(value)) return value;
  throw new Error(`output "${output}" is ${JSON.stringify(value)}, expected the ARN of a listener or a listener rule`);
}

/** The listener or rule that forwards to several target groups, all that are named among them. */
function onlyAction(snapshot: CloudSnapshot, named: readonly string[]): string {
  const found = snapshot.listeners.flatMap((listener) =>
    listener.rules
      .filter(({ weights }) => named.every((arn) => weights.some(({ targetGroupArn }) => targetGroupArn === arn)))
      .map((rule) => ({ arn: rule.priority === "default" ? listener.arn : rule.arn, groups: rule.weights.length })),
  );
  // A preview route forwards to one group alone; the entrance to all of them.
  const most = Math.max(0, ...found.map(({ groups }) => groups));
  const entrances = found.filter(({ groups }) => groups === most);
  if (entrances.length === 1 && entrances[0] !== undefined) return entrances[0].arn;
  const which =
    entrances.length === 0 ? "no listener or rule forwards" : `${entrances.length} listeners and rules forward`;
  throw new Error(
    `${which} to all the target groups that are named; export the ARN of the right one, and name it as \`output\``,
  );
}

function withWeights(actions: readonly Action[], weights: ReadonlyMap<string, number>, arn: string): Action[] {
  const forward = actions.find(({ Type }) => Type === "forward");
  if (forward === undefined) throw new Error(`${arn} forwards to no target group`);
  const present = forward.ForwardConfig?.TargetGroups ?? [{ TargetGroupArn: forward.TargetGroupArn, Weight: 1 }];
  const kept = present.filter(({ TargetGroupArn = "" }) => !weights.has(TargetGroupArn));
  const moved = [...weights].map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }));
  const ForwardConfig = { ...forward.ForwardConfig, TargetGroups: [...kept, ...moved] };
  return actions.map((action) =>
    action === forward ? { Type: "forward", Order: action.Order, ForwardConfig } : action,
  );
}
