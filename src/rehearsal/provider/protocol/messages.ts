/** The parts of the gRPC service that every provider here translates in the same way. */
import type { handleUnaryCall, ServerUnaryCall } from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb.js";
import type { CheckFailure } from "../schema/coerce.js";
import type { Change } from "../schema/compare.js";
import type { Autonaming } from "../schema/naming.js";
import { toServiceError } from "./failure.js";
import type { Sessions } from "./sessions.js";
import { toStruct, type Values } from "./values.js";

export type AnyCall = ServerUnaryCall<any, any>;

/** Wraps a handler that returns an answer or throws, into gRPC's callback form. */
export function unary<Request, Response>(
  handle: (request: Request, call: ServerUnaryCall<Request, Response>) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    handle(call.request, call).then(
      (response) => callback(null, response),
      (error) => callback(toServiceError(error)),
    );
  };
}

/** Aborted when the engine cancels, or its connection breaks. */
export function endOfCall(sessions: Sessions<any>, call: AnyCall): AbortSignal {
  const abort = new AbortController();
  call.on("cancelled", () => abort.abort(new Error("the engine went away")));
  return AbortSignal.any([abort.signal, sessions.cancelled(call.getPeer())]);
}

export function checkResponse(inputs: Values, failures: readonly CheckFailure[]): proto.CheckResponse {
  const response = new proto.CheckResponse();
  response.setInputs(toStruct(inputs));
  response.setFailuresList(failures.map(toFailure));
  return response;
}

export function toFailure({ property, reason }: CheckFailure): proto.CheckFailure {
  const failure = new proto.CheckFailure();
  failure.setProperty(property);
  failure.setReason(reason);
  return failure;
}

export function diffResponse(changed: boolean, changes: readonly Change[]): proto.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
  const response = new proto.DiffResponse();
  response.setChanges(changed ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList([...new Set(changes.map(({ top }) => top))]);
  response.setReplacesList([...new Set(changes.filter(({ replace }) => replace).map(({ top }) => top))]);
  if (changes.length === 0) return response;
  response.setHasdetaileddiff(true);
  const kinds = proto.PropertyDiff.Kind;
  for (const { path, kind, replace } of changes) {
    const diff = new proto.PropertyDiff();
    const plain = { add: kinds.ADD, delete: kinds.DELETE, update: kinds.UPDATE } as const;
    const replacing = { add: kinds.ADD_REPLACE, delete: kinds.DELETE_REPLACE, update: kinds.UPDATE_REPLACE } as const;
    diff.setKind(replace ? replacing[kind] : plain[kind]);
    response.getDetaileddiffMap().set(path, diff);
  }
  return response;
}

export function autonamingOf(request: proto.CheckRequest): Autonaming | undefined {
  const given = request.getAutonaming();
  if (!given) return undefined;
  const { ENFORCE, DISABLE } = proto.CheckRequest.AutonamingOptions.Mode;
  const mode = given.getMode() === ENFORCE ? "enforce" : given.getMode() === DISABLE ? "disable" : "propose";
  return { mode, proposedName: given.getProposedName() };
}
