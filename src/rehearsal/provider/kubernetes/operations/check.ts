/** Check: what the program gives, completed with name and namespace. */
import { isRecord, isUnknown, type Values } from "../../protocol/values.js";
import type { CheckFailure } from "../../schema/coerce.js";
import type { Autonaming } from "../../schema/naming.js";
import { faultsOfAnnotations } from "../model/annotations.js";
import { toApi } from "../model/dashes.js";
import { nameObject } from "../model/naming.js";
import { withoutReadOnly } from "../model/readOnly.js";
import { conceal, reveal } from "../model/secrets.js";
import { put } from "../model/tree.js";
import { apiVersionOf, isPatch, kindOf, nameOf, nameOfKind, typeOf } from "../model/types.js";
import { type Context, placeOf } from "./context.js";
import { refusal } from "./refused.js";

export interface CheckRequest {
  readonly urn: string;
  /** Secrets marked. */
  readonly olds: Values;
  readonly news: Values;
  readonly seed: Uint8Array;
  readonly autonaming?: Autonaming;
}

export interface Checked {
  readonly inputs: Values;
  readonly failures: CheckFailure[];
}

export async function check(context: Context, request: CheckRequest): Promise<Checked> {
  const { urn, olds, news } = request;
  const token = typeOf(urn);
  const refused = refusal(token);
  if (refused) return { inputs: news, failures: [{ property: "", reason: refused }] };
  if (
    context.cluster.unreachable !== undefined &&
    context.config.skipUpdateUnreachable &&
    Object.keys(olds).length > 0
  ) {
    context.warn("the cluster cannot be reached, and `skipUpdateUnreachable` is set: the resource is passed over");
    return { inputs: olds, failures: [] };
  }
  const inputs = withoutReadOnly(reveal(news));
  const failures: CheckFailure[] = [];
  completeKind(token, inputs);
  if (!isRecord(inputs.metadata ?? {}) && !isUnknown(inputs.metadata)) {
    failures.push({
      property: "metadata",
      reason: "`metadata` is no object, expected one with name, labels and so on",
    });
    return { inputs: news, failures };
  }
  if (isPatch(token, inputs)) checkPatchName(inputs, failures);
  else await checkKind(context, urn, inputs, request, failures);
  await setNamespace(context, urn, inputs);
  failures.push(...faultsOfAnnotations(inputs));
  return { inputs: conceal(inputs, news), failures };
}

/** SDKs send both; a program in another way may not. */
function completeKind(token: string, inputs: Values): void {
  const kind = kindOf(token, inputs);
  if (inputs.apiVersion === undefined) inputs.apiVersion = apiVersionOf(kind);
  if (inputs.kind === undefined) inputs.kind = kind.kind;
}

function checkPatchName(inputs: Values, failures: CheckFailure[]): void {
  if (inputs.metadata?.name !== undefined || isUnknown(inputs.metadata)) return;
  const reason = "`metadata.name` is missing: a Patch changes an object that exists, and has to name it";
  failures.push({ property: "metadata.name", reason });
}

async function checkKind(
  context: Context,
  urn: string,
  inputs: Values,
  request: CheckRequest,
  failures: CheckFailure[],
): Promise<void> {
  const { kind } = await placeOf(context, urn, inputs);
  const isServed = await context.cluster.objects?.until(context.signal).discovery.find(kind, context.signal);
  if (kind.kind.endsWith("List") && Array.isArray(inputs.items) && !isServed) {
    const reason = `${nameOfKind(kind)} is a list, which cannot be created: make a resource of each of its items`;
    failures.push({ property: "", reason });
    return;
  }
  if (isUnknown(inputs.metadata)) return;
  const { seed, autonaming } = request;
  const naming = { resourceName: nameOf(urn), olds: reveal(request.olds), seed };
  nameObject(inputs, autonaming ? { ...naming, autonaming } : naming, failures);
}

async function setNamespace(context: Context, urn: string, inputs: Values): Promise<void> {
  if (isUnknown(inputs.metadata) || inputs.metadata?.namespace) return;
  const { namespaced } = await placeOf(context, urn, inputs);
  if (namespaced) put(inputs, ["metadata", "namespace"], context.config.namespace);
}

/** Inputs as the API takes them: plain, and in its own spelling. */
export function objectOf(inputs: Values): Values {
  return toApi(reveal(inputs));
}
