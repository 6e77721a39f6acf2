import { serversFor } from "../../plan/capacity.js";
import type { Course } from "./course.js";
import type { HealthBook } from "./health.js";
import type { ShiftRequest } from "./shiftRequest.js";

/**
 * How many servers carry all users. It is what the fleets with weight have now, not what the program once declared: an autoscaler
 * may have grown them. It only grows while a shift lasts, as the fleets that lose users may shrink meanwhile.
 */
export class Demand {
  /** The fleets that have users when the shift begins. */
  readonly carriers: readonly string[];
  readonly #share: ReadonlyMap<string, number>;
  readonly #gaining: ReadonlySet<string>;
  readonly #together: readonly string[];
  #total = 0;

  constructor(request: ShiftRequest, { present, gaining, strayed }: Course) {
    this.#share = present;
    this.#gaining = new Set(gaining.map((target) => target.targetGroupArn));
    this.carriers = [...present].flatMap(([arn, percent]) => (percent > 0 ? [arn] : []));
    // After an interrupted shift two fleets may stand that each carry everything: those that had users before it count.
    const known = this.carriers.filter((arn) => !strayed || (request.known?.get(arn) ?? 0) > 0);
    this.#together = request.autoscaled ? known : [];
  }

  get total(): number {
    return this.#total;
  }

  /** Takes in a look. */
  observe(book: HealthBook): void {
    const counts = new Map(this.carriers.map((arn) => [arn, book.healthy(arn)]));
    const largest = Math.max(0, ...counts.values());
    this.#total = Math.max(this.#total, largest, this.#sum(counts));
  }

  /**
   * What autoscaled fleets carry together. A gaining one grows for the shift's sake, so it counts at most as its share of what the
   * others carry: else each look, and each attempt after an interruption, would ask for more than the one before.
   */
  #sum(counts: ReadonlyMap<string, number>): number {
    const [own, others] = [true, false].map((gains) =>
      this.#together.filter((arn) => this.#gaining.has(arn) === gains),
    );
    const add = (arns: readonly string[] = [], of: ReadonlyMap<string, number>): number =>
      arns.reduce((sum, arn) => sum + (of.get(arn) ?? 0), 0);
    const [carried, share] = [add(others, counts), add(others, this.#share)];
    const ready = add(own, counts);
    if (carried === 0 || share === 0) return ready;
    return carried + Math.min(ready, Math.ceil((carried * add(own, this.#share)) / share - 1e-9));
  }

  /** The healthy servers that a share needs. */
  need(percent: number): number {
    return serversFor(this.#total, percent);
  }
}
