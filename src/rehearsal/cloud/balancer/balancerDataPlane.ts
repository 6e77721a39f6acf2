import { EventEmitter } from "node:events";
import type { Logger } from "pino";
import type { Clock } from "../clock.js";
import { Balancer } from "./balancer.js";
import type { BalancerContext } from "./balancerContext.js";
import type { Listen } from "./client/listen.js";
import type { BalancerConfig, BalancerCounts, DataPlane, DataPlaneFaults, TargetHealthChange } from "./dataPlane.js";

export interface BalancerDataPlaneOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Opens a listening socket without a connection handler; it may belong to another network namespace. */
  readonly listen: Listen;
}

/** Counts are reported every AWS second, but not oftener than this many real seconds. */
const REPORT_AT_LEAST_SECONDS = 0.25;

/** All load balancers of the local cloud. */
export class BalancerDataPlane implements DataPlane {
  readonly events = new EventEmitter<{ health: [TargetHealthChange]; counts: [BalancerCounts[]] }>();
  readonly #context: BalancerContext;
  readonly #listen: Listen;
  readonly #balancers = new Map<string, Balancer>();
  /** Per balancer, the change that comes last: changes of one balancer never overlap. */
  readonly #changes = new Map<string, Promise<void>>();
  readonly #stopReports: () => void;
  #closed = false;

  constructor(options: BalancerDataPlaneOptions) {
    const { clock, log, listen } = options;
    this.#context = { clock, log, events: this.events, faults: {} };
    this.#listen = listen;
    this.#stopReports = clock.every(Math.max(1, REPORT_AT_LEAST_SECONDS * clock.speed), () => this.#report());
  }

  apply(config: BalancerConfig): Promise<void> {
    if (this.#closed) return Promise.reject(new Error("The data plane is closed."));
    return this.#change(config.arn, async () => {
      const balancer = this.#balancers.get(config.arn) ?? new Balancer(this.#context, this.#listen, config.arn);
      await balancer.apply(config);
      this.#balancers.set(config.arn, balancer);
    });
  }

  remove(loadBalancerArn: string): Promise<void> {
    return this.#change(loadBalancerArn, async () => {
      const balancer = this.#balancers.get(loadBalancerArn);
      if (!balancer) return;
      await balancer.close();
      this.#emitCounts(balancer.takeCounts(this.#context.clock.now()));
      this.#balancers.delete(loadBalancerArn);
    });
  }

  async setFaults(faults: DataPlaneFaults): Promise<void> {
    this.#context.faults = { ...faults };
    for (const balancer of this.#balancers.values()) balancer.faultsChanged();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopReports();
    const arns = new Set([...this.#balancers.keys(), ...this.#changes.keys()]);
    await Promise.all([...arns].map((arn) => this.remove(arn)));
  }

  #change(arn: string, work: () => Promise<void>): Promise<void> {
    const before = this.#changes.get(arn) ?? Promise.resolve();
    // A change that failed has told its own caller; the next one starts all the same.
    const change = before.then(work, work);
    this.#changes.set(arn, change);
    const forget = (): void => {
      if (this.#changes.get(arn) === change) this.#changes.delete(arn);
    };
    change.then(forget, forget);
    return change;
  }

  #report(): void {
    const at = this.#context.clock.now();
    const reports: BalancerCounts[] = [];
    for (const balancer of this.#balancers.values()) reports.push(...balancer.takeCounts(at));
    this.#emitCounts(reports);
  }

  #emitCounts(reports: BalancerCounts[]): void {
    if (reports.length > 0) this.events.emit("counts", reports);
  }
}
