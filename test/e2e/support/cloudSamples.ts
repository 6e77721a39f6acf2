import { setTimeout as pause } from "node:timers/promises";
import type { CloudSnapshot } from "../../../src/rehearsal/cloud/snapshot.js";
import type { CloudLink } from "../../../src/rehearsal/runner/cloudLink.js";

const EVERY_MS = 25;

/** Looks at the cloud all the time, and hands each picture to whoever watches. */
export class CloudSamples {
  readonly #watchers = new Set<(now: CloudSnapshot) => void>();
  readonly #waiting = new Set<{ resolve: (now: CloudSnapshot) => void; reject: (reason: Error) => void }>();
  #stopped = false;
  #failure: Error | undefined;

  constructor(private readonly link: CloudLink) {
    void this.#look();
  }

  /** @returns forgets the watcher */
  watch(watcher: (now: CloudSnapshot) => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** The next picture. */
  next(): Promise<CloudSnapshot> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#waiting.add({ resolve, reject }));
  }

  /** The first picture from now on that shows it. */
  async until(what: string, shows: (now: CloudSnapshot) => boolean, seconds = 30): Promise<CloudSnapshot> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const now = await this.next();
      if (shows(now)) return now;
      if (Date.now() > deadline) throw new Error(`the cloud did not show within ${seconds} s: ${what}`);
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  async #look(): Promise<void> {
    while (!this.#stopped) {
      try {
        const now = await this.link.snapshot();
        if (this.#stopped) return;
        for (const watcher of this.#watchers) watcher(now);
        const waiting = [...this.#waiting];
        this.#waiting.clear();
        for (const { resolve } of waiting) resolve(now);
      } catch (error) {
        if (this.#stopped) return;
        this.#failure = error as Error;
        for (const { reject } of this.#waiting) reject(this.#failure);
        return;
      }
      await pause(EVERY_MS);
    }
  }
}
