/** The gRPC service `pulumirpc.ResourceProvider` over `KubernetesProvider`: this file only translates. */
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { greetings } from "../protocol/greetings.js";
import { type AnyCall, autonamingOf, checkResponse, diffResponse, endOfCall, unary } from "../protocol/messages.js";
import type { Sessions } from "../protocol/sessions.js";
import { fromStruct, fromStructWithSecrets, toStruct } from "../protocol/values.js";
import { checkConfig, diffConfig } from "./config/config.js";
import type { Surroundings } from "./operations/context.js";
import { refusal } from "./operations/refused.js";
import type { UpdateRequest } from "./operations/update.js";
import type { KubernetesProvider } from "./provider.js";

/** All calls that this provider answers; gRPC answers the others with UNIMPLEMENTED. */
export function kubernetesService(
  sessions: Sessions<KubernetesProvider>,
  version: string,
): UntypedServiceImplementation {
  const provider = (call: AnyCall): KubernetesProvider => sessions.provider(call.getPeer());
  const around = (call: AnyCall, urn: string, timeoutSeconds = 0): Surroundings => {
    const peer = call.getPeer();
    return {
      signal: endOfCall(sessions, call),
      report: (progress) => sessions.log(peer, progress, urn),
      warn: (message) => sessions.say(peer, "warning", message, urn),
      timeoutSeconds,
    };
  };
  const changeOf = (request: proto.DiffRequest | proto.UpdateRequest): UpdateRequest => ({
    urn: request.getUrn(),
    id: request.getId(),
    olds: fromStructWithSecrets(request.getOlds()),
    news: fromStructWithSecrets(request.getNews()),
    ignored: request.getIgnorechangesList(),
  });
  return {
    // The state holds the inputs once more (`__inputs`): the engine could not mark secrets there, so the provider does.
    ...greetings(sessions, { version, acceptsSecrets: true }),
    checkConfig: unary(async (request: proto.CheckRequest) => {
      const given = fromStructWithSecrets(request.getNews());
      return checkResponse(given, checkConfig(fromStruct(request.getNews())).failures);
    }),
    diffConfig: unary(async (request: proto.DiffRequest) => {
      const olds = fromStruct(request.getOldInputs() ?? request.getOlds());
      const { changed, replacing } = diffConfig(olds, fromStruct(request.getNews()));
      const response = diffResponse(changed.length > 0, []);
      response.setDiffsList(changed);
      response.setReplacesList(replacing);
      return response;
    }),
    check: unary(async (request: proto.CheckRequest, call) => {
      const naming = autonamingOf(request);
      const urn = request.getUrn();
      const given = {
        urn,
        olds: fromStructWithSecrets(request.getOlds()),
        news: fromStructWithSecrets(request.getNews()),
        seed: Buffer.from(request.getRandomseed_asU8()),
        ...(naming ? { autonaming: naming } : {}),
      };
      const { inputs, failures } = await provider(call).check(given, around(call, urn));
      return checkResponse(inputs, failures);
    }),
    diff: unary(async (request: proto.DiffRequest, call) => {
      const diff = await provider(call).diff(changeOf(request), around(call, request.getUrn()));
      const response = diffResponse(diff.changes.length > 0, diff.changes);
      response.setHasdetaileddiff(true);
      response.setDeletebeforereplace(diff.deleteBeforeReplace);
      return response;
    }),
    create: unary(async (request: proto.CreateRequest, call) => {
      const response = new proto.CreateResponse();
      const urn = request.getUrn();
      const inputs = fromStructWithSecrets(request.getProperties());
      const surroundings = around(call, urn, request.getTimeout());
      if (request.getPreview()) {
        response.setProperties(toStruct(await provider(call).previewCreate(urn, inputs, surroundings)));
        return response;
      }
      const { id, state } = await provider(call).create(urn, inputs, surroundings);
      response.setId(id);
      response.setProperties(toStruct(state));
      return response;
    }),
    read: unary(async (request: proto.ReadRequest, call) => {
      const asked = {
        urn: request.getUrn(),
        id: request.getId(),
        state: fromStructWithSecrets(request.getProperties()),
        inputs: fromStructWithSecrets(request.getInputs()),
      };
      const found = await provider(call).read(asked, around(call, asked.urn, request.getTimeout()));
      const response = new proto.ReadResponse();
      if (found) {
        response.setId(asked.id);
        response.setProperties(toStruct(found.state));
        response.setInputs(toStruct(found.inputs));
      }
      return response;
    }),
    update: unary(async (request: proto.UpdateRequest, call) => {
      const wanted = changeOf(request);
      const surroundings = around(call, wanted.urn, request.getTimeout());
      const response = new proto.UpdateResponse();
      const state = request.getPreview()
        ? await provider(call).previewUpdate(wanted, surroundings)
        : await provider(call).update(wanted, surroundings);
      response.setProperties(toStruct(state));
      return response;
    }),
    delete: unary(async (request: proto.DeleteRequest, call) => {
      const urn = request.getUrn();
      const state = fromStructWithSecrets(request.getProperties());
      await provider(call).delete(urn, request.getId(), state, around(call, urn, request.getTimeout()));
      return new Empty();
    }),
    invoke: unary(async (request: proto.InvokeRequest, call) => {
      const result = await provider(call).invoke(request.getTok(), fromStruct(request.getArgs()), around(call, ""));
      const response = new proto.InvokeResponse();
      response.setReturn(toStruct(result));
      return response;
    }),
    construct: unary(async (request: proto.ConstructRequest) => {
      const token = request.getType();
      throw new Error(refusal(token) ?? `the rehearsal provider does not serve the component ${token}`);
    }),
    cancel: unary(async (_request: Empty, call) => {
      sessions.cancel(call.getPeer());
      return new Empty();
    }),
  };
}
