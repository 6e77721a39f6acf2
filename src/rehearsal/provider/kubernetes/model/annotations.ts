/**
 * Annotations by which a program steers the provider, and what they mean
 * (https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/, "annotations").
 */
import type { Values } from "../../protocol/values.js";

export const AUTONAMED = "pulumi.com/autonamed";
export const SKIP_AWAIT = "pulumi.com/skipAwait";
export const WAIT_FOR = "pulumi.com/waitFor";
export const TIMEOUT_SECONDS = "pulumi.com/timeoutSeconds";
export const REPLACE_UNREADY = "pulumi.com/replaceUnready";
export const PATCH_FORCE = "pulumi.com/patchForce";
export const FIELD_MANAGER = "pulumi.com/patchFieldManager";
export const DELETION_PROPAGATION = "pulumi.com/deletionPropagationPolicy";

export function annotation(object: Values, name: string): string | undefined {
  const value = object.metadata?.annotations?.[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function isSet(object: Values, name: string): boolean {
  return annotation(object, name) === "true";
}

/** The program's `customTimeouts`, else its annotation. */
export function timeoutOf(object: Values, customSeconds: number): number | undefined {
  if (customSeconds > 0) return customSeconds;
  const given = annotation(object, TIMEOUT_SECONDS);
  return given !== undefined && /^\d+$/.test(given) ? Number(given) : undefined;
}

export function propagationOf(object: Values): "Foreground" | "Background" | "Orphan" {
  switch (annotation(object, DELETION_PROPAGATION)?.toLowerCase()) {
    case "orphan":
      return "Orphan";
    case "background":
      return "Background";
    default:
      return "Foreground";
  }
}

/** Annotations whose value has to be of a certain form: a wrong one is told, not passed over. */
export function faultsOfAnnotations(object: Values): { property: string; reason: string }[] {
  const faults: { property: string; reason: string }[] = [];
  const check = (name: string, pattern: RegExp, expected: string): void => {
    const value = annotation(object, name);
    if (value !== undefined && !pattern.test(value)) {
      const property = `metadata.annotations["${name}"]`;
      faults.push({ property, reason: `\`${name}\` is "${value}", expected ${expected}` });
    }
  };
  check(TIMEOUT_SECONDS, /^\d+$/, "a whole number of seconds, as text");
  check(DELETION_PROPAGATION, /^(foreground|background|orphan)$/i, "foreground, background or orphan");
  for (const name of [SKIP_AWAIT, PATCH_FORCE, REPLACE_UNREADY]) check(name, /^(true|false)$/, '"true" or "false"');
  return faults;
}
