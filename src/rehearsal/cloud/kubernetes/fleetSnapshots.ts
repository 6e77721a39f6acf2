import type { GroupSnapshot, InstanceSnapshot, TargetGroupSnapshot } from "../snapshot.js";
import { conditionOf, type KubeObject, type Pod } from "./api/kubeObjects.js";
import type { TargetGroupBinding } from "./bindings/binding.js";

/** A Deployment, as far as the picture of the cloud tells of it. */
export interface Deployment extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly selector: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
  };
}

/** What our components write onto Kubernetes' objects in place of tags. */
const PREFIX = "hitless.dev/";
/** One of Kubernetes' recommended labels. */
const VERSION_LABEL = "app.kubernetes.io/version";

/**
 * Deployments and their pods in the words of the cloud's picture, so that a rehearsal counts pods as it counts servers: a ready pod is in service,
 * one that is being deleted terminates.
 *
 * @param speed a warm-up is real time here, and AWS seconds in the picture
 */
export function fleetSnapshots(
  deployments: readonly Deployment[],
  pods: readonly Pod[],
  bindings: readonly TargetGroupBinding[],
  targetGroups: readonly TargetGroupSnapshot[],
  services: (key: string) => { readonly spec: { readonly selector?: Readonly<Record<string, string>> } } | undefined,
  speed: number,
): GroupSnapshot[] {
  return deployments.map(({ metadata: { name, namespace }, spec }) => {
    const labels = spec.template.metadata?.labels ?? {};
    const arns = bindings.flatMap((binding) => {
      const service = services(`${namespace}/${binding.spec.serviceRef.name}`);
      const arn = binding.spec.targetGroupARN;
      const leadsHere = binding.metadata.namespace === namespace && selects(service?.spec.selector, labels);
      return leadsHere && arn !== undefined ? [arn] : [];
    });
    const targets = targetGroups.filter(({ arn }) => arns.includes(arn)).flatMap((group) => group.targets);
    const own = pods.filter(
      (pod) => pod.metadata.namespace === namespace && selects(spec.selector.matchLabels, pod.metadata.labels ?? {}),
    );
    const replicas = spec.replicas ?? 1;
    return {
      name: `${namespace}/${name}`,
      minSize: replicas,
      desiredCapacity: replicas,
      maxSize: replicas,
      healthCheckGracePeriodSeconds: 0,
      defaultInstanceWarmupSeconds: (spec.minReadySeconds ?? 0) * speed,
      targetGroupArns: arns,
      instances: own.map((pod) => instanceOf(pod, targets)),
    };
  });
}

function instanceOf(pod: Pod, targets: TargetGroupSnapshot["targets"]): InstanceSnapshot {
  const { name, creationTimestamp, deletionTimestamp, labels, annotations } = pod.metadata;
  const ready = conditionOf(pod, "Ready");
  const isReady = ready?.status === "True";
  const leaving = deletionTimestamp !== undefined;
  const target = targets.find(({ id }) => id === pod.status?.podIP);
  return {
    instanceId: name,
    lifecycleState: leaving ? "Terminating" : isReady ? "InService" : "Pending",
    healthStatus: isReady ? "Healthy" : "Unhealthy",
    launchedAt: Date.parse(creationTimestamp ?? "") || 0,
    ...(isReady && ready?.lastTransitionTime !== undefined && { firstHealthyAt: Date.parse(ready.lastTransitionTime) }),
    ...(target && { targetHealth: target.state }),
    tags: tagsOf({ ...annotations, ...labels }),
  };
}

function tagsOf(written: Readonly<Record<string, string>>): Record<string, string> {
  const ours = Object.entries(written).filter(([key]) => key.startsWith(PREFIX));
  const version = written[VERSION_LABEL];
  return {
    ...(version !== undefined && { "hitless:version": version }),
    ...Object.fromEntries(ours.map(([key, value]) => [`hitless:${key.slice(PREFIX.length)}`, value])),
  };
}

function selects(
  selector: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>>,
): boolean {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}
