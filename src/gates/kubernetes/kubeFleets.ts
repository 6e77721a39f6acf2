import {
  COMPONENT_LABEL,
  labelValue,
  MAX_SIZE_ANNOTATION,
  TARGET_ANNOTATION,
  tagsOf,
} from "../../plan/kubernetesNames.js";
import { COMPONENT_TAG } from "../../plan/releaseTags.js";
import type { FleetsCloud, FleetView, FleetWords, Seniority } from "../fleetsCloud.js";
import { type KubeApi, MERGE_PATCH } from "./kubeApi.js";
import { type Autoscaler, condition, type Deployment, isReady, type Pod, selectorText, splitId } from "./objects.js";
import { describeTroubles, logTail } from "./podTroubles.js";

/** Who is written down as having changed what a gate changes. */
export const GATE_MANAGER = "hitless";

/** Kubernetes tells moments in whole seconds, cut off (apimachinery, `metav1.Time`). */
const TIME_STEP_MS = 1000;

/** What the API server tells of fleets: Deployments of one namespace, by their component's label. */
export class KubeFleets implements FleetsCloud {
  constructor(
    readonly api: KubeApi,
    readonly namespace: string,
  ) {}

  readonly fleetWords: FleetWords = {
    fleet: "Deployment",
    empty: (name) => kubectl(name, (short) => `scale deployment ${short} --replicas=0`),
    remove: (name) => kubectl(name, (short) => `delete deployment ${short}`),
    logs: (pod) =>
      `kubectl -n ${this.namespace} logs ${/^[\d.:a-f]+$/.test(pod) ? `$(kubectl -n ${this.namespace} get pods --field-selector status.podIP=${pod} -o name)` : pod} --tail 50`,
  };

  async fleetsOf(component: string): Promise<readonly FleetView[]> {
    const labelSelector = selectorText({ [COMPONENT_LABEL]: labelValue(component) });
    const [deployments, autoscalers] = await Promise.all([
      this.api.list<Deployment>(`/apis/apps/v1/namespaces/${this.namespace}/deployments`, { labelSelector }),
      this.api.list<Autoscaler>(`/apis/autoscaling/v2/namespaces/${this.namespace}/horizontalpodautoscalers`),
    ]);
    return deployments.flatMap((deployment) => {
      const tags = tagsOf(deployment.metadata.annotations);
      // A label is short, so two components could share one; and what is being deleted takes no users any more.
      if (tags[COMPONENT_TAG] !== component || deployment.metadata.deletionTimestamp !== undefined) return [];
      const autoscaler = autoscalers.find(
        ({ spec: { scaleTargetRef } }) =>
          scaleTargetRef.kind === "Deployment" && scaleTargetRef.name === deployment.metadata.name,
      );
      return [viewOf(deployment, autoscaler, tags)];
    });
  }

  async setDesiredCapacity(fleet: string, desiredCapacity: number): Promise<void> {
    const { namespace, name } = splitId(fleet);
    const path = `${deploymentPath(namespace, name)}/scale`;
    const scale = await this.api.get<{ readonly spec?: { readonly replicas?: number } }>(path);
    if ((scale?.spec?.replicas ?? 0) >= desiredCapacity) return; // an autoscaler was faster
    await this.api.call({
      method: "PATCH",
      path,
      query: { fieldManager: GATE_MANAGER },
      contentType: MERGE_PATCH,
      body: { spec: { replicas: desiredCapacity } },
    });
  }

  async seniority(fleet: FleetView): Promise<Seniority> {
    const moments = new Map<string, Date>();
    for (const pod of await this.#podsOf(fleet.name)) {
      if (!isReady(pod)) continue;
      const since = condition(pod.status?.conditions, "Ready")?.lastTransitionTime;
      if (since === undefined) continue;
      const moment = new Date(Date.parse(since) + TIME_STEP_MS);
      for (const id of [pod.status?.podIP, pod.metadata.name]) if (id !== undefined) moments.set(id, moment);
    }
    return { since: "ready", moments };
  }

  async consoleTail(serverId: string): Promise<string | undefined> {
    const pods = await this.api.list<Pod>(`/api/v1/namespaces/${this.namespace}/pods`, {
      labelSelector: COMPONENT_LABEL,
    });
    const pod = pods.find(({ metadata, status }) => metadata.name === serverId || status?.podIP === serverId);
    return pod && logTail(this.api, pod);
  }

  async troubles(fleet: FleetView): Promise<readonly string[]> {
    const { namespace, name } = splitId(fleet.name);
    const deployment = await this.api.get<Deployment>(deploymentPath(namespace, name));
    const failure = condition(deployment?.status?.conditions, "ReplicaFailure");
    const pods = (await this.#podsOf(fleet.name)).filter((pod) => !isReady(pod));
    return [
      ...(failure?.status === "True"
        ? [`${fleet.name}: its pods are refused: ${failure.message ?? failure.reason}`]
        : []),
      ...(await describeTroubles(this.api, pods)),
    ];
  }

  async #podsOf(fleet: string): Promise<readonly Pod[]> {
    const { namespace, name } = splitId(fleet);
    const deployment = await this.api.get<Deployment>(deploymentPath(namespace, name));
    return deployment ? podsOf(this.api, deployment) : [];
  }
}

function viewOf(deployment: Deployment, autoscaler: Autoscaler | undefined, tags: Record<string, string>): FleetView {
  const { namespace, name, annotations = {} } = deployment.metadata;
  const target = annotations[TARGET_ANNOTATION];
  const most = Number(annotations[MAX_SIZE_ANNOTATION] || Number.POSITIVE_INFINITY);
  return {
    name: `${namespace}/${name}`,
    desiredCapacity: deployment.spec.replicas ?? 1,
    maxSize: autoscaler?.spec.maxReplicas ?? (Number.isFinite(most) ? most : Number.POSITIVE_INFINITY),
    targetGroupArns: target === undefined ? [] : [target],
    tags,
  };
}

export function deploymentPath(namespace: string, name: string): string {
  return `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
}

/** The pods that a Deployment's selector finds. */
export function podsOf(api: KubeApi, deployment: Deployment): Promise<readonly Pod[]> {
  const labelSelector = selectorText(deployment.spec.selector.matchLabels ?? {});
  return api.list<Pod>(`/api/v1/namespaces/${deployment.metadata.namespace}/pods`, { labelSelector });
}

function kubectl(id: string, command: (name: string) => string): string {
  const at = id.indexOf("/");
  return at < 0 ? `kubectl ${command(id)}` : `kubectl -n ${id.slice(0, at)} ${command(id.slice(at + 1))}`;
}
