import type { Edit, Model, Wanted } from "./edit.js";
import type { Random } from "./random.js";

interface Shared {
  readonly version: string;
  readonly weight: number;
}

interface State {
  readonly stable: string;
  readonly canary?: Shared | undefined;
  readonly other?: Shared | undefined;
  readonly previous?: string | undefined;
  readonly servers: number;
  /** The canary never gets healthy: the next edit takes it out. */
  readonly broken?: boolean | undefined;
}

const WEIGHTS = [0, 10, 33.3, 50];
const OTHER_WEIGHTS = [0, 5, 20];

/** A `CanaryRelease` and its legal edits; without steps, so that every weight is legal. */
export class CanaryModel implements Model {
  #state: State = { stable: "v0", servers: 2 };
  #releases = 0;

  config(): Record<string, unknown> {
    const { stable, canary, other, previous, servers, broken } = this.#state;
    return {
      stable,
      servers,
      ...(canary ? { canary: canary.version, weight: canary.weight } : {}),
      ...(other ? { others: { [other.version]: other.weight } } : {}),
      ...(previous !== undefined ? { previous } : {}),
      ...(canary && broken ? { behaviour: { [canary.version]: { health: "never" } } } : {}),
    };
  }

  wanted(): Wanted {
    const { stable, canary, other, previous, servers, broken } = this.#state;
    const beside = [broken ? undefined : canary, other].filter((each) => each !== undefined);
    const left = Math.round(1000 - beside.reduce((sum, { weight }) => sum + weight * 10, 0)) / 10;
    const shares = { [stable]: left, ...Object.fromEntries(beside.map(({ version, weight }) => [version, weight])) };
    return {
      shares: Object.fromEntries(Object.entries(shares).filter(([, percent]) => percent > 0)),
      servers: {
        [stable]: servers,
        ...(previous !== undefined ? { [previous]: servers } : {}),
        ...Object.fromEntries(beside.map(({ version, weight }) => [version, matched(servers, weight)])),
      },
      good: [stable, ...beside.map(({ version }) => version)],
      size: servers,
    };
  }

  next(random: Random): Edit {
    const { stable, canary, other, previous, servers, broken } = this.#state;
    const without = { ...this.#state, canary: undefined, broken: undefined };
    if (broken) return this.#take(`abort ${canary?.version}`, without, [stable]);
    const weight = random.pick(WEIGHTS.filter((each) => each !== canary?.weight));
    const edits: (() => Edit)[] = [
      () => {
        const version = this.#release();
        const instead = canary ? ` instead of ${canary.version}` : "";
        return this.#take(
          `canary ${version} at ${weight} %${instead}`,
          { ...this.#state, canary: { version, weight } },
          [stable],
        );
      },
      () => {
        const size = random.pick([1, 2, 3].filter((each) => each !== servers));
        return this.#take(`scale to ${size}`, { ...this.#state, servers: size }, []);
      },
      () =>
        other
          ? this.#take(`take ${other.version} out`, { ...this.#state, other: undefined }, [stable])
          : this.#addOther(random),
    ];
    if (canary) {
      const { version } = canary;
      edits.push(
        () => this.#take(`weight of ${version} ${weight} %`, { ...this.#state, canary: { version, weight } }, [stable]),
        () => this.#take(`abort ${version}`, without, [stable]),
        () => this.#take(`promote ${version}`, { ...without, stable: version, previous: undefined }, [version]),
        () =>
          this.#take(`promote ${version}, keep ${stable}`, { ...without, stable: version, previous: stable }, [
            version,
            stable,
          ]),
      );
    } else {
      edits.push(() => {
        const version = this.#release();
        const state = { ...this.#state, canary: { version, weight: random.pick([10, 50]) }, broken: true };
        return { ...this.#take(`canary ${version}, which never gets healthy`, state, [stable]), refused: /HIT344/ };
      });
    }
    if (previous !== undefined) {
      edits.push(
        () => this.#take(`roll back to ${previous}`, { ...without, stable: previous, previous: undefined }, [previous]),
        () =>
          this.#take(`roll back to ${previous}, keep ${stable}`, { ...without, stable: previous, previous: stable }, [
            previous,
            stable,
          ]),
        () => this.#take(`${previous} goes`, { ...this.#state, previous: undefined }, [stable]),
      );
    }
    return random.pick(edits)();
  }

  #addOther(random: Random): Edit {
    const other = { version: this.#release(), weight: random.pick(OTHER_WEIGHTS) };
    return this.#take(`${other.version} beside them at ${other.weight} %`, { ...this.#state, other }, [
      this.#state.stable,
    ]);
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

/** As many servers as a weight needs, rounded up, at least one (CanaryCapacity.Matched). */
function matched(servers: number, weight: number): number {
  return Math.max(1, Math.ceil((servers * weight) / 100 - 1e-9));
}
