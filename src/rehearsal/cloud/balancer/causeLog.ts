import type { Logger } from "pino";
import type { Clock } from "../clock.js";

const QUIET_REAL_MS = 10_000;
const KEYS_AT_MOST = 1000;

/** Logs why requests failed without a line per request: each cause at most once in ten seconds, with how often it was seen. */
export class CauseLog {
  readonly #seen = new Map<string, { saidAt: number; unsaid: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  warn(key: string, fields: Readonly<Record<string, unknown>>, message: string): void {
    const now = this.clock.now();
    const entry = this.#seen.get(key);
    if (entry && now - entry.saidAt < QUIET_REAL_MS) {
      entry.unsaid++;
      return;
    }
    if (this.#seen.size >= KEYS_AT_MOST) this.#seen.clear();
    this.#seen.set(key, { saidAt: now, unsaid: 0 });
    this.log.warn({ ...fields, times: (entry?.unsaid ?? 0) + 1 }, message);
  }
}
