/**
 * What an update would change. As in the real provider (its `Diff`, "behavior as of v4.0") the program's inputs are compared with the
 * live object of the last operation, cut to the shape of the inputs that made it. Where they differ, a server-side dry run tells which
 * of it is only another spelling (`0.5` and `500m`, an empty list and none): the real provider knows those of the built-in kinds by
 * their Go types, the server knows them of every kind.
 */
import { hasUnknown, isUnknown, type Values } from "../../protocol/values.js";
import type { Change } from "../../schema/compare.js";
import { REPLACE_UNREADY } from "../model/annotations.js";
import { isAutonamed } from "../model/naming.js";
import { withoutReadOnly } from "../model/readOnly.js";
import { encoded, inProgramsWords } from "../model/secretData.js";
import { at, clone, contains, drop, parsePath, prune, put, type Step, same, spell } from "../model/tree.js";
import type { Kind } from "../model/types.js";
import { changesBetween, type FieldChange } from "./changes.js";
import { isReplacing, type Mutability } from "./replacing.js";

export interface DiffRequest {
  readonly kind: Kind;
  readonly patch: boolean;
  /** Whether the kind lives in namespaces. */
  readonly namespaced: boolean;
  readonly oldInputs: Values;
  readonly live: Values;
  readonly news: Values;
  readonly ignored: readonly string[];
  readonly mutability: Mutability;
  /** The object as the server would store it; `undefined` where it cannot be asked. */
  readonly dryRun: (inputs: Values) => Promise<Values | undefined>;
  /** Set where the program wants an object that did not get ready to be replaced (`pulumi.com/replaceUnready`), and it is not ready. */
  readonly unready?: boolean;
}

export interface ObjectDiff {
  readonly changes: readonly Change[];
  readonly deleteBeforeReplace: boolean;
}

export async function diffObjects(request: DiffRequest): Promise<ObjectDiff> {
  const { live, news, ignored, kind, patch, mutability } = request;
  const standing = prune(live, encoded(withoutReadOnly(request.oldInputs)));
  const asked = encoded(withoutReadOnly(news));
  alignIdentity(request, standing, asked);
  const worded = (path: readonly Step[]): readonly Step[] => inProgramsWords(path, [news, request.oldInputs]);
  const passedOver = ignored.map(parsePath);
  const found = changesBetween(standing, asked).filter(
    ({ path }) => !passedOver.some((pattern) => contains(pattern, path) || contains(pattern, worded(path))),
  );
  const replaces = isReplacing(kind, asked, patch, mutability);
  const real = await withoutSpelling(request, found, replaces);
  const changes = real.map((change): Change => {
    const path = spell(worded(change.path));
    return { path, top: path, kind: change.kind, replace: replaces(change.path) || losesMetadata(change) };
  });
  const unready = spell(["metadata", "annotations", REPLACE_UNREADY]);
  if (request.unready) changes.push({ path: unready, top: unready, kind: "update", replace: true });
  const replacing = changes.some(({ replace }) => replace);
  const [name, namespace] = [asked.metadata?.name, asked.metadata?.namespace];
  const namesake = name !== undefined && !isUnknown(name) && name === live.metadata?.name;
  return {
    changes,
    // The new object can only come when its namesake has gone. A name that Pulumi made up is made up anew.
    deleteBeforeReplace: replacing && !isAutonamed(news) && namesake && namespace === standing.metadata?.namespace,
  };
}

/** Name and namespace always take part in the comparison, in their full form, also where the inputs were silent about them. */
function alignIdentity({ live, namespaced }: DiffRequest, standing: Values, asked: Values): void {
  if (asked.metadata?.name !== undefined) put(standing, ["metadata", "name"], live.metadata?.name);
  if (isUnknown(asked.metadata)) return;
  if (namespaced) {
    put(standing, ["metadata", "namespace"], live.metadata?.namespace || "default");
    put(asked, ["metadata", "namespace"], asked.metadata?.namespace || "default");
  } else {
    drop(standing, ["metadata", "namespace"]);
    drop(asked, ["metadata", "namespace"]);
  }
  standing.apiVersion ??= asked.apiVersion;
  standing.kind ??= asked.kind;
}

/** Drops changes that leave the stored object as it is. Those that replace it, or touch its identity, are never asked about. */
async function withoutSpelling(
  request: DiffRequest,
  found: readonly FieldChange[],
  replaces: (path: readonly Step[]) => boolean,
): Promise<readonly FieldChange[]> {
  const { news, live } = request;
  const identity = found.some(({ path }) => path[0] === "metadata" && ["name", "namespace"].includes(String(path[1])));
  const doubtful = found.filter(({ kind }) => kind !== "delete");
  if (doubtful.length === 0 || identity || hasUnknown(news)) return found;
  // The server refuses to change an immutable field, even in a dry run: such fields are asked about as they stand.
  const probe = clone(news);
  for (const { path, kind } of found) {
    if (!replaces(path) || kind === "delete") continue;
    const value = at(live, path);
    if (value === undefined) drop(probe, path);
    else put(probe, path, value);
  }
  const result = await request.dryRun(probe);
  if (result === undefined) return found;
  return found.filter(
    ({ path, kind }) => kind === "delete" || replaces(path) || !same(at(result, path), at(live, path)),
  );
}

function losesMetadata({ path, kind }: FieldChange): boolean {
  return kind === "delete" && path.length === 1 && path[0] === "metadata";
}
