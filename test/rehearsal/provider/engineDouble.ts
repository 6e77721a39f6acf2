/** Speaks to the provider as the engine does, over gRPC, with plain values. */
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import * as proto from "@pulumi/pulumi/proto/provider_pb.js";
import { Status } from "@pulumi/pulumi/proto/status_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { fromStruct, toStruct, type Values } from "../../../src/rehearsal/provider/protocol/values.js";

const KINDS = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];

export interface Diff {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
  readonly detailed: Record<string, string>;
}

/** A failed operation that left something behind. */
export class InitFailed extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly state: Values,
  ) {
    super(message);
  }
}

export class EngineDouble {
  private readonly client: ResourceProviderClient;

  constructor(port: number) {
    // A connection of its own, as each provider resource of an engine has one.
    const options = { "grpc.use_local_subchannel_pool": 1 };
    this.client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), options);
  }

  close(): void {
    this.client.close();
  }

  async configure(args: Values = {}): Promise<proto.ConfigureResponse> {
    const request = new proto.ConfigureRequest();
    request.setArgs(toStruct(args));
    return await this.ask((done) => this.client.configure(request, done));
  }

  async checkConfig(news: Values): Promise<{ property: string; reason: string }[]> {
    const request = new proto.CheckRequest();
    request.setNews(toStruct(news));
    const response = await this.ask<proto.CheckResponse>((done) => this.client.checkConfig(request, done));
    return failuresOf(response);
  }

  async check(
    type: string,
    name: string,
    news: Values,
    olds: Values = {},
  ): Promise<{ inputs: Values; failures: { property: string; reason: string }[] }> {
    const request = new proto.CheckRequest();
    request.setUrn(urn(type, name));
    request.setNews(toStruct(news));
    request.setOlds(toStruct(olds));
    request.setRandomseed(Buffer.from(name));
    const response = await this.ask<proto.CheckResponse>((done) => this.client.check(request, done));
    return { inputs: fromStruct(response.getInputs()), failures: failuresOf(response) };
  }

  async diff(type: string, id: string, olds: Values, news: Values, ignored: string[] = []): Promise<Diff> {
    const request = new proto.DiffRequest();
    request.setUrn(urn(type, id));
    request.setId(id);
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    request.setIgnorechangesList(ignored);
    const response = await this.ask<proto.DiffResponse>((done) => this.client.diff(request, done));
    const detailed: Record<string, string> = {};
    response.getDetaileddiffMap().forEach((diff: proto.PropertyDiff, path: string) => {
      detailed[path] = KINDS[diff.getKind()] as string;
    });
    return {
      changes: response.getChanges() === proto.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
      detailed,
    };
  }

  async create(type: string, name: string, inputs: Values, preview = false): Promise<{ id: string; state: Values }> {
    const request = new proto.CreateRequest();
    request.setUrn(urn(type, name));
    request.setProperties(toStruct(inputs));
    request.setPreview(preview);
    const response = await this.ask<proto.CreateResponse>((done) => this.client.create(request, done));
    return { id: response.getId(), state: fromStruct(response.getProperties()) };
  }

  async read(
    type: string,
    id: string,
    state: Values = {},
    inputs: Values = {},
  ): Promise<{ id: string; state: Values; inputs: Values }> {
    const request = new proto.ReadRequest();
    request.setUrn(urn(type, "read"));
    request.setId(id);
    request.setProperties(toStruct(state));
    request.setInputs(toStruct(inputs));
    const response = await this.ask<proto.ReadResponse>((done) => this.client.read(request, done));
    return {
      id: response.getId(),
      state: fromStruct(response.getProperties()),
      inputs: fromStruct(response.getInputs()),
    };
  }

  async update(
    type: string,
    id: string,
    olds: Values,
    news: Values,
    options: { preview?: boolean; ignored?: string[] } = {},
  ): Promise<Values> {
    const request = new proto.UpdateRequest();
    request.setUrn(urn(type, "update"));
    request.setId(id);
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    request.setPreview(options.preview ?? false);
    request.setIgnorechangesList(options.ignored ?? []);
    const response = await this.ask<proto.UpdateResponse>((done) => this.client.update(request, done));
    return fromStruct(response.getProperties());
  }

  async delete(type: string, id: string, state: Values): Promise<void> {
    const request = new proto.DeleteRequest();
    request.setUrn(urn(type, "delete"));
    request.setId(id);
    request.setProperties(toStruct(state));
    await this.ask<Empty>((done) => this.client.delete(request, done));
  }

  async invoke(token: string, args: Values): Promise<{ result: Values; failures: { reason: string }[]; raw: unknown }> {
    const request = new proto.InvokeRequest();
    request.setTok(token);
    request.setArgs(Struct.fromJavaScript(args as never));
    const response = await this.ask<proto.InvokeResponse>((done) => this.client.invoke(request, done));
    const raw = response.getReturn()?.toJavaScript();
    return { result: fromStruct(response.getReturn()), failures: failuresOf(response), raw };
  }

  async cancel(): Promise<void> {
    await this.ask<Empty>((done) => this.client.cancel(new Empty(), done));
  }

  /** Breaks off a creation once the provider has begun it, as a killed engine does. */
  async abandonCreate(type: string, name: string, begun: Promise<unknown>): Promise<void> {
    const request = new proto.CreateRequest();
    request.setUrn(urn(type, name));
    const call = this.client.create(request, () => undefined);
    await begun;
    call.cancel();
  }

  private async ask<T>(call: (done: (error: ServiceError | null, response: T) => void) => unknown): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      call((error, response) => (error ? reject(unpack(error)) : resolve(response)));
    });
  }
}

export function urn(type: string, name: string): string {
  return `urn:pulumi:test::project::${type}::${name}`;
}

function failuresOf(response: { getFailuresList(): proto.CheckFailure[] }): { property: string; reason: string }[] {
  return response
    .getFailuresList()
    .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
}

function unpack(error: ServiceError): Error {
  const [packed] = error.metadata.get("grpc-status-details-bin");
  if (!packed) return new Error(error.details);
  const [detail] = Status.deserializeBinary(packed as Buffer).getDetailsList();
  const failed = proto.ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() ?? new Uint8Array());
  return new InitFailed(error.details, failed.getId(), fromStruct(failed.getProperties()));
}
