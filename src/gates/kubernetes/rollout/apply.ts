import { refusal } from "../../../errors/faults.js";
import { APPLY } from "../kubeApi.js";
import { deploymentPath } from "../kubeFleets.js";
import type { Deployment } from "../objects.js";
import type { AppliedDeployment, DeploymentContext } from "./deploymentRollout.js";

/** What a rollout decides itself, whatever the program says. */
export interface RolloutSettings {
  /** As many as there are: a rollout never changes the size. */
  readonly replicas: number;
  readonly rollingUpdate: object;
}

/**
 * Applies a Deployment as the provider does, under the provider's own name: server-side apply keeps one list of fields for each name, so the
 * provider's update that follows finds what it wants and changes no pod. The pods are those of `wanted`; what is kept with the fleet (its
 * labels and annotations, the version among them) stays as Pulumi's state has it, and changes with the provider's update.
 */
export async function applyDeployment(
  context: DeploymentContext,
  wanted: AppliedDeployment,
  settings: RolloutSettings,
  options: { readonly manager: string; readonly dryRun?: boolean },
): Promise<Deployment> {
  const { rollout, order, api } = context;
  const call = {
    method: "PATCH" as const,
    path: deploymentPath(rollout.namespace, rollout.name),
    query: {
      fieldManager: options.manager,
      // As the annotation `pulumi.com/patchForce` of the Deployment has the provider do it.
      force: "true",
      ...(options.dryRun ? { dryRun: "All" } : {}),
    },
    contentType: APPLY,
    body: {
      apiVersion: wanted.apiVersion,
      kind: wanted.kind,
      metadata: { ...rollout.before.metadata, name: rollout.name, namespace: rollout.namespace },
      spec: {
        ...wanted.spec,
        replicas: settings.replicas,
        strategy: { type: "RollingUpdate", rollingUpdate: settings.rollingUpdate },
      },
    },
  };
  const answer = await api.attempt(call);
  if ("object" in answer) return answer.object as Deployment;
  const { status } = answer;
  if (status.code !== 400 && status.code !== 422) throw api.refused(call, status);
  throw refusal(order.subject, {
    code: "HIT386",
    problem: `the cluster refuses the pods of ${order.release.version}: ${status.message}`,
    fix: "mend what it names (the release, or fleet.pod and fleet.container), then run `pulumi up` again",
  });
}

/** The name under which the provider applies: from Pulumi's state, else from what the object itself remembers. */
export function managerOf(context: DeploymentContext, live: Deployment): string {
  if (context.rollout.fieldManager !== undefined) return context.rollout.fieldManager;
  const applied = live.metadata.managedFields?.filter(
    ({ operation, subresource }) => operation === "Apply" && !subresource,
  );
  const own = applied?.find(({ manager }) => manager?.startsWith("pulumi-kubernetes"))?.manager;
  if (own !== undefined) return own;
  throw refusal(context.order.subject, {
    code: "HIT384",
    problem: `${context.rollout.namespace}/${context.rollout.name} has never been applied by the Kubernetes provider of Pulumi.`,
    fix: "let the provider use server-side apply (`enableServerSideApply`, its default), and run `pulumi up --refresh`",
    why: "A gate that changed it under another name would be in the provider's way.",
  });
}
