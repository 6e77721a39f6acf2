import type { Logger } from "pino";
import { AwsError } from "../awsError.js";
import type { BalancerConfig, DataPlane } from "../balancer/dataPlane.js";
import type { Clock } from "../clock.js";

/** From so many targets on, building and sending a configuration takes long enough to gather more changes for the next. */
const LARGE = 100;
/** Real milliseconds between the starts of two large ones; AWS takes seconds until a change is everywhere. */
const REST_MS = 25;

/**
 * Keeps the data plane at what load balancing says. Per load balancer one configuration is on its way at a time; all changes
 * that come meanwhile go together in the next.
 */
export class Publisher {
  readonly #dataPlane: DataPlane;
  readonly #clock: Clock;
  readonly #log: Logger;
  /** Builds a load balancer's configuration as it is now; undefined when it is deleted. */
  readonly #build: (loadBalancerArn: string) => BalancerConfig | undefined;
  readonly #next = new Map<string, Promise<void>>();
  readonly #last = new Map<string, Promise<void>>();
  /** When the next large configuration may follow; wall clock milliseconds. */
  readonly #restUntil = new Map<string, number>();
  readonly #closing = new AbortController();

  constructor(deps: {
    dataPlane: DataPlane;
    clock: Clock;
    log: Logger;
    build: (loadBalancerArn: string) => BalancerConfig | undefined;
  }) {
    this.#dataPlane = deps.dataPlane;
    this.#clock = deps.clock;
    this.#log = deps.log;
    this.#build = deps.build;
  }

  /** Resolves once what stands now is in use; a change that the data plane refuses is undone and its sentence answered. */
  async commit(loadBalancerArn: string, undo: () => void): Promise<void> {
    try {
      await this.#publish(loadBalancerArn);
    } catch (error) {
      undo();
      this.publish(loadBalancerArn);
      throw new AwsError("InvalidConfigurationRequest", error instanceof Error ? error.message : String(error));
    }
  }

  /** Publishes without anyone waiting; a refusal is logged. */
  publish(loadBalancerArn: string): void {
    this.#publish(loadBalancerArn).catch((error: unknown) => {
      this.#log.error({ err: error, loadBalancerArn }, "the load balancer's data plane refused its configuration");
    });
  }

  /** Takes the load balancer out of the data plane, after whatever is on its way. */
  async remove(loadBalancerArn: string): Promise<void> {
    await this.#settled(loadBalancerArn);
    this.#restUntil.delete(loadBalancerArn);
    await this.#dataPlane.remove(loadBalancerArn);
  }

  /** Resolves when nothing is on its way any more. */
  async #settled(loadBalancerArn: string): Promise<void> {
    while (this.#last.has(loadBalancerArn)) {
      // Whoever asked for that configuration has its refusal; here only the end matters.
      await this.#last.get(loadBalancerArn)?.catch(() => undefined);
    }
  }

  /** Resolves when nothing is on its way any more; from now on nothing rests. */
  async close(loadBalancerArns: readonly string[]): Promise<void> {
    this.#closing.abort();
    await Promise.all(loadBalancerArns.map((arn) => this.#settled(arn)));
  }

  #publish(arn: string): Promise<void> {
    const waiting = this.#next.get(arn);
    if (waiting) return waiting;
    const before = this.#last.get(arn) ?? Promise.resolve();
    const turn = before
      // The one before has told its own callers if it failed.
      .catch(() => undefined)
      .then(() => this.#rest(arn))
      .then(() => {
        this.#next.delete(arn);
        const config = this.#build(arn);
        if (!config) return;
        const targets = config.targetGroups.reduce((sum, group) => sum + group.targets.length, 0);
        if (targets > LARGE) this.#restUntil.set(arn, this.#clock.now() + REST_MS);
        return this.#dataPlane.apply(config);
      })
      .finally(() => {
        if (this.#last.get(arn) === turn) this.#last.delete(arn);
      });
    this.#next.set(arn, turn);
    this.#last.set(arn, turn);
    return turn;
  }

  #rest(arn: string): Promise<void> | undefined {
    // A wall clock that was set back does not make it longer.
    const ms = Math.min(REST_MS, (this.#restUntil.get(arn) ?? 0) - this.#clock.now());
    if (ms <= 0) return undefined;
    // Ended early only by `close`, and then the configuration goes out at once.
    return this.#clock.sleep((ms / 1000) * this.#clock.speed, this.#closing.signal).catch(() => undefined);
  }
}
