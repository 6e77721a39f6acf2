import type { Logger } from "pino";
import { AwsError } from "../awsError.js";
import type { RequestContext, Service, ServiceId } from "../service.js";
import { documentedStatus, errorSchema, operationSchema, queryCode, type ServiceFacts } from "./catalogue.js";
import { checkOutput } from "./checkOutput.js";
import { InputFault, refusalOf } from "./inputFault.js";
import type { Protocol, WireAnswer, WireCall, WireError } from "./protocols/protocol.js";
import { protocolOf, RoutingError, route, type WireRequest } from "./route.js";
import { inputSchema, type OperationSchema, outputSchema } from "./schemas.js";
import type { StaleReads } from "./staleReads.js";

/** Runs before each operation; throws an AwsError to answer in the operation's place (faults on demand). */
export type BeforeOperation = (call: { service: ServiceId; operation: string }) => void | Promise<void>;

/** What answering needs besides the request. */
export interface Answering {
  readonly services: ReadonlyMap<ServiceId, Service>;
  readonly accountId: string;
  readonly log: Logger;
  readonly before?: BeforeOperation | undefined;
  /** Answers questions as of some time ago, where that was asked for. */
  readonly staleReads?: StaleReads | undefined;
}

/** Answers one request in its own protocol, whatever happens. */
export async function answerCall(request: WireRequest, requestId: string, answering: Answering): Promise<WireAnswer> {
  let protocol: Protocol = protocolOf(request.headers);
  let facts: ServiceFacts | undefined;
  let operation: string | undefined;
  try {
    const call = route(request);
    ({ protocol, service: facts, operation } = call);
    return await perform(call, requestId, answering);
  } catch (error) {
    if (error instanceof RoutingError) ({ protocol, service: facts } = error);
    const refusal = refusalFor(error, facts, answering.log.child({ requestId, service: facts?.id, operation }));
    return protocol.refuse(facts, onTheWire(refusal, facts), requestId);
  }
}

async function perform(call: WireCall, requestId: string, answering: Answering): Promise<WireAnswer> {
  const { service: facts, protocol, operation: name } = call;
  const schema = operationSchema(facts.id, name);
  const service = answering.services.get(facts.id);
  const operation = service && Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
  if (!schema || !operation) throw unknownOperation(call, schema, answering.log);
  await answering.before?.({ service: facts.id, operation: name });
  const input = call.decode(inputSchema(schema));
  const context: RequestContext = { requestId, region: call.region, accountId: answering.accountId };
  const run = (): unknown => operation(input, context);
  const question = { service: facts.id, operation: name, input };
  const output = await (answering.staleReads ? answering.staleReads.answer(question, run) : run());
  checkOutput(outputSchema(schema), output);
  return protocol.answer(facts, schema, output, requestId);
}

function unknownOperation(call: WireCall, schema: OperationSchema | undefined, log: Logger): AwsError {
  const { id } = call.service;
  const reason = schema ? "AWS has it, the local cloud does not serve it" : "AWS does not have it";
  log.warn({ service: id, operation: call.operation }, `unknown operation ${id}:${call.operation} (${reason})`);
  const code =
    call.protocol.id === "json" && !call.service.queryCompatible ? "UnknownOperationException" : "InvalidAction";
  return new AwsError(code, `The action ${call.operation} is not valid for this web service (${reason}).`);
}

function refusalFor(error: unknown, facts: ServiceFacts | undefined, log: Logger): AwsError {
  if (error instanceof InputFault && facts) {
    const refusal = refusalOf(facts.id, error);
    log.warn({ code: refusal.code, parameter: error.path }, `refused: ${refusal.message}`);
    return refusal;
  }
  const refusal = error instanceof RoutingError ? error.refusal : error;
  if (refusal instanceof AwsError) {
    log.debug({ code: refusal.code }, `refused: ${refusal.message}`);
    return refusal;
  }
  log.error({ err: error }, "the local cloud failed at an operation");
  const detail = error instanceof Error ? error.message : String(error);
  return new AwsError(
    "InternalFailure",
    `The local cloud failed at this operation, which is its own fault: ${detail}`,
    500,
  );
}

function onTheWire(error: AwsError, facts: ServiceFacts | undefined): WireError {
  const { code, message, status } = error;
  const schema = facts && errorSchema(facts.id, code);
  if (!schema) return { code, shape: code, message, status };
  return {
    code: queryCode(schema),
    shape: `${schema[1]}#${schema[2]}`,
    message,
    // The JSON services answer every refusal with 400, whatever the model says.
    status: status === 400 && facts.protocols.includes("query") ? (documentedStatus(schema) ?? status) : status,
  };
}
