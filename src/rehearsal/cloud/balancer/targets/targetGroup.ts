import type { Clock } from "../../clock.js";
import { type BalancerContext, numberAttribute } from "../balancerContext.js";
import { Counts } from "../counts.js";
import type { TargetConfig, TargetGroupConfig } from "../dataPlane.js";
import { type Health, HealthChecker } from "./healthChecker.js";
import { compileHealthMatcher } from "./healthMatcher.js";
import { Target, targetKey } from "./target.js";
import { createChooser, type TargetChooser } from "./targetChoice.js";
import { createStickiness, type TargetStickiness } from "./targetStickiness.js";

/** A target for one request. */
export interface TargetPick {
  readonly target: Target;
  /** The request was bound to a target by a cookie, be it this one or one that cannot serve any more. */
  readonly wasBound: boolean;
}

/** One target group at work: who is in it, who is healthy, and who gets the next request. Made without targets: `update` brings them. */
export class TargetGroup {
  readonly counts = new Counts();
  readonly arn: string;
  stickiness: TargetStickiness | undefined;
  readonly #targets = new Map<string, Target>();
  readonly #checkers = new Map<string, HealthChecker>();
  #eligible: readonly Target[] = [];
  #failingOpen = false;
  /** When the first target came into the empty group. */
  #firstRegisteredAt: number | undefined;
  #idleTimeoutMs = 60_000;
  #chooser: TargetChooser;
  #config: TargetGroupConfig;

  constructor(
    private readonly context: BalancerContext,
    private readonly balancerCounts: Counts,
    config: TargetGroupConfig,
  ) {
    TargetGroup.check(config, context.clock);
    this.arn = config.arn;
    this.#config = { ...config, targets: [] };
    this.#chooser = createChooser(chooserOptions(config, context));
    this.stickiness = createStickiness(config.attributes, context.clock);
  }

  /** "Application-based stickiness does not work with weighted target groups" (ALB guide, sticky sessions). */
  stickinessIn(weightedAction: boolean): TargetStickiness | undefined {
    return weightedAction && this.stickiness?.byApplication ? undefined : this.stickiness;
  }

  /** Throws when a configuration cannot be used. */
  static check(config: TargetGroupConfig, clock: Clock): void {
    compileHealthMatcher(config.healthCheck.matcher);
    createStickiness(config.attributes, clock);
    const { path } = config.healthCheck;
    if (!/^\/[\x21-\x7e]*$/.test(path)) {
      throw new Error(
        `The health check path of target group "${config.name}" is "${path}", expected / and printable ASCII.`,
      );
    }
  }

