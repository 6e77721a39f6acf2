import type { TargetHealth } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Logger } from "pino";
import type { Clock } from "../../clock.js";
import { type ClusterView, serviceOf } from "../api/clusterView.js";
import { isNotFound, type KubeClient } from "../api/kubeClient.js";
import { keyOf } from "../api/kubeObjects.js";
import { Watched } from "../api/watched.js";
import { WorkQueue } from "../api/workQueue.js";
import { BINDINGS_PATH, bindingPath, FINALIZER, gateOf, hasGate, type TargetGroupBinding } from "./binding.js";
import { tellPod } from "./podGates.js";
import { type PodTarget, podTargets } from "./podTargets.js";
import { isGroupGone, type TargetGroups } from "./targetGroups.js";

/** AWS seconds after which targets that pods wait for are looked at again (`defaultTargetHealthRequeueDuration`). */
const LOOK_AGAIN_SECONDS = 15;

const REGISTERING: TargetHealth = {
  State: "initial",
  Reason: "Elb.RegistrationInProgress",
  Description: "Target registration is in progress",
};

/**
 * The AWS Load Balancer Controller's part in a TargetGroupBinding: what its Service leads to is what the target group has, and pods with the
 * binding's gate learn how their targets are.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/targetgroupbinding/
 */
export class BindingController {
  readonly bindings: Watched<TargetGroupBinding>;
  readonly #queue: WorkQueue;

  constructor(
    private readonly client: KubeClient,
    private readonly view: ClusterView,
    private readonly groups: TargetGroups,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {
    this.bindings = new Watched(client, BINDINGS_PATH, log);
    this.#queue = new WorkQueue("TargetGroupBinding", log, (key) => this.#reconcile(key));
  }

  async start(): Promise<void> {
    const { slices, services, pods, nodes } = this.view;
    this.bindings.events.on("changed", (binding) => this.#queue.add(keyOf(binding)));
    services.events.on("changed", ({ metadata }) => this.#addFor(metadata.namespace, metadata.name));
    slices.events.on("changed", (slice) => this.#addFor(slice.metadata.namespace, serviceOf(slice)));
    nodes.events.on("changed", () => this.#addWhere(() => true));
    // A pod's containers get ready before its endpoint does when it waits for a gate.
    pods.events.on("changed", (pod) =>
      this.#addWhere(
        (binding) => binding.metadata.namespace === pod.metadata.namespace && hasGate(pod, gateOf(binding)),
      ),
    );
    await this.bindings.start();
  }

  async close(): Promise<void> {
    await this.bindings.close();
    await this.#queue.close();
  }

  #addFor(namespace: string | undefined, service: string | undefined): void {
    this.#addWhere(({ metadata, spec }) => metadata.namespace === namespace && spec.serviceRef.name === service);
  }

  #addWhere(concerned: (binding: TargetGroupBinding) => boolean): void {
    for (const binding of this.bindings.all()) if (concerned(binding)) this.#queue.add(keyOf(binding));
  }

  async #reconcile(key: string): Promise<void> {
    const binding = this.bindings.get(key);
    if (binding === undefined) return;
    if (binding.metadata.deletionTimestamp !== undefined) return this.#release(binding);
    if (binding.spec.targetType === "instance") {
      this.log.error(
        { binding: key },
        "a TargetGroupBinding has targetType instance, which the local cloud does not serve: use ip",
      );
      return;
    }
    await this.#setFinalizers(binding, true);
    const arn = await this.#arnOf(binding);
    const targets = podTargets(this.view, binding);
    if (targets === undefined) {
      this.log.warn(
        { binding: key, service: binding.spec.serviceRef },
        "a TargetGroupBinding's Service or its port is not there",
      );
    }
    const waits = await this.#balance(binding, arn, targets ?? []);
    const { generation } = binding.metadata;
    if (binding.status?.observedGeneration !== generation)
      await this.client.patch(`${bindingPath(binding)}/status`, "merge-patch", {
        status: { observedGeneration: generation },
      });
    if (waits) this.#queue.addLater(key, (act) => this.clock.after(LOOK_AGAIN_SECONDS, act));
  }

  /** Makes the group's targets what they should be, the leaving ones first. @returns whether a pod still waits */
  async #balance(binding: TargetGroupBinding, arn: string, wanted: readonly PodTarget[]): Promise<boolean> {
    const present = await this.groups.targets(arn);
    const same = (a: { id: string; port: number }) => (b: { id: string; port: number }) =>
      a.id === b.id && a.port === b.port;
    const leaving = present.filter((target) => !wanted.some(same(target)));
    const coming = wanted.filter((target) => !present.some(same(target)));
    if (leaving.length > 0) await this.groups.deregister(arn, leaving);
    if (coming.length > 0) await this.groups.register(arn, coming);
    if (leaving.length + coming.length > 0)
      this.log.info(
        { binding: keyOf(binding), registered: coming.map(({ id }) => id), deregistered: leaving.map(({ id }) => id) },
        "targets follow pods",
      );
    const answers = await Promise.all(
      wanted.flatMap((target) => {
        const health = present.find(same(target))?.health ?? REGISTERING;
        return target.pod ? [tellPod(this.client, target.pod, gateOf(binding), health)] : [];
      }),
    );
    return answers.includes(true);
  }

  /** A deleted binding gives its targets back; pods that wait for it wait no more (`updatePodAsHealthyForDeletedTGB`). */
  async #release(binding: TargetGroupBinding): Promise<void> {
    if (!binding.metadata.finalizers?.includes(FINALIZER)) return;
    try {
      const arn = await this.#arnOf(binding);
      const present = await this.groups.targets(arn);
      if (present.length > 0) await this.groups.deregister(arn, present);
    } catch (error) {
      if (!isGroupGone(error)) throw error;
    }
    const health: TargetHealth = { State: "healthy", Description: "Target Group Binding is deleted" };
    const { namespace } = binding.metadata;
    await Promise.all(this.view.pods.in(namespace).map((pod) => tellPod(this.client, pod, gateOf(binding), health)));
    await this.#setFinalizers(binding, false);
  }

  async #setFinalizers(binding: TargetGroupBinding, kept: boolean): Promise<void> {
    const { finalizers = [], resourceVersion } = binding.metadata;
    if (finalizers.includes(FINALIZER) === kept) return;
    const others = finalizers.filter((name) => name !== FINALIZER);
    // A change in between would be lost: with the version it is refused, and all is looked at anew.
    const metadata = { resourceVersion, finalizers: kept ? [...others, FINALIZER] : others };
    try {
      await this.client.patch(bindingPath(binding), "merge-patch", { metadata });
    } catch (error) {
      // It has gone already, which is what was wanted.
      if (kept || !isNotFound(error)) throw error;
    }
  }

  async #arnOf({ metadata, spec }: TargetGroupBinding): Promise<string> {
    const { targetGroupARN, targetGroupName } = spec;
    const arn =
      targetGroupARN ?? (targetGroupName === undefined ? undefined : await this.groups.arnOf(targetGroupName));
    if (arn === undefined)
      throw new Error(`TargetGroupBinding ${metadata.name} names no target group: set spec.targetGroupARN`);
    return arn;
  }
}
