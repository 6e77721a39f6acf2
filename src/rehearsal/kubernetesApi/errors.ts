/** What the API server refuses, and what happens where it does not answer. */
import { isObject, type Json } from "./json.js";

/** One cause of a refusal (`Status.details.causes`). */
export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** The API server answered with a failure: an HTTP status and, as a rule, a `Status` object. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly reason: string;
  readonly causes: readonly Cause[];

  constructor(
    readonly code: number,
    readonly request: string,
    body: unknown,
  ) {
    const status: Json = isObject(body) && body.kind === "Status" ? body : {};
    const told = typeof status.message === "string" && status.message !== "" ? status.message : excerpt(body);
    super(told || `HTTP ${code}`);
    this.reason = typeof status.reason === "string" ? status.reason : "";
    this.causes = (Array.isArray(status.details?.causes) ? status.details.causes : []).map((cause: Json) => ({
      reason: String(cause.reason ?? ""),
      message: String(cause.message ?? ""),
      field: String(cause.field ?? ""),
    }));
  }
}

/** Nobody answered at all, or not in time. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

/** The cluster serves no such kind. */
export class NoSuchKindError extends Error {
  override readonly name = "NoSuchKindError";
  constructor(readonly kind: string) {
    super(
      `the API server serves no kind ${kind}. Fix: check the spelling of apiVersion and kind; ` +
        "for a custom resource install its CustomResourceDefinition first, or let the resource depend on it (dependsOn)",
    );
  }
}

export const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.code === 404;
export const isConflict = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 409 && error.reason === "Conflict";
export const isForbidden = (error: unknown): boolean => error instanceof ApiError && error.code === 403;
export const isNoSuchKind = (error: unknown): error is NoSuchKindError => error instanceof NoSuchKindError;

/** An apply into a namespace that does not exist (yet). */
export function isNamespaceMissing(error: unknown): boolean {
  return isNotFound(error) && /^namespaces? "[^"]*" not found/.test((error as Error).message);
}

/** One sentence for the user, with what can be done. */
export function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const said = error.message;
  if (isConflict(error) && error.causes.some(({ reason }) => reason === "FieldManagerConflict")) return conflict(error);
  if (error.code === 401) {
    return `the API server does not accept the kubeconfig's credentials (${said}). Fix: renew the user's token or certificate`;
  }
  if (error.code === 403 && error.reason === "Forbidden") {
    return `${said}. Fix: give the kubeconfig's user a role that allows it`;
  }
  const immutable = error.causes.some(({ message }) => /immutable/i.test(message)) || /immutable/i.test(said);
  if (error.code === 422 && immutable) {
    return (
      `${said}. Why: Kubernetes never changes this field of an object that exists. ` +
      'Fix: leave it as it was, or have the resource replaced (the option `replaceOnChanges: ["spec"]`, or another name)'
    );
  }
  return said;
}

function conflict(error: ApiError): string {
  const fields = error.causes.map(({ field, message }) => `${field} (${message})`).join(", ");
  return (
    `Server-Side Apply field conflict detected: another manager owns ${fields || error.message}. ` +
    "Why: taking the field over in silence would undo what the other manager did, and it would do it again. " +
    'Fix: leave the field out of the program, or take it over with the annotation "pulumi.com/patchForce": "true" ' +
    "(https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/)"
  );
}

function excerpt(body: unknown): string {
  const text = typeof body === "string" ? body : (JSON.stringify(body) ?? "");
  return text.length > 300 ? `${text.slice(0, 297)}...` : text.trim();
}
