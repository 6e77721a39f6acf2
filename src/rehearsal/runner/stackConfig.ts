import { readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";

type Value = unknown;

/** The rehearsal's stack configuration, in a file of its own outside the user's directory. */
export class StackConfig {
  readonly #values = new Map<string, Value>();

  constructor(
    readonly file: string,
    readonly project: string,
  ) {}

  /** Sets keys; `null` removes one. A key without a colon belongs to the project, as in `pulumi config set`. */
  set(values: Readonly<Record<string, Value>>): void {
    for (const [key, value] of Object.entries(values)) {
      const full = key.includes(":") ? key : `${this.project}:${key}`;
      if (value === null) this.#values.delete(full);
      else this.#values.set(full, value);
    }
    // What Pulumi itself keeps in the file (the salt of the passphrase) stays.
    const before = (parse(readFileSync(this.file, "utf8")) ?? {}) as Record<string, unknown>;
    writeFileSync(this.file, stringify({ ...before, config: Object.fromEntries(this.#values) }));
  }

  get(key: string): Value {
    return this.#values.get(key);
  }
}
