import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { AwsError } from "../awsError.js";

/** The longest body that is read; AWS's own limits for these services are of that order. */
export const bodyLimit = 1024 * 1024;

const unzip = promisify(gunzip);

/** Reads a request's body, unpacked where the client compressed it (CloudWatch clients do so with larger metric data). */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyLimit) throw tooLarge();
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const encoding = request.headers["content-encoding"];
  if (encoding === undefined || encoding === "identity") return body;
  if (encoding !== "gzip")
    throw new AwsError("UnsupportedMediaType", `The content encoding "${encoding}" is not gzip.`, 415);
  try {
    return await unzip(body, { maxOutputLength: bodyLimit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
    throw new AwsError("SerializationException", `The gzip body cannot be unpacked: ${(error as Error).message}`);
  }
}

function tooLarge(): AwsError {
  return new AwsError("RequestEntityTooLarge", `The request body is larger than ${bodyLimit} bytes.`, 413);
}
