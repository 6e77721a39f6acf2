/**
 * The gRPC service `pulumirpc.ResourceProvider` over `Provider`: this file only translates. Why not the SDK's own provider server:
 * docs/decisions/0005-provider-server.md.
 */
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { checkConfig } from "../config/config.js";
import type { Provider, Surroundings } from "../provider.js";
import { greetings } from "./greetings.js";
import { type AnyCall, autonamingOf, checkResponse, diffResponse, endOfCall, toFailure, unary } from "./messages.js";
import type { Sessions } from "./sessions.js";
import { fromStruct, toStruct } from "./values.js";

/** All calls that this provider answers; gRPC answers the others (Construct, Call, List …) with UNIMPLEMENTED. */
export function providerService(sessions: Sessions<Provider>, version: string): UntypedServiceImplementation {
  const provider = (call: AnyCall): Provider => sessions.provider(call.getPeer());
  const around = (call: AnyCall, urn: string, timeoutSeconds = 0): Surroundings => {
    const report = (progress: string): void => sessions.log(call.getPeer(), progress, urn);
    return { signal: endOfCall(sessions, call), report, timeoutSeconds };
  };
  return {
    ...greetings(sessions, { version, acceptsSecrets: false }),
    checkConfig: unary(async (request: proto.CheckRequest) => {
      const { inputs, failures } = checkConfig(fromStruct(request.getNews()));
      return checkResponse(inputs, failures);
    }),
    diffConfig: unary(async (request: proto.DiffRequest) => {
      const olds = JSON.stringify(sorted(fromStruct(request.getOldInputs() ?? request.getOlds())));
      const changed = olds !== JSON.stringify(sorted(fromStruct(request.getNews())));
      return diffResponse(changed, []);
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

function sorted(values: Record<string, unknown>): [string, unknown][] {
  return Object.entries(values).sort(([left], [right]) => (left < right ? -1 : 1));
}
