import { percentOf } from "../../plan/weights.js";
import type { ForwardAction, RuleView } from "../balancerCloud.js";
import type { Shift } from "./shift.js";

/**
 * Points rules of the same listener that lead to a target group which leaves for good at the entrance's own targets: its servers
 * will be gone, and AWS deletes no target group that a rule leads to. Answers whether any was changed.
 */
export async function redirectRules({ request, course, cloud, report, assertWatched }: Shift): Promise<boolean> {
  const remaining = new Set(request.remaining ?? []);
  const leaving = new Set(course.leaving.filter((arn) => !remaining.has(arn)));
  if (leaving.size === 0) return false;
  const listenerArn = await cloud.listenerOf(request.entranceArn);
  let changed = false;
  for (const rule of await cloud.rules(listenerArn)) {
    if (!rule.targetGroupArns.some((arn) => leaving.has(arn))) continue;
    const arn = isDefault(rule) ? listenerArn : rule.arn;
    if (arn === request.entranceArn) continue;
    const action = await cloud.forwardAction(arn);
    if (!action) continue;
    await assertWatched();
    await cloud.setForwardAction(arn, without(action, leaving, course.goal));
    const names = rule.targetGroupArns.filter((each) => leaving.has(each)).map(course.nameOf);
    await report.note(
      `the rule of priority ${rule.priority} led to ${names.join(", ")}: it now leads where the entrance does`,
    );
    changed = true;
  }
  return changed;
}

/** An action without the target groups that leave; where nothing with weight remains, what the entrance does. */
function without(action: ForwardAction, leaving: ReadonlySet<string>, instead: ForwardAction): ForwardAction {
  const targets = action.targets.filter((target) => !leaving.has(target.targetGroupArn));
  const shares = percentOf({ targets });
  return [...shares.values()].some((share) => share > 0) ? { ...action, targets } : instead;
}

function isDefault(rule: RuleView): boolean {
  return rule.priority === "default";
}
