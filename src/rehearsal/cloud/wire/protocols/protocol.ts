import type { NormalizedSchema } from "@smithy/core/schema";
import type { ServiceId } from "../../service.js";
import type { ProtocolId, ServiceFacts } from "../catalogue.js";
import type { OperationSchema } from "../schemas.js";

/** An answer on its way to the caller; the server adds the request id. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** An error with every name that a protocol may want of it. */
export interface WireError {
  /** The query protocols' code: `TargetGroupNotFound`. */
  readonly code: string;
  /** The error shape's full name where the service has one: `com.amazonaws.ssm#ParameterNotFound`; else the code. */
  readonly shape: string;
  readonly message: string;
  readonly status: number;
}

/** One wire protocol, seen from the server. */
export interface Protocol {
  readonly id: ProtocolId;
  /** The content type of this request's answers where the protocol has several (JSON 1.0 and 1.1). */
  answer(service: ServiceFacts, operation: OperationSchema, output: unknown, requestId: string): WireAnswer;
  refuse(service: ServiceFacts | undefined, error: WireError, requestId: string): WireAnswer;
}

/** A call that found its service and protocol, with the input still to be decoded. */
export interface WireCall {
  readonly service: ServiceFacts;
  readonly protocol: Protocol;
  readonly operation: string;
  readonly region: string;
  /** Decodes the input by the operation's schema; throws InputFault. */
  decode(input: NormalizedSchema): Record<string, unknown>;
}

/** Who is at fault, in AWS's words. */
export function faultOf(status: number): "Sender" | "Receiver" {
  return status < 500 ? "Sender" : "Receiver";
}

export type { ServiceId };
