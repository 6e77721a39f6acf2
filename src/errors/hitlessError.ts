/** One thing that is wrong: what, why it matters and how to mend it. */
export interface Fault {
  /** Stable code, such as `HIT110`. */
  readonly code: string;
  /** Whom it concerns, such as `RollingFleet "web"`. */
  readonly subject: string;
  /** The value found and the value expected, one sentence. */
  readonly problem: string;
  /** Why it is refused, one sentence; several lines are kept as they are. */
  readonly why: string;
  /** What to change. */
  readonly fix: string;
}

/** The only error that Hitless throws on purpose. It carries every fault that was found, not just the first. */
export class HitlessError extends Error {
  override readonly name = "HitlessError";
  readonly faults: readonly Fault[];
  /** Marks it for Pulumi's runtime as an error that explains itself: it shows the message, and no stack of our code. */
  readonly __pulumiRunError = true;

  constructor(faults: readonly Fault[], options?: ErrorOptions) {
    if (faults.length === 0) throw new RangeError("HitlessError needs at least one fault");
    super(faults.map(formatFault).join("\n"), options);
    this.faults = faults;
  }

  /** The code of each fault, in order. */
  get codes(): readonly string[] {
    return this.faults.map((fault) => fault.code);
  }
}

function formatFault(fault: Fault): string {
  return [
    `${fault.code} ${fault.subject}: ${fault.problem}`,
    `  Why: ${indent(fault.why)}`,
    `  Fix: ${indent(fault.fix)}`,
  ].join("\n");
}

function indent(text: string): string {
  return text.split("\n").join("\n       ");
}
