import { cbor as bytes, CborCodec } from "@smithy/core/cbor";
import { outputSchema } from "../schemas.js";
import { faultOf, type Protocol } from "./protocol.js";

const codec = new CborCodec();
const headers = { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" };

/** Smithy RPC v2 with CBOR bodies, which newer CloudWatch clients speak. */
export const cbor: Protocol = {
  id: "cbor",
  answer(_service, operation, output) {
    const schema = outputSchema(operation);
    if (schema.isUnitSchema()) return { status: 200, headers, body: bytes.serialize({}) };
    const serializer = codec.createSerializer();
    serializer.write(schema, output ?? {});
    return { status: 200, headers, body: serializer.flush() };
  },
  refuse(service, error) {
    return {
      status: error.status,
      headers: {
        ...headers,
        ...(service?.queryCompatible && { "x-amzn-query-error": `${error.code};${faultOf(error.status)}` }),
      },
      body: bytes.serialize({ __type: error.shape, message: error.message }),
    };
  },
};
