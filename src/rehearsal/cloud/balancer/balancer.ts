import type { BalancerContext } from "./balancerContext.js";
import { CauseLog } from "./causeLog.js";
import { type Listen, openListener } from "./client/listen.js";
import { ListenerServer } from "./client/listenerServer.js";
import { Router } from "./client/router.js";
import { type Certificate, createSelfSigned } from "./client/selfSigned.js";
import { Counts } from "./counts.js";
import type { BalancerConfig, BalancerCounts } from "./dataPlane.js";
import { RuleMatcher } from "./rules/ruleMatcher.js";
import { readHeaderPolicy, readSettings } from "./settings.js";
import { TargetGroup } from "./targets/targetGroup.js";

/** Requests in flight get this long, in real seconds, when their listener or balancer is removed; AWS gives no number. */
const CLOSE_GRACE_SECONDS = 10;

interface OpenListener {
  readonly server: ListenerServer;
  readonly router: Router;
}

interface PendingRules {
  readonly cancel: () => void;
  readonly activate: () => void;
}

/** One load balancer at work. */
export class Balancer {
  readonly #counts = new Counts();
  readonly #causes: CauseLog;
  readonly #groups = new Map<string, TargetGroup>();
  /** By port: a listener that is replaced by another on the same port keeps its socket. */
  readonly #listeners = new Map<number, OpenListener>();
  readonly #ending = new Set<Promise<void>>();
  #pending: PendingRules[] = [];
  #certificate: Certificate | undefined;
  #config: BalancerConfig | undefined;
  #address: string | undefined;

  constructor(
    private readonly context: BalancerContext,
    private readonly listen: Listen,
    readonly arn: string,
  ) {
    this.#causes = new CauseLog(context.clock, context.log);
  }

