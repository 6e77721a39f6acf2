import { EvenSpread } from "../rules/evenSpread.js";
import type { Target } from "./target.js";

/** How a group picks one of the targets that may get a request. */
export interface TargetChooser {
  /** `targets` is not empty. */
  choose(targets: readonly Target[], now: number): Target;
}

export interface ChooserOptions {
  /** `load_balancing.algorithm.type` */
  readonly algorithm: string;
  /** Real milliseconds over which a new target's share grows; 0 for none. */
  readonly slowStartMs: number;
}

/** The chooser for a group's attributes. */
export function createChooser(options: ChooserOptions): TargetChooser {
  switch (options.algorithm) {
    // Slow start does not go together with least outstanding requests (ALB guide, target groups).
    case "least_outstanding_requests":
      return new LeastOutstanding();
    // "weighted_random" spreads evenly and at random while no target is an anomaly; anomaly detection is not rehearsed.
    case "weighted_random":
      return new SlowStart(new EvenRandom(), options.slowStartMs);
    default:
      return new SlowStart(new RoundRobin(), options.slowStartMs);
  }
}

class RoundRobin implements TargetChooser {
  #next = Math.floor(Math.random() * 1024);

  choose(targets: readonly Target[]): Target {
    this.#next = (this.#next + 1) % targets.length;
    return targets[this.#next] as Target;
  }
}

class EvenRandom implements TargetChooser {
  choose(targets: readonly Target[]): Target {
    return targets[Math.floor(Math.random() * targets.length)] as Target;
  }
}

class LeastOutstanding implements TargetChooser {
  #start = 0;

  choose(targets: readonly Target[]): Target {
    // Starts elsewhere each time, so that equals take turns.
    this.#start = (this.#start + 1) % targets.length;
    let best = targets[this.#start] as Target;
    for (let offset = 1; offset < targets.length; offset++) {
      const target = targets[(this.#start + offset) % targets.length] as Target;
      if (target.inFlight < best.inFlight) best = target;
    }
    return best;
  }
}

/** While any target is in slow start, shares are drawn by weight: a new target's grows linearly to that of the others. */
class SlowStart implements TargetChooser {
  readonly #spread = new EvenSpread();

  constructor(
    private readonly whenAllAreWarm: TargetChooser,
    private readonly durationMs: number,
  ) {}

  choose(targets: readonly Target[], now: number): Target {
    if (this.durationMs <= 0) return this.whenAllAreWarm.choose(targets, now);
    let total = 0;
    let warming = false;
    for (const target of targets) {
      const weight = this.#weight(target, now);
      if (weight < 1) warming = true;
      total += weight;
    }
    if (!warming || total === 0) return this.whenAllAreWarm.choose(targets, now);
    let left = this.#spread.next() * total;
    for (const target of targets) {
      left -= this.#weight(target, now);
      if (left < 0) return target;
    }
    return targets[targets.length - 1] as Target;
  }

  #weight(target: Target, now: number): number {
    if (target.slowStartSince === undefined) return 1;
    const weight = (now - target.slowStartSince) / this.durationMs;
    if (weight < 1) return Math.max(0, weight);
    target.slowStartSince = undefined;
    return 1;
  }
}
