import { EventEmitter } from "node:events";
import type { TargetHealthChange } from "../balancer/dataPlane.js";
import type { Clock } from "../clock.js";
import type { Compute, InstanceView, TargetHealthView } from "../ports.js";
import type { TargetGroupRecord } from "./model.js";
import type { Store } from "./store.js";
import { healthView, sameHealth } from "./targetHealth.js";

/** One registered target. */
export interface Target {
  readonly id: string;
  readonly port: number;
  registeredAt: number;
  /** What the data plane's checks last found; undefined before their first word. */
  found: TargetHealthView | undefined;
  /** Set while it drains. */
  drain: Drain | undefined;
  /** What was last told to listeners. */
  told: TargetHealthView | undefined;
}

interface Drain {
  readonly done: Promise<void>;
  /** Ends the drain now: the target leaves the group, or was registered anew. */
  readonly end: () => void;
}

/** The targets of all groups, and what state each is in. */
export class TargetTable {
  readonly events = new EventEmitter<{
    health: [{ targetGroupArn: string; instanceId: string; health: TargetHealthView }];
  }>();
  /** Says which group's targets changed in a way that the data plane must know. */
  readonly changes = new EventEmitter<{ changed: [targetGroupArn: string] }>();
  /** Departures of targets whose instances have ended. */
  readonly #departures = new Set<() => void>();
  readonly #groups = new Map<string, Map<string, Target>>();
  readonly #deps: { readonly clock: Clock; readonly compute: Compute; readonly store: Store };

  constructor(deps: { clock: Clock; compute: Compute; store: Store }) {
    this.#deps = deps;
  }

