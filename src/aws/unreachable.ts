/**
 * True where nobody listens: the connection was refused, or for a name with several addresses each of them was. AWS's own endpoints
 * always listen, so this is a wrong address or a local cloud that is not there, and mostly stays so.
 */
export function isRefused(error: unknown): boolean {
  return failsWith(error, (code) => code === "ECONNREFUSED");
}

/** True where a connection could not even be begun: refused, no such name, no way there. */
export function isUnreachable(error: unknown): boolean {
  return failsWith(error, (code) => UNREACHABLE.has(code));
}

const UNREACHABLE = new Set(["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "ENETUNREACH"]);

/** Node gives the code itself, or, for a name with several addresses, one error of each of them. */
function failsWith(error: unknown, matches: (code: string) => boolean): boolean {
  const { code, errors } = (error ?? {}) as { code?: unknown; errors?: unknown[] };
  return matches(String(code)) || (errors?.length ? errors.every((each) => failsWith(each, matches)) : false);
}
