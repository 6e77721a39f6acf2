/** Picks a share of many, spread evenly: of a quarter, every fourth. */
export class EvenShare {
  #owed = 0;

  /** @param share from 0, none, to 1, all */
  constructor(private readonly share: number) {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`The share is ${share}, expected 0 to 1.`);
  }

  /** Whether the next one is picked. */
  picks(): boolean {
    this.#owed += this.share;
    // A sum of tenths falls short of 1 by a hair.
    if (this.#owed < 1 - 1e-9) return false;
    this.#owed -= 1;
    return true;
  }
}
