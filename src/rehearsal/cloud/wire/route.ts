import type { IncomingHttpHeaders } from "node:http";
import { cbor as cborBytes } from "@smithy/core/cbor";
import { AwsError } from "../awsError.js";
import { catalogue, type ProtocolId, type ServiceFacts } from "./catalogue.js";
import { credentialScope } from "./credentialScope.js";
import { decodeDocument } from "./decodeDocument.js";
import { decodeForm } from "./decodeForm.js";
import { parseForm, takeText } from "./form.js";
import { cbor } from "./protocols/cbor.js";
import { ec2Query } from "./protocols/ec2Query.js";
import { json } from "./protocols/json.js";
import type { Protocol, WireCall } from "./protocols/protocol.js";
import { query } from "./protocols/query.js";

/** A request with its body read. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** How far routing came before it failed, so that the refusal has the caller's own shape. */
export class RoutingError extends Error {
  constructor(
    readonly refusal: AwsError,
    readonly protocol: Protocol,
    readonly service?: ServiceFacts,
  ) {
    super(refusal.message);
    this.name = "RoutingError";
  }
}

const rpcPath = /^\/service\/([^/]+)\/operation\/([^/]+)\/?$/;

/** Finds a request's service (by its credential scope), protocol (by headers and path) and operation. */
export function route(request: WireRequest): WireCall {
  let protocol = protocolOf(request.headers);
  let service: ServiceFacts | undefined;
  try {
    if (request.method !== "POST") {
      throw new AwsError(
        "InvalidAction",
        `The local cloud takes POST requests only, this is ${request.method} ${request.path}.`,
      );
    }
    const scope = credentialScope(request.headers);
    service = Object.values(catalogue).find((facts) => facts.signingName === scope.signingName);
    if (!service) throw unknownService(scope.signingName);
    if (service.id === "ec2" && protocol.id === "query") protocol = ec2Query;
    const found = service;
    const read = reader(found, protocol, request);
    return { service: found, protocol, region: scope.region, ...read };
  } catch (error) {
    if (error instanceof AwsError) throw new RoutingError(error, protocol, service);
    throw error;
  }
}

/** The protocol that a request's headers speak, known even where nothing else of it can be understood. */
export function protocolOf(headers: IncomingHttpHeaders): Protocol {
  if (headers["smithy-protocol"] === "rpc-v2-cbor") return cbor;
  const contentType = headers["content-type"] ?? "";
  if (contentType.startsWith("application/x-amz-json-1.0")) return json("1.0");
  if (contentType.startsWith("application/x-amz-json-") || headers["x-amz-target"]) return json("1.1");
  return query;
}

function reader(
  service: ServiceFacts,
  protocol: Protocol,
  request: WireRequest,
): Pick<WireCall, "operation" | "decode"> {
  requireSpoken(service, protocol.id);
  switch (protocol.id) {
    case "query":
    case "ec2Query":
      return formReader(service, protocol.id, request);
    case "json": {
      const [target, operation, ...rest] = String(request.headers["x-amz-target"] ?? "").split(".");
      requireTarget(service, target ?? "");
      const document = parse(() => (request.body.length === 0 ? {} : JSON.parse(utf8(request.body))));
      const name = [operation, ...rest].join(".");
      return { operation: name, decode: (input) => decodeDocument(input, document) };
    }
    case "cbor": {
      const [, target = "", operation = ""] = rpcPath.exec(request.path) ?? [];
      requireTarget(service, target);
      const document = parse(() => (request.body.length === 0 ? {} : cborBytes.deserialize(request.body)));
      return { operation, decode: (input) => decodeDocument(input, document) };
    }
  }
}

function formReader(
  service: ServiceFacts,
  protocol: ProtocolId,
  request: WireRequest,
): Pick<WireCall, "operation" | "decode"> {
  const form = parseForm(parse(() => utf8(request.body)));
  const operation = takeText(form, "Action");
  const version = takeText(form, "Version");
  if (operation === undefined) {
    throw new AwsError("MissingAction", "The request must contain the parameter Action");
  }
  if (version !== service.apiVersion) {
    // Classic Elastic Load Balancing shares the newer service's credential scope and differs by version only.
    throw new AwsError(
      "NoSuchVersion",
      `The requested version (${version ?? "none"}) of service ${service.target} does not exist; the local cloud serves ${service.apiVersion}`,
    );
  }
  return { operation, decode: (input) => decodeForm(input, form, { ec2: protocol === "ec2Query" }) };
}

function requireSpoken(service: ServiceFacts, protocol: ProtocolId): void {
  if (service.protocols.includes(protocol)) return;
  throw new AwsError(
    "UnsupportedProtocol",
    `The ${protocol} protocol is not spoken by ${service.signingName}, which takes ${service.protocols.join(", ")}.`,
  );
}

function requireTarget(service: ServiceFacts, target: string): void {
  if (target === service.target) return;
  throw new AwsError(
    "UnknownOperationException",
    `The target "${target}" is not ${service.target}, for which the request is signed.`,
  );
}

function unknownService(signingName: string): AwsError {
  const served = Object.values(catalogue).map((facts) => facts.signingName);
  return new AwsError(
    "InvalidAction",
    `The local cloud does not serve "${signingName}"; it serves ${served.join(", ")}.`,
  );
}

/** Parsers throw whatever they like; to the caller it is one thing. */
function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new AwsError("SerializationException", `The request body cannot be read: ${(error as Error).message}`);
  }
}

function utf8(body: Buffer): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(body);
}
