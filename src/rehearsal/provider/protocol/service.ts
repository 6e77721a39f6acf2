/**
 * The gRPC service `pulumirpc.ResourceProvider` over `Provider`: this file only translates. Why not the SDK's own provider server:
 * docs/decisions/0005-provider-server.md.
 */
import type { handleUnaryCall, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import * as proto from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { checkConfig } from "../config/config.js";
import type { Provider, Surroundings } from "../provider.js";
import type { CheckFailure } from "../schema/coerce.js";
import type { Change } from "../schema/compare.js";
import type { Autonaming } from "../schema/naming.js";
import type { Sessions } from "../sessions.js";
import { toServiceError } from "./failure.js";
import { fromStruct, toStruct } from "./values.js";

/** Wraps a handler that returns an answer or throws, into gRPC's callback form. */
function unary<Request, Response>(
  handle: (request: Request, call: ServerUnaryCall<Request, Response>) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    handle(call.request, call).then(
      (response) => callback(null, response),
      (error) => callback(toServiceError(error)),
    );
  };
}

/** All calls that this provider answers; gRPC answers the others (Construct, Call, List …) with UNIMPLEMENTED. */
export function providerService(sessions: Sessions, version: string): UntypedServiceImplementation {
  type AnyCall = ServerUnaryCall<any, any>;
  const provider = (call: AnyCall): Provider => sessions.provider(call.getPeer());
  const around = (call: AnyCall, urn: string, timeoutSeconds = 0): Surroundings => {
    const abort = new AbortController();
    call.on("cancelled", () => abort.abort(new Error("the engine went away")));
    const signal = AbortSignal.any([abort.signal, sessions.cancelled(call.getPeer())]);
    const report = (progress: string): void => sessions.log(call.getPeer(), progress, urn);
    return { signal, report, timeoutSeconds };
  };
  return {
    attach: unary(async (request: { getAddress(): string }, call) => {
      sessions.attach(call.getPeer(), request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(async () => {
      const info = new PluginInfo();
      info.setVersion(version);
      return info;
    }),
    getSchema: unary(async () => {
      throw new Error(
        "the rehearsal provider brings no schema: YAML programs and the code that `pulumi import` writes need the real provider. " +
          "Fix: `pulumi import --generate-code=false`, or the `import` option in the program",
      );
    }),
    checkConfig: unary(async (request: proto.CheckRequest) => {
      const { inputs, failures } = checkConfig(fromStruct(request.getNews()));
      return checkResponse(inputs, failures);
    }),
    diffConfig: unary(async (request: proto.DiffRequest) => {
      const olds = JSON.stringify(sorted(fromStruct(request.getOldInputs() ?? request.getOlds())));
      const changed = olds !== JSON.stringify(sorted(fromStruct(request.getNews())));
      return diffResponse(changed, []);
    }),
    configure: unary(async (request: proto.ConfigureRequest, call) => {
      await sessions.configure(call.getPeer(), fromStruct(request.getArgs()));
      const response = new proto.ConfigureResponse();
      // Without secrets of its own the provider needs no marks: the engine keeps them on properties of the same name.
      response.setAcceptsecrets(false);
      response.setAcceptresources(false);
      response.setAcceptoutputs(false);
      response.setSupportspreview(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),
    check: unary(async (request: proto.CheckRequest, call) => {
      const naming = autonamingOf(request);
      const { inputs, failures } = await provider(call).check({
        urn: request.getUrn(),
        olds: fromStruct(request.getOlds()),
        news: fromStruct(request.getNews()),
        seed: Buffer.from(request.getRandomseed_asU8()),
        ...(naming ? { autonaming: naming } : {}),
      });
      return checkResponse(inputs, failures);
    }),
    diff: unary(async (request: proto.DiffRequest, call) => {
      const { changes, deleteBeforeReplace } = await provider(call).diff({
        urn: request.getUrn(),
        id: request.getId(),
        olds: fromStruct(request.getOlds()),
        news: fromStruct(request.getNews()),
        ignored: request.getIgnorechangesList(),
      });
      const response = diffResponse(changes.length > 0, changes);
      response.setDeletebeforereplace(deleteBeforeReplace);
      return response;
    }),
    create: unary(async (request: proto.CreateRequest, call) => {
      const response = new proto.CreateResponse();
      const inputs = fromStruct(request.getProperties());
      if (request.getPreview()) {
        response.setProperties(toStruct(await provider(call).previewCreate(request.getUrn(), inputs)));
        return response;
      }
      const surroundings = around(call, request.getUrn(), request.getTimeout());
      const { id, state } = await provider(call).create(request.getUrn(), inputs, surroundings);
      response.setId(id);
      response.setProperties(toStruct(state));
      return response;
    }),
    read: unary(async (request: proto.ReadRequest, call) => {
      const found = await provider(call).read(
        request.getUrn(),
        request.getId(),
        fromStruct(request.getProperties()),
        fromStruct(request.getInputs()),
        around(call, request.getUrn(), request.getTimeout()),
      );
      const response = new proto.ReadResponse();
      if (found) {
        response.setId(request.getId());
        response.setProperties(toStruct(found.state));
        response.setInputs(toStruct(found.inputs));
      }
      return response;
    }),
    update: unary(async (request: proto.UpdateRequest, call) => {
      const wanted = {
        urn: request.getUrn(),
        id: request.getId(),
        olds: fromStruct(request.getOlds()),
        news: fromStruct(request.getNews()),
        ignored: request.getIgnorechangesList(),
      };
      const response = new proto.UpdateResponse();
      const state = request.getPreview()
        ? await provider(call).previewUpdate(wanted)
        : await provider(call).update(wanted, around(call, wanted.urn, request.getTimeout()));
      response.setProperties(toStruct(state));
      return response;
    }),
    delete: unary(async (request: proto.DeleteRequest, call) => {
      const urn = request.getUrn();
      const state = fromStruct(request.getProperties());
      await provider(call).delete(urn, request.getId(), state, around(call, urn, request.getTimeout()));
      return new Empty();
    }),
    invoke: unary(async (request: proto.InvokeRequest, call) => {
      const given = fromStruct(request.getArgs());
      const { result, failures } = await provider(call).invoke(request.getTok(), given, around(call, ""));
      const response = new proto.InvokeResponse();
      response.setReturn(toStruct(result));
      response.setFailuresList(failures.map(toFailure));
      return response;
    }),
    cancel: unary(async (_request: Empty, call) => {
      sessions.cancel(call.getPeer());
      return new Empty();
    }),
  };
}

function checkResponse(inputs: Parameters<typeof toStruct>[0], failures: readonly CheckFailure[]): proto.CheckResponse {
  const response = new proto.CheckResponse();
  response.setInputs(toStruct(inputs));
  response.setFailuresList(failures.map(toFailure));
  return response;
}

function toFailure({ property, reason }: CheckFailure): proto.CheckFailure {
  const failure = new proto.CheckFailure();
  failure.setProperty(property);
  failure.setReason(reason);
  return failure;
}

function diffResponse(changed: boolean, changes: readonly Change[]): proto.DiffResponse {
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

function autonamingOf(request: proto.CheckRequest): Autonaming | undefined {
  const given = request.getAutonaming();
  if (!given) return undefined;
  const { ENFORCE, DISABLE } = proto.CheckRequest.AutonamingOptions.Mode;
  const mode = given.getMode() === ENFORCE ? "enforce" : given.getMode() === DISABLE ? "disable" : "propose";
  return { mode, proposedName: given.getProposedName() };
}

function sorted(values: Record<string, unknown>): [string, unknown][] {
  return Object.entries(values).sort(([left], [right]) => (left < right ? -1 : 1));
}
