import { refusal } from "../../../errors/faults.js";
import { tagsOf } from "../../../plan/kubernetesNames.js";
import { VERSION_TAG } from "../../../plan/releaseTags.js";
import { deploymentPath, podsOf } from "../kubeFleets.js";
import {
  type Condition,
  condition,
  type Deployment,
  isReady,
  type Pod,
  type PodTemplate,
  type ReplicaSet,
  selectorText,
} from "../objects.js";
import type { DeploymentContext } from "./deploymentRollout.js";

/** A Deployment with what it has made, at one moment. */
export interface Census {
  readonly deployment: Deployment;
  /** How many pods it is to have. */
  readonly size: number;
  /** Whether its controller has seen what was applied last. */
  readonly observed: boolean;
  /** Pods of the template that it has now, those that leave left out. */
  readonly fresh: readonly Pod[];
  /** Pods of other templates, those that leave left out. */
  readonly old: readonly Pod[];
  /** Ready for `minReadySeconds`, in the controller's count. */
  readonly complete: boolean;
  /** Why no pod can be made at all (a quota, an admission policy). */
  readonly refused?: Condition;
  /** The releases that have pods, by their templates. */
  readonly templates: readonly PodTemplate[];
}

export async function requireDeployment(context: DeploymentContext): Promise<Deployment> {
  const { api, rollout, order } = context;
  const deployment = await api.get<Deployment>(deploymentPath(rollout.namespace, rollout.name));
  if (deployment) return deployment;
  throw refusal(order.subject, {
    code: "HIT384",
    problem: `the cluster has no Deployment ${rollout.namespace}/${rollout.name}.`,
    fix: "run `pulumi up --refresh` if it was deleted by hand; otherwise see to the Kubernetes provider's kubeconfig and context",
  });
}

export async function takeCensus(context: DeploymentContext): Promise<Census> {
  const { api, rollout } = context;
  const deployment = await requireDeployment(context);
  const labelSelector = selectorText(deployment.spec.selector.matchLabels ?? {});
  const [sets, pods] = await Promise.all([
    api.list<ReplicaSet>(`/apis/apps/v1/namespaces/${rollout.namespace}/replicasets`, { labelSelector }),
    podsOf(api, deployment),
  ]);
  const own = sets.filter((set) => set.metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid));
  const current = own.find((set) => sameTemplate(set.spec.template, deployment.spec.template));
  const staying = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const ownerOf = (pod: Pod) =>
    own.find((set) => pod.metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid));
  const fresh = staying.filter((pod) => current !== undefined && ownerOf(pod) === current);
  const old = staying.filter((pod) => {
    const owner = ownerOf(pod);
    return owner !== undefined && owner !== current;
  });
  const { status, metadata } = deployment;
  const size = deployment.spec.replicas ?? 1;
  const observed = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  const failure = condition(status?.conditions, "ReplicaFailure");
  return {
    deployment,
    size,
    observed,
    fresh,
    old,
    complete:
      observed &&
      (status?.updatedReplicas ?? 0) === size &&
      (status?.replicas ?? 0) === size &&
      (status?.availableReplicas ?? 0) === size,
    ...(failure?.status === "True" ? { refused: failure } : {}),
    templates: own.flatMap((set) =>
      set.spec.template && staying.some((pod) => ownerOf(pod) === set) ? [set.spec.template] : [],
    ),
  };
}

/** Ready pods of the template that is wanted. */
export function readyOf(census: Census): readonly Pod[] {
  return census.fresh.filter(isReady);
}

export function versionOf(template: PodTemplate | undefined): string | undefined {
  return tagsOf(template?.metadata?.annotations)[VERSION_TAG];
}

/** Whether two templates start the same pods; the controller's own label on a ReplicaSet's template is left out. */
export function sameTemplate(one: PodTemplate | undefined, other: PodTemplate | undefined): boolean {
  return one !== undefined && other !== undefined && canonical(withoutHash(one)) === canonical(withoutHash(other));
}

function withoutHash(template: PodTemplate): PodTemplate {
  const { "pod-template-hash": _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** Text that is equal for equal contents, whatever the order of keys; empty objects and absent ones are the same to the API server. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null);
  return `{${entries
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
    .sort()
    .join(",")}}`;
}
