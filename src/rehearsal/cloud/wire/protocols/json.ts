import { JsonCodec } from "@smithy/core/protocols";
import { outputSchema } from "../schemas.js";
import { faultOf, type Protocol } from "./protocol.js";

/** Timestamps as epoch seconds unless a trait says otherwise (7 is the schema library's number for that format). */
const codec = new JsonCodec({ timestampFormat: { useTrait: true, default: 7 }, jsonName: false });

/** AWS JSON 1.0 or 1.1: they differ in the content type only. */
export function json(version: "1.0" | "1.1"): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  return {
    id: "json",
    answer(_service, operation, output) {
      const schema = outputSchema(operation);
      if (schema.isUnitSchema()) return { status: 200, headers: { "content-type": contentType }, body: "{}" };
      const serializer = codec.createSerializer();
      serializer.write(schema, output ?? {});
      return { status: 200, headers: { "content-type": contentType }, body: serializer.flush() as string };
    },
    refuse(service, error) {
      return {
        status: error.status,
        headers: {
          "content-type": contentType,
          ...(service?.queryCompatible && { "x-amzn-query-error": `${error.code};${faultOf(error.status)}` }),
        },
        body: JSON.stringify({ __type: error.shape, message: error.message }),
      };
    },
  };
}
