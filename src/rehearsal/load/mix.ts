/** Takes turns by share, spread as evenly as the shares allow: 90/5/5 never sends five of the rare ones in a row. */
export class Mix {
  readonly #shares: readonly number[];
  readonly #credit: number[];
  readonly #total: number;

  /** @param shares relative shares; at least one greater than 0 */
  constructor(shares: readonly number[]) {
    this.#shares = shares;
    this.#credit = shares.map(() => 0);
    this.#total = shares.reduce((sum, share) => sum + share, 0);
    if (!(this.#total > 0) || shares.some((share) => share < 0)) {
      throw new RangeError(`shares are ${shares.join(", ")}, expected numbers of at least 0 with a sum above 0`);
    }
  }

  /** Index of the entry whose turn it is (smooth weighted round robin, as nginx does it). */
  next(): number {
    let best = 0;
    this.#shares.forEach((share, index) => {
      this.#credit[index] = (this.#credit[index] ?? 0) + share;
      if ((this.#credit[index] ?? 0) > (this.#credit[best] ?? 0)) best = index;
    });
    this.#credit[best] = (this.#credit[best] ?? 0) - this.#total;
    return best;
  }
}
