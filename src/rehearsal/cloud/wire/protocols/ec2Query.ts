import { element, encodeMembers, escapeText } from "../encodeXml.js";
import { outputSchema } from "../schemas.js";
import type { Protocol } from "./protocol.js";

const headers = { "content-type": "text/xml;charset=UTF-8" };

/** EC2's own form of the query protocol (Smithy's ec2Query): no result element, `requestId` among the members. */
export const ec2Query: Protocol = {
  id: "ec2Query",
  answer(service, operation, output, requestId) {
    const name = operation[2];
    const schema = outputSchema(operation);
    // An operation that has nothing to say answers <return>true</return> (EC2 API reference).
    const members = schema.isUnitSchema() ? element("return", "true") : encodeMembers(schema, (output ?? {}) as object);
    const body = `<${name}Response xmlns="${service.xmlNamespace}">${element("requestId", requestId)}${members}</${name}Response>`;
    return { status: 200, headers, body };
  },
  refuse(_service, error, requestId) {
    const described = element("Code", escapeText(error.code)) + element("Message", escapeText(error.message));
    const body = `<Response>${element("Errors", element("Error", described))}${element("RequestID", requestId)}</Response>`;
    return { status: error.status, headers, body };
  },
};
