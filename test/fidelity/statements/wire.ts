import type { Section, Statement } from "./model.js";

const statements: readonly Statement[] = [
  {
    id: "D-01",
    says: "load balancing, Auto Scaling and STS take forms with List.member.N.Field",
    source: "wire",
  },
  {
    id: "D-02",
    says: "EC2 takes forms without member, with its own singular names: LaunchTemplateData.SecurityGroupId.1",
    source: "wire",
  },
  { id: "D-03", says: "EC2 clients send a ClientToken of their own, and one token makes one thing", source: "wire" },
  {
    id: "D-04",
    says: "CloudWatch takes JSON 1.0 by X-Amz-Target, with times as epoch seconds",
    source: "wire",
  },
  {
    id: "D-05",
    says: "CloudWatch takes RPC v2 CBOR, with maps, lists and strings of indefinite length",
    source: "wire",
  },
  { id: "D-06", says: "CloudWatch takes the older query protocol", source: "wire" },
  { id: "D-07", says: "SSM takes JSON 1.1", source: "wire" },
  {
    id: "D-17",
    says: "the price list service takes JSON 1.1",
    source: "wire",
    notServed: "prices are no part of the local cloud",
  },
  { id: "D-08", says: "one port serves all, told apart by the service in the credential scope", source: "wire" },
  {
    id: "D-09",
    says: "classic load balancing shares the scope and differs by Version 2012-06-01",
    source: "model",
    notServed: "refused with NoSuchVersion, which a test holds",
  },
  {
    id: "D-10",
    says: "a refusal of the query protocol is ErrorResponse/Error with Type, Code and Message, and the RequestId",
    source: "wire",
  },
  {
    id: "D-11",
    says: "a refusal of EC2 is Response/Errors/Error with Code and Message, and the RequestID",
    source: "wire",
  },
  {
    id: "D-12",
    says: "a refusal in JSON or CBOR has __type and message, and the query code in the header x-amzn-query-error",
    source: "wire",
  },
  {
    id: "D-13",
    says: "the request id stands in the header x-amzn-requestid and in the body of XML answers",
    source: "wire",
  },
  { id: "D-14", says: "error codes have no suffix: TargetGroupNotFound, ResourceInUse, PriorityInUse", source: "wire" },
  {
    id: "D-15",
    says: 'an Auto Scaling group that is not there is a ValidationError with "not found" in its message',
    source: "wire",
  },
  {
    id: "D-16",
    says: "an answer is OperationResponse/OperationResult with ResponseMetadata; EC2's has requestId and item lists",
    source: "wire",
  },
];

export const wire: Section = { title: "D. Wire protocols", statements };
