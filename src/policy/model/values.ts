/**
 * A value that Pulumi will know only once the update runs. The sentinels are those of the engine's wire protocol
 * (`sdk/go/common/resource/plugin/rpc.go`); policies and `pulumi preview --json` both show them.
 */
export const UNKNOWN: unique symbol = Symbol("unknown");
export type Unknown = typeof UNKNOWN;

/** A property: its value, `undefined` when the program left it out, or UNKNOWN. */
export type Maybe<T> = T | undefined | Unknown;

/** Sentinels of the wire protocol. A test holds them against `@pulumi/policy`. */
export const SENTINELS: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export function isUnknown(value: unknown): value is Unknown {
  return value === UNKNOWN;
}

/** True for a value that is there and known. */
export function isKnown<T>(value: Maybe<T>): value is T {
  return value !== undefined && value !== UNKNOWN;
}

/** The properties behind the proxy with which `@pulumi/policy` throws at any unknown value: our rules look at those by themselves. */
export function unproxied(props: Record<string, unknown>): Record<string, unknown> {
  return (props.__getSpecialProxyTarget as Record<string, unknown> | undefined) ?? props;
}

/** What lies under a path of keys; UNKNOWN as soon as one of them is not known yet. */
export function at(value: unknown, ...path: (string | number)[]): Maybe<unknown> {
  let here: unknown = value;
  for (const key of path) {
    if (SENTINELS.has(here)) return UNKNOWN;
    if (here === null || typeof here !== "object") return undefined;
    here = (here as Record<string | number, unknown>)[key];
  }
  if (SENTINELS.has(here)) return UNKNOWN;
  return here === null ? undefined : here;
}

export function text(value: unknown, ...path: (string | number)[]): Maybe<string> {
  const found = at(value, ...path);
  return found === undefined || found === UNKNOWN ? found : String(found);
}

/** A number, also where a provider keeps it as text (`deregistrationDelay`). */
export function number(value: unknown, ...path: (string | number)[]): Maybe<number> {
  const found = at(value, ...path);
  if (found === undefined || found === UNKNOWN || found === "") return found === "" ? undefined : found;
  const parsed = Number(found);
  return Number.isNaN(parsed) ? undefined : parsed;
}

export function flag(value: unknown, ...path: (string | number)[]): Maybe<boolean> {
  const found = at(value, ...path);
  if (found === undefined || found === UNKNOWN) return found;
  return found === true || found === "true";
}

/** A list whose items may be unknown one by one; absent is empty. */
export function list(value: unknown, ...path: (string | number)[]): unknown[] | Unknown {
  const found = at(value, ...path);
  if (found === UNKNOWN) return UNKNOWN;
  if (found === undefined) return [];
  return Array.isArray(found) ? found : [found];
}

/** Tags as one map, from a map or from an Auto Scaling group's list. */
export function tagsOf(value: unknown, key = "tags"): Record<string, Maybe<string>> {
  const found = at(value, key);
  if (found === undefined || found === UNKNOWN) return {};
  if (!Array.isArray(found)) {
    return Object.fromEntries(Object.keys(found as object).map((name) => [name, text(found, name)]));
  }
  return Object.fromEntries(
    found.flatMap((tag) => {
      const name = text(tag, "key");
      return isKnown(name) ? [[name, text(tag, "value")]] : [];
    }),
  );
}
