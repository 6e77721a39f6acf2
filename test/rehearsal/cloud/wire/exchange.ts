import { Readable } from "node:stream";
import { HttpResponse } from "@smithy/core/protocols";
import fc from "fast-check";
import { pino } from "pino";
import { answerCall } from "../../../../src/rehearsal/cloud/wire/answerCall.js";
import { inputSchema, type OperationSchema, outputSchema } from "../../../../src/rehearsal/cloud/wire/schemas.js";
import { arbitraryShape } from "./arbitraryShape.js";
import type { Speaker } from "./clients.js";

const log = pino({ level: "silent" });

/** A control character or an emoji in a form is as good as a letter; XML cannot hold the former. */
const anyText = fc.string({ unit: "binary", maxLength: 12 });
const xmlText = fc
  .string({
    unit: fc.oneof(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
      fc.constantFrom("<", "&", '"', "\n", "\r", "\t", "]]>"),
    ),
    maxLength: 12,
  })
  // The SDK's own parser drops a text of white space alone.
  .filter((text) => text === "" || text.trim() !== "");

/** Any input and any output of an operation, as the speaker's protocol can carry them. */
export function arbitraryCall(speaker: Speaker, operation: OperationSchema) {
  const isXml = speaker.title.includes("query");
  return fc.record({
    name: fc.constant(operation[2]),
    input: arbitraryShape(inputSchema(operation), { text: anyText, empties: !isXml }),
    output: arbitraryShape(outputSchema(operation), { text: isXml ? xmlText : anyText, empties: !isXml }),
  });
}

/** Sends one input through the real client into `answerCall`; answers `output`. Both ends' pictures come back. */
export async function exchange(speaker: Speaker, name: string, input: unknown, output: unknown) {
  let received: unknown;
  const service = {
    id: speaker.service,
    operations: {
      [name]: (decoded: unknown) => {
        received = decoded;
        return output;
      },
    },
  };
  const requestHandler = {
    handle: async (request: any) => {
      const answer = await answerCall(
        { method: request.method, path: request.path, headers: request.headers, body: bytesOf(request.body) },
        "11111111-2222-3333-4444-555555555555",
        { services: new Map([[service.id, service]]), accountId: "123456789012", log },
      );
      const { status, headers, body } = answer;
      return {
        response: new HttpResponse({
          statusCode: status,
          headers: { ...headers },
          body: Readable.from([Buffer.from(body)]),
        }),
      };
    },
  };
  const client = speaker.connect({ endpoint: "http://127.0.0.1:1", requestHandler, disableRequestCompression: true });
  const Command = speaker.commands[`${name}Command`] as new (input: unknown) => unknown;
  const { $metadata, ...answered } = await client.send(new Command(input));
  client.destroy();
  return { received, answered };
}

/** Both pictures are what was given. */
export async function expectIdentity(
  speaker: Speaker,
  call: { name: string; input: unknown; output: unknown },
): Promise<void> {
  const { received, answered } = await exchange(speaker, call.name, call.input, call.output);
  expect(plain(received)).toEqual(plain(call.input));
  expect(plain(answered)).toEqual(plain(call.output));
}

function bytesOf(body: unknown): Buffer {
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return Buffer.from((body as string | undefined) ?? "");
}

/** Drops what no protocol can tell apart from an absent member. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("hex")}`;
  if (value instanceof Date || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, plain(item)]),
  );
}