  /** Brings everything to `config`. Nothing is changed when it cannot be read or a port cannot be had. */
  async apply(config: BalancerConfig): Promise<void> {
    const groups = new Map(this.#groups);
    for (const group of config.targetGroups) {
      if (!groups.has(group.arn)) groups.set(group.arn, new TargetGroup(this.context, this.#counts, group));
      else TargetGroup.check(group, this.context.clock);
    }
    const matchers = new Map(
      config.listeners.map((listener) => [listener.port, new RuleMatcher(listener, groups, this.context.clock)]),
    );
    if (matchers.size < config.listeners.length) {
      throw new Error(`Load balancer "${config.name}" has two listeners on one port.`);
    }
    const moved = this.#address !== undefined && this.#address !== config.address;
    if (moved) this.#endListeners([...this.#listeners.keys()]);
    const opened = await this.#open(config);

    for (const [arn, group] of groups) this.#groups.set(arn, group);
    const settings = readSettings(config.attributes, this.context.clock);
    for (const group of config.targetGroups) this.#groups.get(group.arn)?.update(group, settings.idleTimeoutMs);
    for (const listener of config.listeners) {
      const policy = readHeaderPolicy(config.attributes, listener);
      const matcher = matchers.get(listener.port) as RuleMatcher;
      const certificate = listener.protocol === "HTTPS" ? (listener.certificate ?? this.#certify(config)) : undefined;
      const known = this.#listeners.get(listener.port);
      if (known) {
        known.server.setCertificate(certificate);
        known.router.settings = settings;
        known.router.headerPolicy = policy;
        known.server.setIdleTimeout(settings.idleTimeoutMs);
        continue;
      }
      const router = new Router(this.context, this.#counts, this.#causes, settings, matcher, policy);
      const socket = opened.get(listener.port);
      if (!socket) throw new Error(`Port ${listener.port} was not opened.`);
      const server = new ListenerServer(this.context, this.#counts, socket, router, settings.idleTimeoutMs);
      server.setCertificate(certificate);
      this.#listeners.set(listener.port, { server, router });
    }
    const wanted = new Set(config.listeners.map((listener) => listener.port));
    this.#endListeners([...this.#listeners.keys()].filter((port) => !wanted.has(port)));
    const before = this.#config;
    this.#config = config;
    this.#address = config.address;
    this.#useRules(before, matchers);
  }

  /** Faults changed: choices are worked out anew, and rules that wait for their propagation are used at once if it has been lifted. */
  faultsChanged(): void {
    for (const group of this.#groups.values()) group.refresh();
    if (!this.context.faults.propagationSeconds) this.#settle();
  }

  /** Stops serving: idle connections end now, requests in flight within a grace time. */
  async close(): Promise<void> {
    for (const pending of this.#pending.splice(0)) pending.cancel();
    this.#endListeners([...this.#listeners.keys()]);
    await Promise.all(this.#ending);
    for (const group of this.#groups.values()) group.close("the load balancer was removed");
    this.#groups.clear();
  }

  /** What happened since the last call. */
  takeCounts(at: number): BalancerCounts[] {
    const reports: BalancerCounts[] = [];
    let connections = 0;
    for (const { server } of this.#listeners.values()) connections += server.connections;
    for (const [targetGroupArn, group] of this.#groups) {
      connections += group.connections;
      const tally = group.counts.take();
      if (!tally) continue;
      reports.push({ loadBalancerArn: this.arn, targetGroupArn, at, activeConnections: group.connections, ...tally });
    }
    const tally = this.#counts.take();
    if (tally) reports.unshift({ loadBalancerArn: this.arn, at, activeConnections: connections, ...tally });
    return reports;
  }

  #certify(config: BalancerConfig): Certificate {
    if (!this.#certificate) {
      this.context.log.info(
        { loadBalancer: config.name },
        "HTTPS listeners serve a certificate made for the rehearsal; let clients trust it or not verify",
      );
      this.#certificate = createSelfSigned(config.address);
    }
    return this.#certificate;
  }

  /** Opens the ports that are new, all or none. */
  async #open(config: BalancerConfig) {
    const opened = new Map<number, Awaited<ReturnType<Listen>>>();
    try {
      for (const { port } of config.listeners) {
        if (this.#listeners.has(port) || opened.has(port)) continue;
        opened.set(port, await openListener(this.listen, config.name, config.address, port));
      }
    } catch (error) {
      for (const server of opened.values()) server.close();
      throw error;
    }
    return opened;
  }

  #endListeners(ports: readonly number[]): void {
    for (const port of ports) {
      const listener = this.#listeners.get(port);
      if (!listener) continue;
      this.#listeners.delete(port);
      listener.router.closing = true;
      const end = listener.server.close(CLOSE_GRACE_SECONDS).finally(() => this.#ending.delete(end));
      this.#ending.add(end);
    }
  }

  /** Lets changed rules take effect: at once, or after the propagation time of the fault. */
  #useRules(before: BalancerConfig | undefined, matchers: ReadonlyMap<number, RuleMatcher>): void {
    const changed = JSON.stringify(before?.listeners) !== JSON.stringify(this.#config?.listeners);
    const activate = (): void => {
      for (const [port, matcher] of matchers) {
        const listener = this.#listeners.get(port);
        if (listener) listener.router.matcher = matcher;
      }
    };
    const delay = this.context.faults.propagationSeconds ?? 0;
    if (!changed) {
      if (this.#pending.length === 0) this.#closeUnusedGroups();
      return;
    }
    if (delay <= 0 || before === undefined) {
      this.#settle();
      activate();
      this.#closeUnusedGroups();
      return;
    }
    const pending: PendingRules = {
      activate,
      cancel: this.context.clock.after(delay, () => {
        this.#pending = this.#pending.filter((other) => other !== pending);
        activate();
        if (this.#pending.length === 0) this.#closeUnusedGroups();
      }),
    };
    this.#pending.push(pending);
  }

  /** Uses what waits for its propagation now. */
  #settle(): void {
    for (const pending of this.#pending.splice(0)) {
      pending.cancel();
      pending.activate();
    }
    this.#closeUnusedGroups();
  }

  #closeUnusedGroups(): void {
    const used = new Set(this.#config?.targetGroups.map((group) => group.arn));
    for (const [arn, group] of this.#groups) {
      if (used.has(arn)) continue;
      group.retire();
      this.#groups.delete(arn);
    }
  }
}
