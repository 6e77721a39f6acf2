import type { EventEmitter } from "node:events";
import type { Logger } from "pino";
import type { BalancerCounts, DataPlane, TargetHealthChange } from "../balancer/dataPlane.js";
import type { Clock } from "../clock.js";
import type { Compute, InstanceView, MetricDatum, Monitoring, TargetHealthView, TargetRegistry } from "../ports.js";
import type { Service } from "../service.js";
import type { ListenerSnapshot, TargetGroupSnapshot } from "../snapshot.js";
import type { Authority } from "../tls/authority.js";
import type { Certificate } from "../tls/x509.js";
import { balancerConfig } from "./balancerConfig.js";
import { ListenerCertificates } from "./certificates.js";
import type { Elb, SecurityGroupDirectory } from "./context.js";
import { countMetrics, hostMetrics, type MetricPlace, quietGroupMetrics } from "./metrics.js";
import { AddressPool } from "./naming.js";
import { accountOperations } from "./operations/account.js";
import { listenerOperations } from "./operations/listeners.js";
import { loadBalancerOperations } from "./operations/loadBalancers.js";
import { ruleOperations } from "./operations/rules.js";
import { tagOperations } from "./operations/tags.js";
import { targetGroupOperations } from "./operations/targetGroups.js";
import { deregisterTargets, registerTargets, targetOperations } from "./operations/targets.js";
import { Publisher } from "./publisher.js";
import { listenerSnapshot, targetGroupSnapshot } from "./snapshots.js";
import { Store } from "./store.js";
import { TargetTable } from "./targetTable.js";

export interface LoadBalancingOptions {
  readonly clock: Clock;
  readonly compute: Compute;
  readonly dataPlane: DataPlane;
  readonly monitoring: Monitoring;
  readonly log: Logger;
  readonly region: string;
  readonly accountId: string;
  /** Checks security groups, and gives load balancers without any their VPC's default. @default unchecked */
  readonly securityGroups?: SecurityGroupDirectory;
  /** First three parts of the load balancers' addresses. @default "127.77.0" */
  readonly addressPrefix?: string;
  /** Certificates and keys (PEM) by ARN. @default none */
  readonly certificates?: Readonly<Record<string, Certificate>>;
  /** Signs the certificates of listeners whose ARN is not among them. @default the data plane makes them, signed by themselves */
  readonly authority?: Pick<Authority, "issue">;
}

/** How often (AWS seconds) the numbers of healthy and unhealthy hosts are reported. */
const hostMetricsEverySeconds = 60;

/** Elastic Load Balancing v2: what the API says, which targets there are, and what the data plane has to do about it. */
export class LoadBalancing implements TargetRegistry {
  readonly service: Service;
  readonly events: EventEmitter<{
    health: [{ targetGroupArn: string; instanceId: string; health: TargetHealthView }];
  }>;
  readonly #elb: Elb;
  readonly #options: LoadBalancingOptions;
  readonly #stop: (() => void)[] = [];

