/** Everything of a whole that must be ended, in the order in which it was started. */
export class Closers {
  readonly #closers: [what: string, close: () => Promise<void>][] = [];

  /** @param whole what an error calls it */
  constructor(private readonly whole: string) {}

  add(what: string, close: () => Promise<void>): void {
    this.#closers.push([what, close]);
  }

  /** Ends the newest first, each one whether or not another failed; then says what failed. */
  async close(): Promise<void> {
    const failures: string[] = [];
    for (const [what, close] of this.#closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (failures.length > 0) throw new Error(`${this.whole} did not stop cleanly. ${failures.join("; ")}`);
  }
}
