import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { faultsShape } from "../faultsShape.js";
import type { CloudFaults, CloudSnapshot, CloudStatus } from "../snapshot.js";

/** What the admin API needs of the cloud; `LocalCloud` is composed to fit. */
export interface AdministeredCloud {
  status(): CloudStatus | Promise<CloudStatus>;
  snapshot(): CloudSnapshot | Promise<CloudSnapshot>;
  /** Certificates (PEM, one after another) that HTTPS clients of the load balancers are to trust. */
  trust(): string;
  /** Replaces all faults by the given ones; an empty object mends everything. */
  setFaults(faults: CloudFaults): void | Promise<void>;
  /** The instance's console output; undefined for an instance that the cloud does not know. */
  console(instanceId: string): Promise<string | undefined>;
  /** Kills an instance as a power failure does; false for an instance that the cloud does not know. */
  powerFailure(instanceId: string): Promise<boolean>;
}

/** Answers a request below `/_hitless/` and resolves true; resolves false, with the response untouched, for any other path. */
export type AdminApi = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

const prefix = "/_hitless/";
const longestBody = 64 * 1024;

const faultsSchema = z.strictObject(faultsShape);

/** A refusal of the admin API, with the HTTP status that says whose fault it is. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/**
 * The local cloud's own API, next to AWS's on the same port:
 *
 * | request | answers |
 * | --- | --- |
 * | `GET /_hitless/health` | `{"ok": true}` as soon as the cloud serves |
 * | `GET /_hitless/status` | a `CloudStatus` |
 * | `GET /_hitless/snapshot` | a `CloudSnapshot` |
 * | `GET /_hitless/trust` | the certificates that HTTPS clients of the load balancers are to trust, as PEM |
 * | `PUT /_hitless/faults` | takes `CloudFaults`, answers the faults now in force |
 * | `GET /_hitless/instances/ID/console` | the instance's console output as plain text |
 * | `POST /_hitless/instances/ID/power-failure` | kills the instance at once |
 *
 * Errors are `{"error": "one sentence"}`.
 */
export function createAdminApi(cloud: AdministeredCloud): AdminApi {
  return async (request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    if (!path.startsWith(prefix)) return false;
    try {
      await route(cloud, path.slice(prefix.length), request, response);
    } catch (error) {
      if (response.headersSent) throw error;
      const refusal = error instanceof Refusal ? error : new Refusal(500, `The local cloud failed: ${String(error)}`);
      answerJson(response, refusal.status, { error: refusal.message }, refusal.headers);
    }
    return true;
  };
}

async function route(
  cloud: AdministeredCloud,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A page in a browser could otherwise break a running rehearsal: no client of ours sends Origin.
  if (request.headers.origin !== undefined) {
    throw new Refusal(403, "The admin API does not answer web pages (the request carries an Origin header).");
  }
  const allow = (method: string): void => {
    if (request.method === method) return;
    throw new Refusal(405, `${prefix}${path} takes ${method}, not ${request.method}.`, { allow: method });
  };
  const instance = /^instances\/([^/]+)\/(console|power-failure)$/.exec(path);
  if (instance) {
    const [, id = "", part] = instance;
    if (part === "console") {
      allow("GET");
      return answerText(response, known(id, await cloud.console(id)));
    }
    allow("POST");
    known(id, (await cloud.powerFailure(id)) || undefined);
    return answerJson(response, 200, { instanceId: id });
  }
  switch (path) {
    case "health":
      allow("GET");
      return answerJson(response, 200, { ok: true });
    case "status":
      allow("GET");
      return answerJson(response, 200, await cloud.status());
    case "snapshot":
      allow("GET");
      return answerJson(response, 200, await cloud.snapshot());
    case "trust":
      allow("GET");
      return answerText(response, cloud.trust());
    case "faults": {
      allow("PUT");
      const faults = parseFaults(await readBody(request));
      await takeFaults(cloud, faults);
      return answerJson(response, 200, faults);
    }
    default:
      throw new Refusal(
        404,
        `${prefix}${path} does not exist; there are health, status, snapshot, trust, faults and instances/ID/console.`,
      );
  }
}

/** What the cloud cannot take is the caller's fault: a zone that is not there. */
async function takeFaults(cloud: AdministeredCloud, faults: CloudFaults): Promise<void> {
  try {
    await cloud.setFaults(faults);
  } catch (error) {
    throw error instanceof RangeError ? new Refusal(400, error.message) : error;
  }
}

function known<T>(instanceId: string, value: T | undefined): T {
  if (value === undefined) throw new Refusal(404, `The local cloud knows no instance "${instanceId}".`);
  return value;
}

function parseFaults(body: string): CloudFaults {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    throw new Refusal(400, `The faults are not JSON: ${(error as Error).message}`);
  }
  const parsed = faultsSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map(({ path, message }) =>
    path.length ? `${path.join(".")}: ${message}` : message,
  );
  throw new Refusal(
    400,
    `The faults are not valid. ${reasons.join("; ")}. Known: ${Object.keys(faultsSchema.shape).join(", ")}.`,
  );
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > longestBody) throw new Refusal(413, `The body is longer than ${longestBody} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers });
  response.end(JSON.stringify(body));
}

function answerText(response: ServerResponse, text: string): void {
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
  response.end(text);
}
