/** What a client says about its connection, and about the length of what it sends, is its own to say. */
const OWN = new Set(["content-length", "transfer-encoding", "keep-alive", "upgrade", "expect"]);

/** Those of a request's headers that it cannot be given, because the load generator itself decides about them. */
export function ownHeaders(headers: Readonly<Record<string, string>>): string[] {
  return Object.keys(headers).filter((name) => OWN.has(name.toLowerCase()));
}