  /** Open connections to its targets. */
  get connections(): number {
    let count = 0;
    for (const target of this.#targets.values()) count += target.pool.size;
    return count;
  }

  /** Brings the group to a configuration; what did not change keeps its connections, its health and its counts. */
  update(config: TargetGroupConfig, idleTimeoutMs: number): void {
    const before = this.#config;
    this.#config = config;
    this.#idleTimeoutMs = idleTimeoutMs;
    if (JSON.stringify(before.attributes) !== JSON.stringify(config.attributes)) {
      this.#chooser = createChooser(chooserOptions(config, this.context));
      this.stickiness = createStickiness(config.attributes, this.context.clock);
    }
    const checksChanged = JSON.stringify(before.healthCheck) !== JSON.stringify(config.healthCheck);
    if (checksChanged) for (const checker of this.#checkers.values()) checker.reconfigure(config.healthCheck);
    this.#updateTargets(config.targets);
    this.refresh();
  }

  /** Works out anew who may get requests. */
  refresh(): void {
    const registered = [...this.#targets.values()].filter((target) => !target.config.draining);
    // "unavailable" means that health checks are switched off, which counts as healthy for routing.
    const healthy = registered.filter((target) => target.state === "healthy" || target.state === "unavailable");
    const failsOpen = registered.length > 0 && healthy.length < this.#healthyNeeded(registered.length);
    if (failsOpen && !this.#failingOpen && registered.some((target) => target.state === "unhealthy")) {
      this.context.log.warn(
        { targetGroup: this.#config.name, registered: registered.length },
        "no healthy target: the group fails open and every registered target gets requests",
      );
    }
    this.#failingOpen = failsOpen;
    this.#eligible = failsOpen || this.context.faults.ignoreHealth ? registered : healthy;
  }

  /**
   * Picks the target for a request; undefined when no target is registered.
   * @param weighted the action has several groups
   */
  pick(cookies: string | undefined, now: number, weighted = false): TargetPick | undefined {
    if (this.#eligible.length === 0) return undefined;
    const bound = this.stickinessIn(weighted)?.boundTo(cookies, now);
    if (bound !== undefined) {
      const target = this.#eligible.find((candidate) => candidate.token === bound);
      return { target: target ?? this.#chooser.choose(this.#eligible, now), wasBound: true };
    }
    return { target: this.#chooser.choose(this.#eligible, now), wasBound: false };
  }

  /**
   * No rule leads here any more: checks stop, and nothing new comes. "Rule updates do not take effect immediately … in-flight requests are
   * completed" (ALB guide, listener rules).
   */
  retire(): void {
    for (const key of [...this.#targets.keys()]) this.#letFinish(key);
    this.refresh();
  }

  /** The load balancer goes: checks stop, and what is in flight is cut. */
  close(reason: string): void {
    for (const key of [...this.#targets.keys()]) this.#drop(key, reason);
    this.refresh();
  }

  #updateTargets(configs: readonly TargetConfig[]): void {
    const listed = new Set(configs.map(targetKey));
    for (const key of [...this.#targets.keys()]) {
      if (listed.has(key)) continue;
      if (this.#config.whenUnlisted === "finish") this.#letFinish(key);
      else this.#drop(key, "its deregistration delay elapsed");
    }
    for (const config of configs) this.#updateTarget(config);
    for (const target of this.#targets.values()) {
      target.pool.setIdleTimeout(this.#idleTimeoutMs);
    }
  }

  #updateTarget(config: TargetConfig): void {
    const key = targetKey(config);
    const known = this.#targets.get(key);
    const moved = known && (known.config.host !== config.host || known.config.connectPort !== config.connectPort);
    if (moved) this.#drop(key, "it moved to another address");
    if (!known || moved) {
      this.#add(config);
      return;
    }
    const before = known.config;
    known.config = config;
    if (config.draining && !before.draining) this.#drain(known);
    const registeredAgain = before.draining || before.registeredAt !== config.registeredAt;
    if (!config.draining && registeredAgain) {
      this.#stopChecking(key);
      known.pool.reopen();
      this.#startChecking(known);
    }
  }

  #add(config: TargetConfig): void {
    const { context, counts, balancerCounts } = this;
    const target = new Target(context, config, this.#config.protocol, [counts, balancerCounts], this.#idleTimeoutMs);
    if (this.#targets.size === 0) this.#firstRegisteredAt = config.registeredAt;
    target.skipsSlowStart = config.registeredAt === this.#firstRegisteredAt;
    this.#targets.set(target.key, target);
    if (config.draining) target.pool.drain();
    else this.#startChecking(target);
  }

  #drain(target: Target): void {
    this.#stopChecking(target.key);
    target.slowStartSince = undefined;
    if (this.context.faults.skipDraining) target.pool.cut("it was deregistered and draining is skipped (fault)");
    else target.pool.drain();
  }

  /** Nobody asks for it any more: what it carries ends by itself, with its server, or when it has been silent for the idle timeout. */
  #letFinish(key: string): void {
    const target = this.#targets.get(key);
    if (target) this.#drain(target);
    this.#targets.delete(key);
  }

  #drop(key: string, reason: string): void {
    this.#stopChecking(key);
    this.#targets.get(key)?.pool.cut(reason);
    this.#targets.delete(key);
  }

  #startChecking(target: Target): void {
    const address = { host: target.config.host, port: target.config.connectPort };
    const checker = new HealthChecker(this.context, address, this.#config.healthCheck, (health) =>
      this.#onHealth(target, health),
    );
    this.#checkers.set(target.key, checker);
    checker.start();
  }

  #stopChecking(key: string): void {
    this.#checkers.get(key)?.stop();
    this.#checkers.delete(key);
  }

  #onHealth(target: Target, health: Health): void {
    if (health.state === "healthy" && target.state !== "healthy") this.#beginSlowStart(target);
    if (health.state !== "healthy") target.slowStartSince = undefined;
    target.state = health.state;
    this.refresh();
    this.context.events.emit("health", {
      targetGroupArn: this.arn,
      targetId: target.config.id,
      port: target.config.port,
      ...health,
    });
  }

  /**
   * Only beside a healthy target that is not itself in slow start; targets that one call registers into an empty group skip it all
   * (ALB guide, target groups).
   */
  #beginSlowStart(target: Target): void {
    const skips = target.skipsSlowStart;
    target.skipsSlowStart = false;
    if (skips) return;
    if (numberAttribute(this.#config.attributes, "slow_start.duration_seconds", 0) <= 0) return;
    const othersAreWarm = [...this.#targets.values()].some(
      (other) =>
        other !== target && other.state === "healthy" && !other.config.draining && other.slowStartSince === undefined,
    );
    if (othersAreWarm) target.slowStartSince = this.context.clock.now();
  }

  /** Healthy targets below which the group fails open: a count (default 1), a percentage (default off), or the greater of both. */
  #healthyNeeded(registered: number): number {
    const prefix = "target_group_health.unhealthy_state_routing.minimum_healthy_targets";
    const count = numberAttribute(this.#config.attributes, `${prefix}.count`, 1);
    const percentage = numberAttribute(this.#config.attributes, `${prefix}.percentage`, 0);
    return Math.max(count, (registered * percentage) / 100);
  }
}

function chooserOptions(config: TargetGroupConfig, context: BalancerContext) {
  return {
    algorithm: config.attributes["load_balancing.algorithm.type"] ?? "round_robin",
    slowStartMs: context.clock.toRealMs(numberAttribute(config.attributes, "slow_start.duration_seconds", 0)),
  };
}
