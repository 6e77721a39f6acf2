import type { Logger } from "pino";

interface Closer {
  readonly what: string;
  readonly close: () => Promise<void>;
  readonly deadlineMs: number;
}

/** What has to be taken down again, newest first. Nothing in it can hang or keep the rest from being taken down. */
export class Teardown {
  readonly #closers: Closer[] = [];

  constructor(readonly log: Logger) {}

  add(what: string, close: () => Promise<void>, deadlineMs = 15_000): void {
    this.#closers.push({ what, close, deadlineMs });
  }

  /** Takes everything down; answers what did not go well, one sentence each. */
  async run(): Promise<string[]> {
    const trouble: string[] = [];
    for (let closer = this.#closers.pop(); closer !== undefined; closer = this.#closers.pop()) {
      const { what, close, deadlineMs } = closer;
      try {
        await within(deadlineMs, close());
      } catch (error) {
        trouble.push(`${what} could not be taken down: ${(error as Error).message}`);
        this.log.error({ error, what }, "could not be taken down");
      }
    }
    return trouble;
  }
}

/** Rejects when the promise takes longer than `ms`. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${ms / 1000} s`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
