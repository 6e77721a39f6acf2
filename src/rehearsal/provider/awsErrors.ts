/** Errors of AWS as this provider meets and passes them on. */

/** AWS's own code (`TargetGroupNotFound`): the SDK's class names carry a suffix that the wire does not. */
export function codeOf(error: unknown): string {
  const { Code, code, name } = error as { Code?: unknown; code?: unknown; name?: unknown };
  const raw = [Code, name, code].find((candidate) => typeof candidate === "string" && candidate !== "Error");
  return String(raw ?? code ?? "Error").replace(/Exception$/, "");
}

/** True if AWS refused with one of these codes, given without the suffix `Exception`. */
export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(codeOf(error));
}

/** `undefined` where AWS says that the thing does not exist; any other error is passed on. */
export async function unlessMissing<T>(call: Promise<T>, ...codes: readonly string[]): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isCode(error, ...codes)) return undefined;
    throw error;
  }
}

/** One line with AWS's code, message and request id, for the user. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { $metadata } = error as { $metadata?: { requestId?: string; attempts?: number } };
  if (!$metadata) return error.message || codeOf(error);
  const refused = refusedConnection(error);
  if (refused) return refused;
  const id = $metadata.requestId ? ` (request ${$metadata.requestId})` : "";
  return `${codeOf(error)}: ${error.message}${id}`;
}

function refusedConnection(error: Error): string | undefined {
  const nested = (error as { errors?: Error[] }).errors?.[0];
  if (nested) return refusedConnection(nested);
  // Node says "connect ECONNREFUSED 127.0.0.1:4566" or "getaddrinfo ENOTFOUND some.host".
  const [, code, where] = /\b(ECONNREFUSED|ENOTFOUND|EHOSTUNREACH)\b ?(\S*)/.exec(error.message) ?? [];
  if (!code) return undefined;
  const at = where ? ` at ${where}` : "";
  return `no AWS endpoint answers${at} (${code}). Fix: start the local cloud (\`npx hitless cloud\`), or correct AWS_ENDPOINT_URL`;
}
