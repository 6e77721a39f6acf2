/** Names that Pulumi makes up for objects: the resource's name, a hyphen and eight hexadecimal digits, marked by an annotation. */
import { createHash, randomBytes } from "node:crypto";
import { isRecord, isUnknown, type Values } from "../../protocol/values.js";
import type { CheckFailure } from "../../schema/coerce.js";
import type { Autonaming } from "../../schema/naming.js";
import { AUTONAMED, isSet } from "./annotations.js";
import { put } from "./tree.js";

const DIGITS = 8;

export interface Naming {
  readonly resourceName: string;
  /** Inputs of the last update, if there was one. */
  readonly olds: Values;
  /** From the engine: the same seed gives the same name. */
  readonly seed: Uint8Array;
  readonly autonaming?: Autonaming;
}

/** True if Pulumi made the name up: a replacement then gets another one, and needs no deletion first. */
export function isAutonamed(inputs: Values): boolean {
  return isSet(inputs, AUTONAMED);
}

/** Sets `metadata.name` where the program gives none. */
export function nameObject(inputs: Values, naming: Naming, failures: CheckFailure[]): void {
  const metadata = inputs.metadata ?? {};
  if (!isRecord(metadata) || metadata.name !== undefined || isUnknown(metadata.generateName)) return;
  if (metadata.generateName !== undefined) {
    const reason =
      "`metadata.generateName` cannot be used with server-side apply. Fix: leave it out; Pulumi then makes the name up from the resource's name";
    failures.push({ property: "metadata.generateName", reason });
    return;
  }
  const { olds, autonaming, resourceName, seed } = naming;
  if (Object.keys(olds).length > 0) {
    // A name that was given and is not any more leaves none: the difference is a replacement, for which the engine asks again, without
    // the old inputs.
    if (isAutonamed(olds)) setName(inputs, olds.metadata.name);
    return;
  }
  if (autonaming?.mode === "disable") {
    failures.push({
      property: "metadata.name",
      reason: "automatic naming is disabled for this stack: give `metadata.name`",
    });
    return;
  }
  setName(inputs, autonaming?.proposedName ?? `${resourceName}-${digits(seed)}`);
}

function setName(inputs: Values, name: string): void {
  put(inputs, ["metadata", "name"], name);
  if (!isUnknown(inputs.metadata.annotations)) put(inputs, ["metadata", "annotations", AUTONAMED], "true");
}

function digits(seed: Uint8Array): string {
  const hash = createHash("sha256").update(seed.length > 0 ? seed : randomBytes(16));
  return hash.digest("hex").slice(0, DIGITS);
}

/** A field manager of the resource's own, so that two resources never own each other's fields unseen. */
export function makeFieldManager(): string {
  return `pulumi-kubernetes-${randomBytes(DIGITS / 2).toString("hex")}`;
}
