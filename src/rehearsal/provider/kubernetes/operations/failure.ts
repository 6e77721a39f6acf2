/** What the user is told when an operation fails. */
import { explain } from "../../../kubernetesApi/errors.js";
import { NotReady } from "../await/awaiter.js";
import { nameOf, typeOf } from "../model/types.js";

/** One sentence with the operation, the resource and the reasons. */
export function failed(doing: string, urn: string, cause: unknown): Error {
  const told = cause instanceof NotReady ? [cause.message, ...cause.problems].join("; ") : explain(cause);
  return new Error(`${doing} ${typeOf(urn)} "${nameOf(urn)}": ${told}`, { cause });
}

/** The reasons alone, one by one, for the engine's list. */
export function problemsOf(error: unknown): readonly string[] {
  return error instanceof NotReady ? error.problems : [];
}

export function unreachableAdvice(reason: string | undefined): string {
  return (
    `the configured Kubernetes cluster cannot be used: ${reason}. If the cluster is gone for good: run the same command with ` +
    "PULUMI_K8S_DELETE_UNREACHABLE=true, which drops its resources from Pulumi's state"
  );
}
