/** Names that Pulumi makes up: the resource's name, a hyphen and seven hexadecimal digits, as the real provider's bridge does. */
import { createHash, randomBytes } from "node:crypto";
import type { Values } from "../protocol/values.js";
import type { CheckFailure } from "./coerce.js";

export interface Autonaming {
  readonly mode: "propose" | "enforce" | "disable";
  readonly proposedName: string;
}

export interface NamingRequest {
  readonly resourceName: string;
  /** Inputs of the last update, with the list of names that were made up then (`__defaults`). */
  readonly olds: Values;
  readonly maxLength: number;
  /** From the engine: the same seed gives the same name. Empty if it gave none. */
  readonly seed: Uint8Array;
  /** The stack's own rule (`pulumi:autonaming`), if it has one. */
  readonly autonaming?: Autonaming;
}

const DIGITS = 7;

/** Adds `name` to inputs that have neither name nor prefix, and notes it under `__defaults`. */
export function autoName(inputs: Values, request: NamingRequest, failures: CheckFailure[]): void {
  if (inputs.name !== undefined || inputs.namePrefix !== undefined) return;
  const { olds, autonaming, resourceName, maxLength } = request;
  const madeUpBefore = !Array.isArray(olds.__defaults) || olds.__defaults.includes("name");
  let name: string;
  if (typeof olds.name === "string" && madeUpBefore) name = olds.name;
  else if (autonaming?.mode === "disable") {
    failures.push({ property: "name", reason: "automatic naming is disabled for this stack: give `name`" });
    return;
  } else if (autonaming) name = autonaming.proposedName;
  else {
    const hash = createHash("sha256").update(request.seed.length > 0 ? request.seed : randomBytes(16));
    name = `${resourceName}-${hash.digest("hex").slice(0, DIGITS)}`;
  }
  if (name.length > maxLength) {
    const reason =
      `the name "${resourceName}-" with ${DIGITS} random characters is ${name.length} characters long, ` +
      `${maxLength} is the limit of AWS. Fix: give a shorter resource name, or \`name\``;
    failures.push({ property: "name", reason });
    return;
  }
  inputs.name = name;
  inputs.__defaults = ["name"];
}

/** A unique name that begins with a prefix, as the real provider makes it in create: sortable by time, `length` characters at most. */
export function prefixedName(prefix: string, length: number): string {
  const unique = Date.now().toString(16).padStart(12, "0") + randomBytes(7).toString("hex");
  return prefix + unique.slice(0, Math.max(0, Math.min(26, length - prefix.length)));
}

/** True if the program itself chose the name: then the old resource must go before its namesake comes. */
export function isNameGiven(inputs: Values): boolean {
  return typeof inputs.name === "string" && !(inputs.__defaults ?? []).includes("name");
}
