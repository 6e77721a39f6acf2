import type { Logger } from "pino";

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Brings named things into order, each one at a time: what is asked for while it is worked on is done once more afterwards, and what
 * fails is tried again, at growing intervals.
 */
export class WorkQueue {
  readonly #running = new Map<string, Promise<void>>();
  readonly #again = new Set<string>();
  readonly #later = new Map<string, () => void>();
  readonly #failures = new Map<string, number>();
  #closed = false;

  /** @param work is idempotent: it looks at what is, and does what is missing */
  constructor(
    private readonly what: string,
    private readonly log: Logger,
    private readonly work: (key: string) => Promise<void>,
  ) {}

  add(key: string): void {
    if (this.#closed) return;
    this.#later.get(key)?.();
    if (this.#running.has(key)) {
      this.#again.add(key);
      return;
    }
    const run = this.#run(key).finally(() => {
      this.#running.delete(key);
      if (this.#again.delete(key)) this.add(key);
    });
    this.#running.set(key, run);
  }

  /** Asks again after a while, unless it is asked for earlier. @param cancelable starts the wait and answers how to end it */
  addLater(key: string, cancelable: (act: () => void) => () => void): void {
    if (this.#closed) return;
    this.#later.get(key)?.();
    const cancel = cancelable(() => {
      this.#later.delete(key);
      this.add(key);
    });
    this.#later.set(key, () => {
      cancel();
      this.#later.delete(key);
    });
  }

  /** Nothing more is begun; resolves when what is being done is done. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of [...this.#later.values()]) cancel();
    await Promise.all(this.#running.values());
  }

  async #run(key: string): Promise<void> {
    try {
      // Changes come in bursts: all of one turn are handled together.
      await Promise.resolve();
      await this.work(key);
      this.#failures.delete(key);
    } catch (error) {
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
      if (this.#closed) return;
      this.log.warn(
        { err: error, failures, retryMs: pause },
        `${this.what} ${key} could not be brought into order; tried again`,
      );
      this.addLater(key, (act) => {
        const timer = setTimeout(act, pause);
        return () => clearTimeout(timer);
      });
    }
  }
}
