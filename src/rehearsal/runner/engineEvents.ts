/** What the engine's event log told about one operation. */
export interface EngineOutcome {
  /** Of the summary at the end; absent when the engine never came so far. */
  readonly succeeded?: boolean;
  readonly changes: Readonly<Record<string, number>>;
  /** Error messages, in order, each once; violations of mandatory policies among them. */
  readonly errors: readonly string[];
  /** Whether a mandatory policy was violated. */
  readonly violated: boolean;
  /** What was done, or announced by a preview, to resources: each once, in the order in which it was begun. */
  readonly operations: readonly ResourceOperation[];
}

/** One thing that is done to one resource. */
export interface ResourceOperation {
  readonly urn: string;
  /** The engine's word: `create`, `update`, `delete`, `create-replacement` … */
  readonly operation: string;
  readonly state: "begun" | "ended" | "failed";
}

/** These do nothing to a resource. `replace` only says that a create-replacement and a delete-replaced belong together. */
const NO_OPERATION = new Set(["same", "read", "refresh", "replace", "read-replacement", "read-discard"]);

/** The engine's directives for colours (`<{%reset%}>`), which stay in what policies say even without colours. */
const MARKUP = /<\{%.*?%\}>/g;

/** One line of progress for a person. */
export interface EngineMessage {
  readonly severity: "info" | "warning" | "error";
  readonly text: string;
  readonly ephemeral: boolean;
}

interface StepEvent {
  readonly metadata: { readonly op: string; readonly urn: string };
}

interface PolicyEvent {
  readonly resourceUrn?: string;
  readonly message: string;
  readonly policyName: string;
  readonly enforcementLevel: string;
}

interface LoggedEvent {
  readonly policyEvent?: PolicyEvent;
  readonly resourcePreEvent?: StepEvent;
  readonly resOutputsEvent?: StepEvent;
  readonly resOpFailedEvent?: StepEvent;
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string; readonly ephemeral?: boolean };
  readonly summaryEvent?: { readonly resourceChanges?: Record<string, number>; readonly result?: string };
}

/** Follows the engine's event log (one JSON object in a line; `apitype.EngineEvent` in Pulumi's SDK). */
export class EngineEvents {
  readonly #errors: string[] = [];
  readonly #operations = new Map<string, ResourceOperation>();
  #changes: Record<string, number> = {};
  #succeeded: boolean | undefined;
  #violated = false;
  #rest = "";

  /** @param onOperation called when an operation has ended, with how many have by now */
  constructor(
    readonly onMessage: (message: EngineMessage) => void = () => {},
    readonly onOperation: (ended: number) => void = () => {},
  ) {}

  get outcome(): EngineOutcome {
    return {
      succeeded: this.#succeeded,
      changes: this.#changes,
      errors: this.#errors,
      violated: this.#violated,
      operations: [...this.#operations.values()],
    };
  }

  /** Takes the next piece of the log; the last line of a piece may be unfinished. */
  add(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.trim() !== "") this.#event(JSON.parse(line) as LoggedEvent);
    }
  }

  #event(event: LoggedEvent): void {
    const { diagnosticEvent, policyEvent, summaryEvent } = event;
    if (event.resourcePreEvent !== undefined) this.#operation(event.resourcePreEvent, "begun");
    if (event.resOutputsEvent !== undefined) this.#operation(event.resOutputsEvent, "ended");
    if (event.resOpFailedEvent !== undefined) this.#operation(event.resOpFailedEvent, "failed");
    if (summaryEvent !== undefined) {
      this.#changes = summaryEvent.resourceChanges ?? {};
      this.#succeeded = summaryEvent.result === undefined ? undefined : summaryEvent.result === "succeeded";
    }
    if (policyEvent !== undefined) this.#judged(policyEvent);
    if (diagnosticEvent === undefined) return;
    const { severity, ephemeral = false } = diagnosticEvent;
    const text = diagnosticEvent.message.trim();
    if (text === "" || (severity !== "info" && severity !== "warning" && severity !== "error")) return;
    this.#tell({ severity, text, ephemeral });
  }

  #judged({ resourceUrn, message, policyName, enforcementLevel }: PolicyEvent): void {
    const mandatory = enforcementLevel === "mandatory";
    this.#violated ||= mandatory;
    const resource = resourceUrn === undefined ? "" : ` (${resourceUrn.slice(resourceUrn.lastIndexOf("::") + 2)})`;
    const text = `[${enforcementLevel}] ${policyName}${resource}: ${message.replace(MARKUP, "").trim()}`;
    this.#tell({ severity: mandatory ? "error" : "warning", text, ephemeral: false });
  }

  #tell(message: EngineMessage): void {
    if (message.severity === "error" && !this.#errors.includes(message.text)) this.#errors.push(message.text);
    this.onMessage(message);
  }

  #operation({ metadata: { op, urn } }: StepEvent, state: ResourceOperation["state"]): void {
    if (NO_OPERATION.has(op)) return;
    const key = `${op} ${urn}`;
    const before = this.#operations.get(key)?.state;
    // A component ends again when it registers its outputs.
    if (before !== undefined && before !== "begun") return;
    this.#operations.set(key, { urn, operation: op, state });
    if (state !== "begun") this.onOperation(endedOf(this.outcome.operations));
  }
}

/** How many operations have ended, well or badly. */
export function endedOf(operations: readonly ResourceOperation[]): number {
  return operations.filter(({ state }) => state !== "begun").length;
}
