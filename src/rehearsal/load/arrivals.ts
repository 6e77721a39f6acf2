/**
 * The moments at which requests are due. Each is computed from the start, not from the request before it, so that a late timer
 * never shifts the rest: what was missed during a stall is due at once, with its own scheduled moment.
 */
export class Arrivals {
  #next = 0;

  /**
   * @param startMs moment of the first arrival
   * @param rate arrivals per second, greater than 0
   */
  constructor(
    readonly startMs: number,
    readonly rate: number,
  ) {
    if (!Number.isFinite(rate) || rate <= 0) throw new RangeError(`rate is ${rate}, expected a number greater than 0`);
  }

  get taken(): number {
    return this.#next;
  }

  get nextAt(): number {
    return this.startMs + (this.#next * 1000) / this.rate;
  }

  /** Takes the next arrival if it is due at `nowMs`; answers its scheduled moment. */
  take(nowMs: number): number | undefined {
    const at = this.nextAt;
    if (at > nowMs) return undefined;
    this.#next++;
    return at;
  }
}