  constructor(options: LoadBalancingOptions) {
    const { clock, compute, dataPlane, log } = options;
    const store = new Store();
    const targets = new TargetTable({ clock, compute, store });
    const certificates = new ListenerCertificates(options.certificates ?? {}, options.authority);
    const publisher = new Publisher({
      dataPlane,
      clock,
      log,
      build: (arn) => {
        const loadBalancer = store.loadBalancers.get(arn);
        return loadBalancer && balancerConfig(loadBalancer, { store, targets, certificates });
      },
    });
    const addresses = new AddressPool(options.addressPrefix ?? "127.77.0");
    this.#options = options;
    this.#elb = { ...options, store, targets, publisher, addresses };
    this.events = targets.events;
    this.service = {
      id: "elbv2",
      operations: {
        ...loadBalancerOperations(this.#elb),
        ...targetGroupOperations(this.#elb),
        ...listenerOperations(this.#elb),
        ...ruleOperations(this.#elb),
        ...targetOperations(this.#elb),
        ...tagOperations(this.#elb),
        ...accountOperations(),
      },
    };
    this.#listen();
  }

  exists(targetGroupArn: string): boolean {
    return this.#elb.store.targetGroups.has(targetGroupArn);
  }

  register(targetGroupArn: string, instanceIds: readonly string[]): void {
    const group = this.#elb.store.targetGroup(targetGroupArn);
    registerTargets(
      this.#elb,
      group,
      instanceIds.map((Id) => ({ Id })),
    );
  }

  deregister(targetGroupArn: string, instanceIds: readonly string[]): Promise<void> {
    const group = this.#elb.store.targetGroup(targetGroupArn);
    return deregisterTargets(
      this.#elb,
      group,
      instanceIds.map((Id) => ({ Id })),
    );
  }

  health(targetGroupArn: string, instanceId: string): TargetHealthView | undefined {
    const target = this.#elb.targets.find(targetGroupArn, instanceId);
    return target && this.#elb.targets.health(targetGroupArn, target);
  }

  resourceLabel(targetGroupArn: string): string | undefined {
    const place = this.#place(targetGroupArn);
    return place && `${place.loadBalancer}/${place.targetGroup}`;
  }

  /** The load balancer that uses a security group, so that EC2 can refuse to delete it. */
  userOfSecurityGroup(groupId: string): string | undefined {
    const all = [...this.#elb.store.loadBalancers.values()];
    return all.find((loadBalancer) => loadBalancer.securityGroups.includes(groupId))?.arn;
  }

  targetGroupSnapshots(): TargetGroupSnapshot[] {
    return [...this.#elb.store.targetGroups.values()].map((group) => targetGroupSnapshot(group, this.#elb.targets));
  }

  listenerSnapshots(): ListenerSnapshot[] {
    return [...this.#elb.store.listeners.values()].map((listener) => listenerSnapshot(listener, this.#elb.store));
  }

  /** Stops following the others, ends all drains, and waits for configurations on their way. */
  async close(): Promise<void> {
    for (const stop of this.#stop.splice(0)) stop();
    this.#elb.targets.close();
    await this.#elb.publisher.close([...this.#elb.store.loadBalancers.keys()]);
  }

  #listen(): void {
    const { compute, dataPlane, clock } = this.#options;
    const { targets, store, publisher } = this.#elb;
    const onInstance = (instance: InstanceView): void => targets.instanceChanged(instance);
    const onHealth = (change: TargetHealthChange): void => targets.heard(change);
    const onCounts = (counts: BalancerCounts[]): void => this.#report(counts);
    compute.events.on("state", onInstance);
    dataPlane.events.on("health", onHealth);
    dataPlane.events.on("counts", onCounts);
    targets.changes.on("changed", (targetGroupArn) => {
      const loadBalancer = store.loadBalancerOf(targetGroupArn);
      if (loadBalancer) publisher.publish(loadBalancer.arn);
    });
    this.#stop.push(
      () => compute.events.off("state", onInstance),
      () => dataPlane.events.off("health", onHealth),
      () => dataPlane.events.off("counts", onCounts),
      clock.every(hostMetricsEverySeconds, () => this.#reportHosts()),
    );
  }

  #report(all: readonly BalancerCounts[]): void {
    const data = all.flatMap((counts): MetricDatum[] => {
      const loadBalancer = this.#elb.store.loadBalancers.get(counts.loadBalancerArn);
      // Last counts of a load balancer that is deleted meanwhile have nowhere to go.
      if (!loadBalancer) return [];
      const group = counts.targetGroupArn && this.#elb.store.targetGroups.get(counts.targetGroupArn);
      if (counts.targetGroupArn !== undefined && !group) return [];
      const place = { loadBalancer: loadBalancer.path, ...(group && { targetGroup: group.path }) };
      return countMetrics(counts, place, group ? this.#count(group.arn, "healthy") : 0);
    });
    data.push(...this.#quietGroups(all));
    if (data.length > 0) this.#options.monitoring.put(data);
  }

  /** Groups without a request while their load balancer has some. */
  #quietGroups(all: readonly BalancerCounts[]): MetricDatum[] {
    const asked = new Set(all.flatMap(({ targetGroupArn, requests }) => (requests > 0 ? [targetGroupArn] : [])));
    return all
      .filter(({ targetGroupArn, requests }) => targetGroupArn === undefined && requests > 0)
      .flatMap(({ loadBalancerArn, at }) =>
        this.#elb.store
          .groupsOf(loadBalancerArn)
          .filter(({ arn }) => !asked.has(arn) && this.#elb.targets.list(arn).length > 0)
          .flatMap(({ arn }) => {
            const place = this.#place(arn);
            return place ? quietGroupMetrics(at, place) : [];
          }),
      );
  }

  #reportHosts(): void {
    const at = this.#options.clock.now();
    const data = [...this.#elb.store.targetGroups.keys()].flatMap((arn) => {
      const place = this.#place(arn);
      if (!place || this.#elb.targets.list(arn).length === 0) return [];
      return hostMetrics(at, place, this.#count(arn, "healthy"), this.#count(arn, "unhealthy"));
    });
    if (data.length > 0) this.#options.monitoring.put(data);
  }

  #count(targetGroupArn: string, state: TargetHealthView["state"]): number {
    return this.#elb.targets.healths(targetGroupArn).filter(({ health }) => health.state === state).length;
  }

  #place(targetGroupArn: string): Required<MetricPlace> | undefined {
    const group = this.#elb.store.targetGroups.get(targetGroupArn);
    const loadBalancer = this.#elb.store.loadBalancerOf(targetGroupArn);
    return group && loadBalancer && { loadBalancer: loadBalancer.path, targetGroup: group.path };
  }
}
