/** Waiting for AWS: with progress that the user sees, with a deadline, and never past a cancelled update. */
import { setTimeout as sleep } from "node:timers/promises";

export interface Observation<T> {
  /** Set once the wait is over. */
  readonly done?: T;
  /** What is seen now, in a few words: `5 of 6 instances in service`. */
  readonly progress: string;
}

export interface Wait<T> {
  /** What is waited for, as in "waited 600 s for …". */
  readonly what: string;
  readonly deadlineSeconds: number;
  /** AWS seconds between two looks. */
  readonly everySeconds: number;
  readonly observe: () => Promise<Observation<T>>;
}

/** A deadline that passed; the message says what was seen last. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/** However fast the cloud's clock runs, starting a process takes real time: a deadline is never cut below this, in milliseconds. */
const LEAST_DEADLINE_MS = 20_000;

export class Waiter {
  /**
   * @param speed how many AWS seconds pass in one real second (`HITLESS_SPEED`)
   * @param signal aborted when the engine cancels
   * @param report takes the progress
   */
  constructor(
    private readonly speed: number,
    private readonly signal: AbortSignal,
    private readonly report: (progress: string) => void,
  ) {}

  /** Looks until the observation is done, and gives what it yields. */
  async until<T>(wait: Wait<T>): Promise<T> {
    const fullMs = wait.deadlineSeconds * 1000;
    const deadline = Date.now() + Math.max(fullMs / this.speed, Math.min(fullMs, LEAST_DEADLINE_MS));
    const pauseMs = Math.max(20, (wait.everySeconds * 1000) / this.speed);
    let shown = "";
    for (;;) {
      this.signal.throwIfAborted();
      const { done, progress } = await wait.observe();
      if (done !== undefined) return done;
      if (progress !== shown) this.report(progress);
      shown = progress;
      if (Date.now() + pauseMs > deadline) {
        throw new DeadlineError(`waited ${wait.deadlineSeconds} s for ${wait.what}; seen last: ${progress}`);
      }
      await sleep(pauseMs, undefined, { signal: this.signal }).catch((error: unknown) => {
        // The timer only says that it was aborted, the signal says why.
        throw this.signal.aborted ? this.signal.reason : error;
      });
    }
  }
}

/** `HITLESS_SPEED`: 1 if unset. */
export function speedFrom(environment: NodeJS.ProcessEnv): number {
  const given = environment.HITLESS_SPEED;
  if (given === undefined || given === "") return 1;
  const speed = Number(given);
  if (!Number.isFinite(speed) || speed <= 0) {
    throw new Error(`HITLESS_SPEED is "${given}", expected a number greater than 0`);
  }
  return speed;
}
