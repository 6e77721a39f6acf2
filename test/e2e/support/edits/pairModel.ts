import type { Edit, Model, Wanted } from "./edit.js";
import type { Random } from "./random.js";

type Side = "blue" | "green";

interface State {
  readonly live: Side;
  readonly blue: string;
  readonly green: string;
  readonly idle: "warm" | "cold";
  readonly sticky: boolean;
  readonly servers: number;
  /** A release on the idle side that never gets healthy: the next edit takes it back. */
  readonly broken?: { readonly version: string; readonly before: string };
}

/** A `BlueGreenPair` and its legal edits. */
export class PairModel implements Model {
  #state: State = { live: "blue", blue: "v0", green: "v00", idle: "warm", sticky: false, servers: 2 };
  #releases = 0;

  config(): Record<string, unknown> {
    const { live, blue, green, idle, sticky, servers, broken } = this.#state;
    return {
      live,
      blue,
      green,
      idle,
      servers,
      ...(sticky ? { stickiness: { seconds: 20 } } : {}),
      ...(broken ? { behaviour: { [broken.version]: { health: "never" } } } : {}),
    };
  }

  wanted(): Wanted {
    const { live, servers, idle, broken } = this.#state;
    const [version, other] = [this.#state[live], broken?.before ?? this.#state[otherThan(live)]];
    const warm = idle === "warm" ? { [other]: servers } : {};
    return { shares: { [version]: 100 }, servers: { ...warm, [version]: servers }, good: [version], size: servers };
  }

  next(random: Random): Edit {
    const { live, idle, servers, broken } = this.#state;
    const side = otherThan(live);
    const [here, there] = [this.#state[live], this.#state[side]];
    if (broken) {
      const { broken: _, ...rest } = this.#state;
      return this.#take(`take ${broken.version} back`, { ...rest, [side]: broken.before }, [here]);
    }
    const version = `v${this.#releases + 1}`;
    const edits: (() => Edit)[] = [
      () => this.#take(`deploy ${this.#release()} to ${side}`, { ...this.#state, [side]: version }, [here]),
      () =>
        this.#take(
          `deploy ${this.#release()} to ${side} and switch`,
          { ...this.#state, [side]: version, live: side },
          [],
        ),
      () => this.#take(`switch to ${side}`, { ...this.#state, live: side }, idle === "warm" ? [here, there] : []),
      () => {
        const size = random.pick([1, 2, 3].filter((each) => each !== servers));
        return this.#take(`scale to ${size}`, { ...this.#state, servers: size }, []);
      },
      () => {
        const next = idle === "warm" ? "cold" : "warm";
        return this.#take(`${side} gets ${next}`, { ...this.#state, idle: next }, [here]);
      },
      () => {
        const sticky = !this.#state.sticky;
        return this.#take(`stickiness ${sticky ? "on" : "off"}`, { ...this.#state, sticky }, [here]);
      },
    ];
    if (idle === "warm") {
      edits.push(() => ({
        ...this.#take(
          `deploy ${this.#release()} to ${side}, which never gets healthy`,
          { ...this.#state, [side]: version, broken: { version, before: there } },
          [here],
        ),
        refused: /HIT310/,
      }));
    }
    return random.pick(edits)();
  }

  #release(): string {
    this.#releases++;
    return `v${this.#releases}`;
  }

  #take(what: string, state: State, keeps: readonly string[]): Edit {
    this.#state = state;
    return { what, config: this.config(), keeps };
  }
}

function otherThan(side: Side): Side {
  return side === "blue" ? "green" : "blue";
}
