/** Errors on the wire. */
import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb.js";
import { Status } from "@pulumi/pulumi/proto/status_pb.js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { PartialFailure } from "./partialFailure.js";
import { toStruct } from "./values.js";

/**
 * A gRPC error with the message, and for a thing that exists in part the details from which the engine keeps it in the state
 * (`pulumirpc.ErrorResourceInitFailed` under `grpc-status-details-bin`, as the SDK's own provider server packs it).
 */
export function toServiceError(error: unknown): ServiceError {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new Metadata();
  if (error instanceof PartialFailure) {
    const detail = new ErrorResourceInitFailed();
    detail.setId(error.id);
    detail.setProperties(toStruct(error.state));
    if (error.inputs) detail.setInputs(toStruct(error.inputs));
    detail.setReasonsList([message, ...error.details]);
    const packed = new Any();
    packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const wire = new Status();
    wire.setCode(status.UNKNOWN);
    wire.setMessage(message);
    wire.addDetails(packed);
    metadata.add("grpc-status-details-bin", Buffer.from(wire.serializeBinary()));
  }
  return Object.assign(new Error(message), { code: status.UNKNOWN, details: message, metadata });
}
