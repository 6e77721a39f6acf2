import { CloudRecord } from "../report/record.js";
import { reasonOf } from "./cloudLink.js";
import type { RehearsalCloud } from "./rehearsalCloud.js";

const EVERY_MS = 100;
/** A cloud that does not answer for so long is gone. */
const PATIENCE_MS = 15_000;

/** Looks at the cloud ten times a second for as long as the rehearsal lasts. */
export class CloudWatcher {
  readonly record = new CloudRecord();
  readonly #cloud: RehearsalCloud;
  readonly #onSample: () => void;
  readonly #onLost: (reason: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #silentSince: number | undefined;

  /** @param onLost called once when the cloud does not answer any more */
  constructor(cloud: RehearsalCloud, onSample: () => void, onLost: (reason: string) => void) {
    this.#cloud = cloud;
    this.#onSample = onSample;
    this.#onLost = onLost;
    void this.#look();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const due = Date.now() + EVERY_MS;
    try {
      this.record.add(await this.#cloud.link.snapshot());
      this.#silentSince = undefined;
      if (!this.#stopped) this.#onSample();
    } catch (error) {
      if (this.#stopped) return;
      this.#silentSince ??= Date.now();
      const ended = this.#cloud.ended();
      if (ended !== undefined || Date.now() - this.#silentSince > PATIENCE_MS) {
        this.stop();
        return this.#onLost(
          ended ?? `the cloud at ${this.#cloud.link.url} does not answer any more: ${reasonOf(error)}`,
        );
      }
    }
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#look(), Math.max(0, due - Date.now()));
  }
}
