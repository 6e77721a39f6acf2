/** What a Pulumi type token and an object say about its kind. */
import type { Values } from "../../protocol/values.js";

/** An API group (empty for the core group), a version of it, and a kind. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** `apps/v1`, and `v1` for the core group. */
export function apiVersionOf({ group, version }: Kind): string {
  return group === "" ? version : `${group}/${version}`;
}

/** `apps/v1/Deployment`: the key of tables by kind. */
export function nameOfKind(kind: Kind): string {
  return `${apiVersionOf(kind)}/${kind.kind}`;
}

export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").pop() ?? "";
}

export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/**
 * `kubernetes:apps/v1:Deployment`; SDKs spell the core group `core/v1`, a CustomResource of theirs spells the token from its own
 * `apiVersion` and `kind`, so a core kind may also come as `kubernetes:v1:Pod`.
 */
export function kindOfToken(token: string): Kind {
  const [name, module, kind] = token.split(":");
  const parts = module?.split("/") ?? [];
  const [group, version] = parts.length === 1 ? ["", parts[0]] : parts;
  if (name !== "kubernetes" || !kind || !version || parts.length > 2) {
    throw new Error(`${token} is no resource of the package kubernetes, expected kubernetes:GROUP/VERSION:Kind`);
  }
  return { group: group === "core" ? "" : (group ?? ""), version, kind };
}

/** The kind that an object names itself. */
export function kindOfObject(object: Values): Kind | undefined {
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || kind === "") return undefined;
  const parts = apiVersion.split("/");
  const [group, version] = parts.length === 1 ? ["", parts[0]] : parts;
  return { group: group === "core" ? "" : (group ?? ""), version: version ?? "", kind };
}

/**
 * Resources like `DeploymentPatch` change some fields of an object that someone else made: their token carries the suffix, the object
 * does not.
 */
export function isPatch(token: string, object: Values): boolean {
  const { kind } = kindOfToken(token);
  return kind.endsWith("Patch") && object.kind !== kind;
}

/** The kind of a resource: as its inputs say; where they are silent (an import), as its token says. */
export function kindOf(token: string, object: Values): Kind {
  const ofToken = kindOfToken(token);
  const own = kindOfObject(object);
  return own && own.version !== "" ? own : ofToken;
}

/** The id of a resource in Pulumi's state: `namespace/name`, or the name alone for what has no namespace. */
export function idOf(object: Values): string {
  const { namespace, name } = object.metadata ?? {};
  return namespace ? `${namespace}/${name}` : String(name);
}

export function parseId(id: string): { namespace: string; name: string } {
  const at = id.indexOf("/");
  return at < 0 ? { namespace: "", name: id } : { namespace: id.slice(0, at), name: id.slice(at + 1) };
}