  list(targetGroupArn: string): Target[] {
    return [...(this.#groups.get(targetGroupArn)?.values() ?? [])];
  }

  find(targetGroupArn: string, id: string, port?: number): Target | undefined {
    return this.list(targetGroupArn).find((target) => target.id === id && (port === undefined || target.port === port));
  }

  /** Registers, or takes back a drain in progress. What is registered already stays as it is. */
  register(targetGroupArn: string, targets: readonly { id: string; port: number }[]): void {
    const group = this.#groups.get(targetGroupArn) ?? new Map<string, Target>();
    this.#groups.set(targetGroupArn, group);
    const registeredAt = this.#deps.clock.now();
    for (const { id, port } of targets) {
      const known = group.get(keyOf(id, port));
      if (known && !known.drain) continue;
      group.set(keyOf(id, port), { id, port, registeredAt, found: undefined, drain: undefined, told: undefined });
      known?.drain?.end();
    }
    this.#changed(targetGroupArn);
  }

  /** Starts the drain; resolves when the targets have left the group. Unknown targets are gone already. */
  async deregister(group: TargetGroupRecord, targets: readonly Target[]): Promise<void> {
    const delay = Number(group.attributes["deregistration_delay.timeout_seconds"]);
    // A group that no rule names has no connections that could drain.
    const inUse = this.#deps.store.loadBalancerOf(group.arn) !== undefined;
    const drains = targets.map((target) => {
      if (!inUse) return this.#leave(group.arn, target);
      target.drain ??= this.#startDrain(group.arn, target, delay);
      return target.drain.done;
    });
    this.#changed(group.arn);
    await Promise.all(drains);
  }

  /** The group is deleted: its targets are no more. */
  forget(targetGroupArn: string): void {
    for (const target of this.list(targetGroupArn)) this.#leave(targetGroupArn, target);
    this.#groups.delete(targetGroupArn);
  }

  /** What the data plane's checks found. */
  heard(change: TargetHealthChange): void {
    const target = this.find(change.targetGroupArn, change.targetId, change.port);
    // A word about a target that has left meanwhile comes too late to matter.
    if (!target) return;
    target.found = healthView(change.state, change.reason, change.description);
    this.tell(change.targetGroupArn);
  }

  /** A target's state as AWS shows it. */
  health(targetGroupArn: string, target: Target): TargetHealthView {
    if (target.drain) return healthView("draining", "Target.DeregistrationInProgress");
    const loadBalancer = this.#deps.store.loadBalancerOf(targetGroupArn);
    if (!loadBalancer) return healthView("unused", "Target.NotInUse");
    const instance = this.#deps.compute.instance(target.id);
    if (instance && !loadBalancer.zones.some((zone) => zone.zoneName === instance.availabilityZone)) {
      const words = "Target is in an Availability Zone that is not enabled for the load balancer";
      return healthView("unused", "Target.NotInUse", words);
    }
    return target.found ?? healthView("initial", "Elb.RegistrationInProgress");
  }

  /** Tells listeners whatever changed in the group's targets since they were told last. */
  tell(targetGroupArn: string): void {
    const inUse = this.#deps.store.loadBalancerOf(targetGroupArn) !== undefined;
    for (const target of this.list(targetGroupArn)) {
      // Checks stop when the last rule lets go of the group; a later rule starts them from the beginning.
      if (!inUse) target.found = undefined;
      const health = this.health(targetGroupArn, target);
      if (sameHealth(health, target.told)) continue;
      target.told = health;
      this.events.emit("health", { targetGroupArn, instanceId: target.id, health });
    }
  }

  /** Follows an instance: its endpoint may be new, and one that has ended leaves its groups. */
  instanceChanged(instance: InstanceView): void {
    for (const [targetGroupArn] of this.#groups) {
      for (const target of this.list(targetGroupArn).filter(({ id }) => id === instance.instanceId)) {
        if (instance.state === "terminated") this.#instanceEnded(targetGroupArn, target);
        this.#changed(targetGroupArn);
      }
    }
  }

  /** Ends all drains and departures, so that nothing waits any more. */
  close(): void {
    for (const cancel of this.#departures) cancel();
    for (const [arn] of this.#groups) this.forget(arn);
    this.events.removeAllListeners();
    this.changes.removeAllListeners();
  }

  /**
   * The load balancer learns of an instance's end from its health checks first: until they have failed often enough it
   * still sends requests there. Only then does the target leave by itself.
   */
  #instanceEnded(targetGroupArn: string, target: Target): void {
    if (target.drain) {
      target.drain.end();
      return;
    }
    const group = this.#deps.store.targetGroups.get(targetGroupArn);
    if (!group) return;
    const { intervalSeconds, timeoutSeconds, unhealthyThreshold } = group.healthCheck;
    const cancel = this.#deps.clock.after((intervalSeconds + timeoutSeconds) * (unhealthyThreshold + 1), () => {
      this.#departures.delete(cancel);
      if (this.#groups.get(targetGroupArn)?.get(keyOf(target.id, target.port)) !== target || target.drain) return;
      this.#leave(targetGroupArn, target);
      this.#changed(targetGroupArn);
    });
    this.#departures.add(cancel);
  }

  #startDrain(targetGroupArn: string, target: Target, delaySeconds: number): Drain {
    let end: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      const cancel = this.#deps.clock.after(delaySeconds, () => {
        this.#leave(targetGroupArn, target);
        this.#changed(targetGroupArn);
        resolve();
      });
      end = () => {
        cancel();
        this.#leave(targetGroupArn, target);
        resolve();
      };
    });
    return { done, end };
  }

  #leave(targetGroupArn: string, target: Target): void {
    const group = this.#groups.get(targetGroupArn);
    const key = keyOf(target.id, target.port);
    if (group?.get(key) === target) group.delete(key);
    const { drain } = target;
    target.drain = undefined;
    drain?.end();
  }

  #changed(targetGroupArn: string): void {
    this.tell(targetGroupArn);
    this.changes.emit("changed", targetGroupArn);
  }
}

const keyOf = (id: string, port: number): string => `${id}:${port}`;
