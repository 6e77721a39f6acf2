/** Fields of `metadata` that only the server sets. */
import type { Values } from "../../protocol/values.js";
import { clone, drop } from "./tree.js";

const READ_ONLY = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/** A program that was written from an export may hold them: they are no inputs. */
export function withoutReadOnly(inputs: Values): Values {
  const result = clone(inputs);
  for (const name of READ_ONLY) drop(result, ["metadata", name]);
  return result;
}
