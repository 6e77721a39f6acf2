import type { Target } from "./targetTable.js";

/** One group's targets in the order of their registration, found by id at once: an Auto Scaling group asks for each of a thousand. */
export class GroupTargets {
  readonly #all = new Map<string, Target>();
  readonly #byId = new Map<string, Target[]>();

  all(): Target[] {
    return [...this.#all.values()];
  }

  /** All ports of one id. */
  withId(id: string): readonly Target[] {
    return this.#byId.get(id) ?? [];
  }

  /** @param port any, when absent */
  find(id: string, port?: number): Target | undefined {
    return port === undefined ? this.#byId.get(id)?.[0] : this.#all.get(keyOf(id, port));
  }

  /** Adds a target, in place of one with the same id and port. */
  put(target: Target): void {
    const key = keyOf(target.id, target.port);
    const before = this.#all.get(key);
    this.#all.set(key, target);
    const others = this.withId(target.id).filter((other) => other !== before);
    this.#byId.set(target.id, [...others, target]);
  }

  /** Takes out a target; one that another has replaced is out already. */
  remove(target: Target): void {
    const key = keyOf(target.id, target.port);
    if (this.#all.get(key) !== target) return;
    this.#all.delete(key);
    const others = this.withId(target.id).filter((other) => other !== target);
    if (others.length === 0) this.#byId.delete(target.id);
    else this.#byId.set(target.id, others);
  }
}

const keyOf = (id: string, port: number): string => `${id}:${port}`;
