/** What the engine's event log told about one operation. */
export interface EngineOutcome {
  /** Of the summary at the end; absent when the engine never came so far. */
  readonly succeeded?: boolean;
  readonly changes: Readonly<Record<string, number>>;
  /** Error messages, in order, each once. */
  readonly errors: readonly string[];
}

/** One line of progress for a person. */
export interface EngineMessage {
  readonly severity: "info" | "warning" | "error";
  readonly text: string;
  readonly ephemeral: boolean;
}

interface LoggedEvent {
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string; readonly ephemeral?: boolean };
  readonly summaryEvent?: { readonly resourceChanges?: Record<string, number>; readonly result?: string };
}

/** Follows the engine's event log (one JSON object in a line; `apitype.EngineEvent` in Pulumi's SDK). */
export class EngineEvents {
  readonly #errors: string[] = [];
  #changes: Record<string, number> = {};
  #succeeded: boolean | undefined;
  #rest = "";

  constructor(readonly onMessage: (message: EngineMessage) => void = () => {}) {}

  get outcome(): EngineOutcome {
    return { succeeded: this.#succeeded, changes: this.#changes, errors: this.#errors };
  }

  /** Takes the next piece of the log; the last line of a piece may be unfinished. */
  add(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.trim() !== "") this.#event(JSON.parse(line) as LoggedEvent);
    }
  }

  #event({ diagnosticEvent, summaryEvent }: LoggedEvent): void {
    if (summaryEvent !== undefined) {
      this.#changes = summaryEvent.resourceChanges ?? {};
      this.#succeeded = summaryEvent.result === undefined ? undefined : summaryEvent.result === "succeeded";
    }
    if (diagnosticEvent === undefined) return;
    const { severity, ephemeral = false } = diagnosticEvent;
    const text = diagnosticEvent.message.trim();
    if (text === "" || (severity !== "info" && severity !== "warning" && severity !== "error")) return;
    if (severity === "error" && !this.#errors.includes(text)) this.#errors.push(text);
    this.onMessage({ severity, text, ephemeral });
  }
}
