import type { Arrivals } from "./arrivals.js";
import { wallClock } from "./wallClock.js";

/**
 * What was missed during a stall is due at once, but is begun in small parts with the event loop's turn between them. So answers are
 * read while the rest is still being sent, and free their connections for it: begun all at once, each late request would open a
 * connection of its own, which costs several times a request and makes the generator later still.
 */
const LARGEST_BURST = 16;

/**
 * A timer of Node.js waits at least a millisecond, and may be another one late. From this rate on that is the time of several
 * requests, and the event loop turns until the next one is due instead; it then uses a whole core. Below, the core is left to the
 * servers under test, and a request may be begun a millisecond or two late, which counts as latency.
 */
const SPINS_FROM_RATE = 5000;

/** Begins each request at its moment. */
export class Pacer {
  readonly #arrivals: Arrivals;
  readonly #begin: (scheduledAt: number) => void;
  readonly #spins: boolean;
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  #isStopped = false;

  constructor(arrivals: Arrivals, begin: (scheduledAt: number) => void) {
    this.#arrivals = arrivals;
    this.#begin = begin;
    this.#spins = arrivals.rate >= SPINS_FROM_RATE;
    this.#tick();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
  }

  readonly #tick = (): void => {
    for (let begun = 0; begun < LARGEST_BURST && !this.#isStopped; begun++) {
      const at = this.#arrivals.take(wallClock());
      if (at === undefined) break;
      this.#begin(at);
    }
    if (this.#isStopped) return;
    const waitMs = this.#arrivals.nextAt - wallClock();
    if (waitMs <= 0 || (this.#spins && waitMs < 1)) this.#turn = setImmediate(this.#tick);
    else this.#timer = setTimeout(this.#tick, waitMs);
  };
}
