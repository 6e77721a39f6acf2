// The golden ratio's fraction is the number hardest to approximate by fractions, so steps of it fill the unit interval most evenly.
const GOLDEN_STEP = (Math.sqrt(5) - 1) / 2;

/**
 * Numbers from 0 to 1 for weighted choices. AWS does not document how ALB draws; a golden ratio sequence keeps every share closer
 * to its weight than chance would (10 % of any 1,000 requests is 98 to 102), and, unlike a fixed rotation, it spreads every
 * periodic part of the traffic just as evenly: with weights 50/50 and a client that alternates reads and writes, a rotation
 * would send all reads to one group.
 */
export class EvenSpread {
  #at: number;

  constructor(start: number = Math.random()) {
    this.#at = start;
  }

  next(): number {
    this.#at += GOLDEN_STEP;
    if (this.#at >= 1) this.#at -= 1;
    return this.#at;
  }
}
