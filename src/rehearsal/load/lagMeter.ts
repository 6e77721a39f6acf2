import { wallClock } from "./wallClock.js";

const PERIOD_MS = 20;
const KEPT = 15_000; // five minutes: longer than any request may take

/** Watches how long the generator's own event loop stood still, so that a starved request can be told from a lost one. */
export class LagMeter {
  readonly #stalls: { at: number; lagMs: number }[] = [];
  #expected = 0;
  #timer: NodeJS.Timeout | undefined;

  start(): void {
    this.#expected = wallClock() + PERIOD_MS;
    this.#timer = setInterval(() => {
      const now = wallClock();
      this.note(now, now - this.#expected);
      this.#expected = now + PERIOD_MS;
    }, PERIOD_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  note(at: number, lagMs: number): void {
    // Timers are a millisecond or two late on an idle machine as well.
    if (lagMs < 5) return;
    this.#stalls.push({ at, lagMs });
    if (this.#stalls.length > KEPT) this.#stalls.splice(0, KEPT / 2);
  }

  /** The longest stall that ended in the span. */
  longest(from: number, to: number): number {
    let longest = 0;
    for (let index = this.#stalls.length - 1; index >= 0; index--) {
      const stall = this.#stalls[index];
      if (stall === undefined || stall.at < from) break;
      if (stall.at - stall.lagMs <= to) longest = Math.max(longest, stall.lagMs);
    }
    // A stall that has not ended yet: the timer is overdue right now.
    const overdue = this.#timer === undefined ? 0 : Math.min(wallClock(), to) - this.#expected;
    return Math.max(longest, overdue, 0);
  }
}
