import * as pulumi from "@pulumi/pulumi";
import { isDeferred } from "../inputs/isDeferred.js";
import { CODES, type ErrorCode } from "./codes.js";
import { type Fault, HitlessError } from "./hitlessError.js";

/** What a check says about a value: the problem and the way out; nothing when the value is fine. */
export interface Finding {
  readonly code: ErrorCode;
  readonly problem: string;
  readonly fix: string;
  /** Overrides the code's general reason. */
  readonly why?: string;
}

/** Makes a fault of a finding. */
export function toFault(subject: string, finding: Finding): Fault {
  return {
    code: finding.code,
    subject,
    problem: finding.problem,
    why: finding.why ?? sentence(CODES[finding.code].why),
    fix: finding.fix,
  };
}

/** One error with one fault. */
export function refusal(subject: string, finding: Finding, options?: ErrorOptions): HitlessError {
  return new HitlessError([toFault(subject, finding)], options);
}

/**
 * Collects what is wrong with a component's arguments, so that a program learns everything at once. Values that are known
 * when the component is made are checked at once; the value of an Output is checked in an apply whose result the children
 * use, so a bad one fails the update before any of them exists.
 */
export class Faults {
  readonly #found: Fault[] = [];

  constructor(readonly subject: string) {}

  add(finding: Finding): void {
    this.#found.push(toFault(this.subject, finding));
  }

  addAll(findings: readonly Finding[]): void {
    for (const finding of findings) this.add(finding);
  }

  /** Checks a value now when it is plain, else when it is known. Hand the result on, not the argument. */
  input<T>(value: pulumi.Input<T>, check: (value: pulumi.Unwrap<T>) => readonly Finding[]): pulumi.Input<T> {
    if (!isDeferred(value)) {
      this.addAll(check(value as pulumi.Unwrap<T>));
      return value;
    }
    const { subject } = this;
    return pulumi.output(value).apply((known) => {
      const findings = check(known);
      if (findings.length > 0) throw new HitlessError(findings.map((finding) => toFault(subject, finding)));
      return known;
    }) as unknown as pulumi.Output<T>;
  }

  throwIfAny(): void {
    if (this.#found.length > 0) throw new HitlessError(this.#found);
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
