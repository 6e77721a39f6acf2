import type { GateCloud } from "../../gates/gateCloud.js";
import { PREVIEW_TAG } from "../../plan/previewRoutes.js";
import { percentOf } from "../../plan/weights.js";
import type { PairWish } from "./pairWish.js";

/** How users reach a target group. */
export interface PublicUse {
  /** The largest share that any listener or rule sends there by weight, in percent. */
  readonly percent: number;
  /** A cookie may lead users there whatever the weight: it has a place in an action that keeps users. */
  readonly byCookie: boolean;
}

/**
 * What AWS has, whatever the program or Pulumi's state say. Preview routes do not count. The pair's own entrance is looked for by where
 * it forwards to, as in an update it is known only after the group of the live environment.
 */
export async function publicUse(wish: PairWish, targetGroupArn: string, cloud: GateCloud): Promise<PublicUse> {
  const { id, priority } = await wish.place;
  const candidates = priority === undefined ? await cloud.listenerArns(id) : await rulesTo(id, targetGroupArn, cloud);
  const use = { percent: 0, byCookie: false };
  for (const arn of candidates) {
    const action = await cloud.forwardAction(arn);
    const percent = percentOf(action ?? { targets: [] }).get(targetGroupArn);
    if (percent === undefined) continue;
    const byCookie = action?.stickinessSeconds !== undefined;
    if (percent <= use.percent && (use.byCookie || !byCookie)) continue;
    if ((await cloud.entranceTags(arn))[PREVIEW_TAG] !== undefined) continue;
    use.percent = Math.max(use.percent, percent);
    use.byCookie ||= byCookie;
  }
  return use;
}

/** Whether anybody but testers may be there. */
export function hasUsers({ percent, byCookie }: PublicUse): boolean {
  return percent > 0 || byCookie;
}

/** In words, after the name of an environment. */
export function describeUse({ percent }: PublicUse): string {
  if (percent > 0) return `has ${Math.round(percent * 10) / 10} % of the users`;
  return "has no weight, but stands in an entrance that keeps users by a cookie, which may lead them there";
}

async function rulesTo(listenerArn: string, targetGroupArn: string, cloud: GateCloud): Promise<string[]> {
  const rules = (await cloud.rules(listenerArn)).filter((rule) => rule.targetGroupArns.includes(targetGroupArn));
  // A listener's default action goes by the listener's own ARN.
  return rules.map((rule) => (rule.priority === "default" ? listenerArn : rule.arn));
}
