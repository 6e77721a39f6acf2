import { refusal } from "../../../errors/faults.js";
import { contractConflict, contractFromTags } from "../../../plan/dataContract.js";
import { tagsOf } from "../../../plan/kubernetesNames.js";
import type { PodTemplate } from "../objects.js";
import { type Census, sameTemplate, versionOf } from "./census.js";
import type { DeploymentContext } from "./deploymentRollout.js";

/** Refuses to mix releases that cannot share their data: a rolling update serves users from both at once. */
export function assertContracts({ order }: DeploymentContext, census: Census, wanted: PodTemplate): void {
  const reasons = new Set<string>();
  for (const template of census.templates) {
    if (sameTemplate(template, wanted)) continue;
    try {
      const data = contractFromTags(tagsOf(template.metadata?.annotations));
      const running = { version: versionOf(template) ?? "what runs", data };
      for (const reason of contractConflict(running, order.release)?.reasons ?? []) reasons.add(reason);
    } catch (error) {
      reasons.add((error as Error).message); // annotations that somebody changed: what cannot be read must not pass
    }
  }
  if (reasons.size === 0) return;
  throw refusal(order.subject, {
    code: "HIT201",
    problem: `${order.release.version} cannot run beside what the fleet runs now: ${[...reasons].join("; ")}.`,
    fix: "release a version in between that reads both, roll that out first, then this one; going back takes the same steps in reverse",
  });
}
