import { rollingUpdate } from "../../../plan/kubernetesRollout.js";
import { APP_CONTAINER_NAME, type PodTemplate } from "../objects.js";
import { applyDeployment, managerOf } from "./apply.js";
import { canonical, sameTemplate, takeCensus, versionOf } from "./census.js";
import type { DeploymentContext } from "./deploymentRollout.js";

/** Says what a change of a Deployment means for the pods that run now (`Difference` of the platform). */
export async function differenceOf(
  given: Omit<DeploymentContext, "order">,
  subject: string,
): Promise<"none" | "same release" | "other release"> {
  const { rollout } = given;
  const version = versionOf(rollout.after.spec.template) ?? "the release";
  // What a rollout is told does not matter: nothing is rolled out here.
  const context: DeploymentContext = {
    ...given,
    order: {
      subject,
      release: { version },
      batch: { surge: true },
      whenBusy: "supersede",
      warmupSeconds: 0,
      bakeSeconds: 0,
      alarmNames: [],
      replacementTimeoutSeconds: 0,
    },
  };
  const census = await takeCensus(context);
  if (census.fresh.length + census.old.length === 0) return "none";
  const settings = { replicas: census.size, rollingUpdate: rollingUpdate(census.size, { surge: true }) };
  const manager = managerOf(context, census.deployment);
  const { template } = (await applyDeployment(context, rollout.after, settings, { manager, dryRun: true })).spec;
  const live = census.deployment.spec.template;
  if (sameTemplate(live, template) && census.old.length === 0) return "none";
  return releaseOf(live) === releaseOf(template) ? "same release" : "other release";
}

/** What a release is made of, as text; all else (resources, probes, service account) is around it. */
function releaseOf(template: PodTemplate): string {
  const app = template.spec?.containers?.find(({ name }) => name === APP_CONTAINER_NAME);
  return canonical([
    versionOf(template) ?? null,
    app?.image ?? null,
    app?.command ?? null,
    app?.args ?? null,
    app?.env ?? null,
  ]);
}
