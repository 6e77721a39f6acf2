import { EventEmitter } from "node:events";
import type { TargetHealthChange } from "../balancer/dataPlane.js";
import type { Clock } from "../clock.js";
import type { Compute, InstanceView, TargetHealthView } from "../ports.js";
import { GroupTargets } from "./groupTargets.js";
import type { LoadBalancerRecord, TargetGroupRecord } from "./model.js";
import type { Store } from "./store.js";
import { healthView, sameHealth } from "./targetHealth.js";

/** One registered target. */
export interface Target {
  readonly id: string;
  readonly port: number;
  readonly registeredAt: number;
  /** Where its instance is, as last heard; undefined for addresses. Kept here, as a thousand targets are asked about at a time. */
  place: Place | undefined;
  /** What the data plane's checks last found; undefined before their first word. */
  found: TargetHealthView | undefined;
  /** Set while it drains. */
  drain: Drain | undefined;
  /** What was last told to listeners. */
  told: TargetHealthView | undefined;
}

/** Where an instance is, and where it is reached. */
export interface Place {
  readonly zone: string;
  readonly host: string;
  /** Set where all of the instance's traffic goes to one port, whatever port was registered. */
  readonly port: number | undefined;
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
  readonly #groups = new Map<string, GroupTargets>();
  readonly #deps: { readonly clock: Clock; readonly compute: Compute; readonly store: Store };

  constructor(deps: { clock: Clock; compute: Compute; store: Store }) {
    this.#deps = deps;
  }

  list(targetGroupArn: string): Target[] {
    return this.#groups.get(targetGroupArn)?.all() ?? [];
  }

  find(targetGroupArn: string, id: string, port?: number): Target | undefined {
    return this.#groups.get(targetGroupArn)?.find(id, port);
  }

  /** The targets of one id: of all its ports, or of one. */
  named(targetGroupArn: string, id: string, port?: number): Target[] {
    const group = this.#groups.get(targetGroupArn);
    return group?.withId(id).filter((target) => port === undefined || target.port === port) ?? [];
  }

  /** Registers, or takes back a drain in progress. What is registered already stays as it is. */
  register(targetGroupArn: string, targets: readonly { id: string; port: number }[]): void {
    const group = this.#groups.get(targetGroupArn) ?? new GroupTargets();
    this.#groups.set(targetGroupArn, group);
    const registeredAt = this.#deps.clock.now();
    const added: Target[] = [];
    for (const { id, port } of targets) {
      const known = group.find(id, port);
      if (known && !known.drain) continue;
      const instance = this.#deps.compute.instance(id);
      const place = instance && placeOf(instance);
      const target: Target = { id, port, registeredAt, place, found: undefined, drain: undefined, told: undefined };
      group.put(target);
      added.push(target);
      known?.drain?.end();
    }
    this.#changed(targetGroupArn, added);
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
    const staying = targets.filter((target) => target.drain);
    this.#changed(group.arn, staying);
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
    // Only this one: a group may have a thousand, and each of them is heard of.
    this.#tellOf(change.targetGroupArn, target, this.#deps.store.loadBalancerOf(change.targetGroupArn));
  }

  /** A target's state as AWS shows it. */
  health(targetGroupArn: string, target: Target): TargetHealthView {
    return this.#healthOf(target, this.#deps.store.loadBalancerOf(targetGroupArn));
  }

  /** The states of all of a group's targets, or of those that are given. */
  healths(targetGroupArn: string, targets = this.list(targetGroupArn)): { target: Target; health: TargetHealthView }[] {
    const loadBalancer = this.#deps.store.loadBalancerOf(targetGroupArn);
    return targets.map((target) => ({ target, health: this.#healthOf(target, loadBalancer) }));
  }

  #healthOf(target: Target, loadBalancer: LoadBalancerRecord | undefined): TargetHealthView {
    if (target.drain) return healthView("draining", "Target.DeregistrationInProgress");
    if (!loadBalancer) return healthView("unused", "Target.NotInUse");
    const { place } = target;
    if (place && !loadBalancer.zones.some((zone) => zone.zoneName === place.zone)) {
      const words = "Target is in an Availability Zone that is not enabled for the load balancer";
      return healthView("unused", "Target.NotInUse", words);
    }
    return target.found ?? healthView("initial", "Elb.RegistrationInProgress");
  }

  /** Tells listeners whatever changed in the group's targets since they were told last. */
  tell(targetGroupArn: string): void {
    const loadBalancer = this.#deps.store.loadBalancerOf(targetGroupArn);
    for (const target of this.list(targetGroupArn)) this.#tellOf(targetGroupArn, target, loadBalancer);
  }

  #tellOf(targetGroupArn: string, target: Target, loadBalancer: LoadBalancerRecord | undefined): void {
    // Checks stop when the last rule lets go of the group; a later rule starts them from the beginning.
    if (!loadBalancer) target.found = undefined;
    const health = this.#healthOf(target, loadBalancer);
    if (sameHealth(health, target.told)) return;
    target.told = health;
    this.events.emit("health", { targetGroupArn, instanceId: target.id, health });
  }

  /** Follows an instance: its endpoint may be new, and one that has ended leaves its groups. */
  instanceChanged(instance: InstanceView): void {
    for (const [targetGroupArn, group] of this.#groups) {
      for (const target of group.withId(instance.instanceId)) {
        target.place = placeOf(instance);
        if (instance.state === "terminated") this.#instanceEnded(targetGroupArn, target);
        this.#changed(targetGroupArn, group.withId(instance.instanceId));
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
      if (this.find(targetGroupArn, target.id, target.port) !== target || target.drain) return;
      this.#leave(targetGroupArn, target);
      this.#changed(targetGroupArn, []);
    });
    this.#departures.add(cancel);
  }

  #startDrain(targetGroupArn: string, target: Target, delaySeconds: number): Drain {
    let end: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      const cancel = this.#deps.clock.after(delaySeconds, () => {
        this.#leave(targetGroupArn, target);
        this.#changed(targetGroupArn, []);
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
    this.#groups.get(targetGroupArn)?.remove(target);
    const { drain } = target;
    target.drain = undefined;
    drain?.end();
  }

  /** @param targets those that changed: of a thousand, usually one */
  #changed(targetGroupArn: string, targets: readonly Target[]): void {
    const loadBalancer = this.#deps.store.loadBalancerOf(targetGroupArn);
    for (const target of targets) this.#tellOf(targetGroupArn, target, loadBalancer);
    this.changes.emit("changed", targetGroupArn);
  }
}

function placeOf({ availabilityZone, endpoint, privateIpAddress }: InstanceView): Place {
  return { zone: availabilityZone, host: endpoint?.host ?? privateIpAddress, port: endpoint?.port };
}
