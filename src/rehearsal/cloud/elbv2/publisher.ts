import type { Logger } from "pino";
import { AwsError } from "../awsError.js";
import type { BalancerConfig, DataPlane } from "../balancer/dataPlane.js";

/**
 * Keeps the data plane at what load balancing says. Per load balancer one configuration is on its way at a time; all changes
 * that come meanwhile go together in the next.
 */
export class Publisher {
  readonly #dataPlane: DataPlane;
  readonly #log: Logger;
  /** Builds a load balancer's configuration as it is now; undefined when it is deleted. */
  readonly #build: (loadBalancerArn: string) => BalancerConfig | undefined;
  readonly #next = new Map<string, Promise<void>>();
  readonly #last = new Map<string, Promise<void>>();

  constructor(deps: {
    dataPlane: DataPlane;
    log: Logger;
    build: (loadBalancerArn: string) => BalancerConfig | undefined;
  }) {
    this.#dataPlane = deps.dataPlane;
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
    await this.settled(loadBalancerArn);
    await this.#dataPlane.remove(loadBalancerArn);
  }

  /** Resolves when nothing is on its way any more. */
  async settled(loadBalancerArn: string): Promise<void> {
    while (this.#last.has(loadBalancerArn)) {
      // Whoever asked for that configuration has its refusal; here only the end matters.
      await this.#last.get(loadBalancerArn)?.catch(() => undefined);
    }
  }

  #publish(arn: string): Promise<void> {
    const waiting = this.#next.get(arn);
    if (waiting) return waiting;
    const before = this.#last.get(arn) ?? Promise.resolve();
    const turn = before
      // The one before has told its own callers if it failed.
      .catch(() => undefined)
      .then(() => {
        this.#next.delete(arn);
        const config = this.#build(arn);
        return config ? this.#dataPlane.apply(config) : undefined;
      })
      .finally(() => {
        if (this.#last.get(arn) === turn) this.#last.delete(arn);
      });
    this.#next.set(arn, turn);
    this.#last.set(arn, turn);
    return turn;
  }
}
