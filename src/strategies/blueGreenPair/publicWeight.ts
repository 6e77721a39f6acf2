import type { FleetCloud } from "../../gates/fleetCloud.js";
import { PREVIEW_TAG } from "../../plan/previewRoutes.js";
import { percentOf } from "../../plan/weights.js";
import type { PairWish } from "./pairWish.js";

/**
 * The largest share that any listener or rule sends to a target group by weight, in percent: what AWS has, whatever the program or
 * Pulumi's state say. Preview routes do not count. The pair's own entrance is looked for by where it forwards to, as in
 * an update it is known only after the group of the live environment.
 */
export async function publicWeight(wish: PairWish, targetGroupArn: string, cloud: FleetCloud): Promise<number> {
  const front = await wish.frontArn;
  const candidates = wish.plan.entrance.kind === "rule" ? await rulesTo(front, targetGroupArn, cloud) : [];
  if (wish.plan.entrance.kind === "listener") candidates.push(...(await cloud.listenerArns(front)));
  let largest = 0;
  for (const arn of candidates) {
    const action = await cloud.forwardAction(arn);
    const share = percentOf(action ?? { targets: [] }).get(targetGroupArn) ?? 0;
    if (share <= largest) continue;
    if ((await cloud.entranceTags(arn))[PREVIEW_TAG] === undefined) largest = share;
  }
  return largest;
}

async function rulesTo(listenerArn: string, targetGroupArn: string, cloud: FleetCloud): Promise<string[]> {
  const rules = (await cloud.rules(listenerArn)).filter((rule) => rule.targetGroupArns.includes(targetGroupArn));
  // A listener's default action goes by the listener's own ARN.
  return rules.map((rule) => (rule.priority === "default" ? listenerArn : rule.arn));
}
