import { element, encodeMembers, escapeText } from "../encodeXml.js";
import { outputSchema } from "../schemas.js";
import { faultOf, type Protocol } from "./protocol.js";

const headers = { "content-type": "text/xml" };

/** The AWS query protocol: forms in, XML out (Smithy's awsQuery). */
export const query: Protocol = {
  id: "query",
  answer(service, operation, output, requestId) {
    const name = operation[2];
    const schema = outputSchema(operation);
    const result = schema.isUnitSchema()
      ? ""
      : element(`${name}Result`, encodeMembers(schema, (output ?? {}) as object));
    const metadata = element("ResponseMetadata", element("RequestId", requestId));
    const body = `<${name}Response xmlns="${service.xmlNamespace}">${result}${metadata}</${name}Response>`;
    return { status: 200, headers, body };
  },
  refuse(service, error, requestId) {
    const described =
      element("Type", faultOf(error.status)) +
      element("Code", escapeText(error.code)) +
      element("Message", escapeText(error.message));
    const namespace = service ? ` xmlns="${service.xmlNamespace}"` : "";
    const body = `<ErrorResponse${namespace}>${element("Error", described)}${element("RequestId", requestId)}</ErrorResponse>`;
    return { status: error.status, headers, body };
  },
};
