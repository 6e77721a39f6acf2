import type { Happening } from "../../report/model.js";
import type { CloudRecord } from "../../report/record.js";
import type { Interruption, Moment } from "../../scenario/interventionSchema.js";
import type { EngineRun } from "../engineRun.js";
import { announced, type Hands, intervene } from "./intervene.js";

/** What is known about the update beside which things are to happen. */
export interface Beside {
  readonly run: EngineRun;
  readonly record: CloudRecord;
  readonly startedAt: number;
  /** Runs on every sample of the cloud until the returned function is called. */
  readonly onSample: (look: () => void) => () => void;
}

/** Lets things happen in the middle of an update, each once its moment has come. */
export class Timetable {
  readonly #entries: { readonly entry: Interruption; readonly what: string; doing?: Promise<Happening> }[];
  readonly #hands: Hands;
  readonly #beside: Beside;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #forget: () => void;
  #operations = 0;

  constructor(during: readonly Interruption[], hands: Hands, beside: Beside) {
    this.#hands = hands;
    this.#beside = beside;
    this.#entries = during.map((entry) => ({ entry, what: `${announced(entry)} after ${written(entry.after)}` }));
    for (const { seconds } of during.map(({ after }) => after)) {
      if (seconds !== undefined) this.#timers.push(setTimeout(() => this.#look(), seconds * 1000 + 1));
    }
    beside.run.onOperation((ended) => {
      this.#operations = ended;
      this.#look();
    });
    this.#forget = beside.onSample(() => this.#look());
  }

  /** Lets nothing more happen, waits for what is under way, and tells of everything. */
  async end(): Promise<Happening[]> {
    this.#forget();
    for (const timer of this.#timers) clearTimeout(timer);
    return Promise.all(
      this.#entries.map(
        ({ what, doing }) =>
          doing ?? { what, at: null, done: "", problem: "its moment did not come before the update ended" },
      ),
    );
  }

  #look(): void {
    for (const item of this.#entries) {
      if (item.doing === undefined && this.#isDue(item.entry.after)) item.doing = this.#do(item.entry, item.what);
    }
  }

  #isDue({ seconds, weights, operations }: Moment): boolean {
    const { record, startedAt } = this.#beside;
    if (seconds !== undefined) return Date.now() >= startedAt + seconds * 1000;
    if (operations !== undefined) return this.#operations >= operations;
    return record.weightMoves.filter(({ at }) => at >= startedAt).length >= (weights ?? 0);
  }

  async #do(entry: Interruption, what: string): Promise<Happening> {
    const at = Date.now();
    try {
      return { what, at, done: await intervene(entry, this.#hands), problem: "" };
    } catch (error) {
      return { what, at, done: "", problem: (error as Error).message };
    }
  }
}

function written({ seconds, weights, operations }: Moment): string {
  if (seconds !== undefined) return `${seconds} s`;
  return weights === undefined ? `${operations} operations` : `${weights} weight changes`;
}
