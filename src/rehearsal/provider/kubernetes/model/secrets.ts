/** What is secret in inputs stays secret in the state. */
import { isRecord, isSecret, secret, type Values } from "../../protocol/values.js";

/** The values themselves, without marks. */
export function reveal<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reveal) as T;
  if (isSecret(value)) return reveal(value.value) as T;
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reveal(inner)])) as T;
}

function holdsSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(holdsSecret);
  return isRecord(value) && Object.values(value).some(holdsSecret);
}

/**
 * Marks in `values` what is secret in `like`, key by key; a list is secret as a whole, because the cluster may reorder it. `data` and
 * `stringData` of a Secret are always secret. (The real provider's `annotateSecrets`.)
 */
export function conceal(values: Values, like: Values | undefined): Values {
  const result = { ...values };
  if (result.kind === "Secret") {
    for (const name of ["data", "stringData"]) {
      if (result[name] !== undefined && !isSecret(result[name])) result[name] = secret(result[name]);
    }
  }
  for (const [key, given] of Object.entries(like ?? {})) {
    const value = result[key];
    if (value === undefined || isSecret(value)) continue;
    if (isRecord(value) && isRecord(given) && !isSecret(given)) result[key] = conceal(value, given);
    else if (holdsSecret(given)) result[key] = secret(value);
  }
  return result;
}
