import { refusal } from "../../errors/faults.js";
import type { Mover } from "./move.js";
import type { Shift } from "./shift.js";

/** A forward action has at most five target groups (Elastic Load Balancing quotas). */
const LARGEST_ACTION = 5;

/**
 * Puts target groups that the action does not have yet there at weight 0: only then the load balancer checks their servers. Nobody's
 * share changes. Room is made by dropping those that leave and have no weight.
 */
export async function attach({ request, course, report }: Shift, mover: Mover): Promise<void> {
  const has = new Set(course.before.targets.map((target) => target.targetGroupArn));
  for (const arn of request.checkedAlready ?? []) has.add(arn);
  const added = request.targets.filter((target) => !has.has(target.targetGroupArn));
  if (added.length === 0) return;
  const kept = [...course.before.targets];
  while (kept.length + added.length > LARGEST_ACTION) {
    const idle = kept.findIndex((target) => target.weight === 0 && !course.wanted.has(target.targetGroupArn));
    if (idle < 0) {
      const names = kept.map((target) => course.nameOf(target.targetGroupArn)).join(", ");
      throw refusal(request.subject, {
        code: "HIT342",
        problem: `the entrance has ${names}, and ${added.map((target) => target.label).join(", ")} would be number ${kept.length + added.length}.`,
        fix: "take a release out of the program first (one `pulumi up`), then add the new one",
      });
    }
    kept.splice(idle, 1);
  }
  // Where users are not kept any more, cookies from before must not lead anybody there.
  const { stickinessSeconds: _, ...unsticky } = course.before;
  await mover.move({
    ...(request.stickinessSeconds !== undefined ? course.before : unsticky),
    targets: [...kept, ...added.map(({ targetGroupArn }) => ({ targetGroupArn, weight: 0 }))],
  });
  await report.progress(`${added.map((target) => target.label).join(", ")}: health checks have begun, no users yet`);
}
