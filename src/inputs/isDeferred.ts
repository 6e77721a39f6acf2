import * as pulumi from "@pulumi/pulumi";

/** True for a value that is not known yet while the program runs: an Output or a promise, also deeper inside. */
export function isDeferred(value: unknown): boolean {
  if (value === null || typeof value !== "object") return false;
  if (pulumi.Output.isInstance(value) || typeof (value as { then?: unknown }).then === "function") return true;
  if (pulumi.Resource.isInstance(value)) return true; // its properties are Outputs, and its parents point back at it
  return Object.values(value).some(isDeferred);
}
