type Callback = (error: Error | null, response: unknown) => void;

/** The part of Pulumi's mock monitor that tells when a component is complete. */
export interface Monitor {
  registerResourceOutputs(request: unknown, callback: Callback): void;
}

/** Far longer than a program under mocks takes: who waits this long waits for ever. */
const DEADLINE_MS = 30_000;

/** Counts components from their beginning to their outputs, which a component registers last. */
export class Completion {
  #begun = 0;
  #open = 0;
  #waiting: (() => void)[] = [];

  watch(monitor: Monitor): void {
    const register = monitor.registerResourceOutputs.bind(monitor);
    monitor.registerResourceOutputs = (request, callback) => {
      register(request, callback);
      this.#open -= 1;
      this.#settle();
    };
  }

  begun(): void {
    this.#begun += 1;
    this.#open += 1;
  }

  reached(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () =>
          reject(
            new Error(`${this.#open} of ${this.#begun} components are not complete after ${DEADLINE_MS / 1000} s`),
          ),
        DEADLINE_MS,
      );
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
      this.#settle();
    });
  }

  /** Registrations are asynchronous, so one that has just been asked for shows up only after a turn of the event loop. */
  #settle(): void {
    setImmediate(() => {
      if (this.#begun === 0 || this.#open > 0) return;
      for (const resolve of this.#waiting.splice(0)) resolve();
    });
  }
}
