import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { AwsError } from "../awsError.js";
import type { Service, ServiceId } from "../service.js";
import { type Answering, answerCall, type BeforeOperation } from "./answerCall.js";
import type { WireAnswer } from "./protocols/protocol.js";
import { readBody } from "./readBody.js";
import { protocolOf } from "./route.js";
import type { StaleReads } from "./staleReads.js";

/** Handles paths under /_hitless/; resolves to false when it does not know the path. */
export type AdminApi = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export interface WireServerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly services: readonly Service[];
  readonly accountId: string;
  readonly log: Logger;
  readonly before?: BeforeOperation;
  readonly admin?: AdminApi;
  readonly staleReads?: StaleReads;
  /** Real seconds in which a request's head must have come; slower clients get 408. @default 20 */
  readonly headSeconds?: number;
  /** Real seconds in which a whole request must have come. @default 60 */
  readonly callSeconds?: number;
}

/** How often (real milliseconds) slow clients are looked for, at most. */
const slowCheckMs = 1000;
/** How long (real milliseconds) calls in progress may take once the server is told to close. */
const closeGraceMs = 2000;

/** The local cloud's one port on loopback: AWS's wire protocols, and the administration paths. */
export class WireServer {
  readonly #server: Server;
  readonly #answering: Answering;
  readonly #admin: AdminApi | undefined;
  readonly #log: Logger;
  #closing = false;
  #inProgress = 0;

  private constructor(options: WireServerOptions) {
    const services = new Map<ServiceId, Service>(options.services.map((service) => [service.id, service]));
    this.#log = options.log;
    this.#admin = options.admin;
    this.#answering = {
      services,
      accountId: options.accountId,
      log: options.log,
      before: options.before,
      staleReads: options.staleReads,
    };
    const headersTimeout = 1000 * (options.headSeconds ?? 20);
    const timeouts = {
      headersTimeout,
      requestTimeout: 1000 * (options.callSeconds ?? 60),
      connectionsCheckingInterval: Math.min(slowCheckMs, headersTimeout / 2),
    };
    this.#server = createServer(timeouts, (request, response) => {
      this.#inProgress++;
      response.once("close", () => {
        this.#inProgress--;
        this.#cutIdle();
      });
      this.#handle(request, response).catch((error: unknown) => {
        this.#log.error({ err: error }, "a request ended without an answer");
        response.destroy();
      });
    });
  }

  /** Listens on 127.0.0.1; rejects in one sentence when the port cannot be had. */
  static async start(options: WireServerOptions): Promise<WireServer> {
    const server = new WireServer(options);
    await server.#listen(options.port);
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Takes no more calls, lets those in progress finish for a moment, then cuts them. */
  close(): Promise<void> {
    this.#closing = true;
    return new Promise((resolve) => {
      const deadline = setTimeout(() => this.#server.closeAllConnections(), closeGraceMs);
      this.#server.close(() => {
        clearTimeout(deadline);
        resolve();
      });
      this.#cutIdle();
    });
  }

  /** A connection that never carried a request is not "idle" to Node, so idle means: no call is in progress at all. */
  #cutIdle(): void {
    if (this.#closing && this.#inProgress === 0) this.#server.closeAllConnections();
  }

  #listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", (error: NodeJS.ErrnoException) => reject(listenError(error, port)));
      this.#server.listen(port, "127.0.0.1", resolve);
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request.url ?? "/");
    if (path === "/_hitless" || path.startsWith("/_hitless/")) return this.#administer(request, response, path);
    const requestId = randomUUID();
    const answer = await this.#answer(request, path, requestId);
    // Bytes from here on: a text would be walked once for its length and again when it is sent, and a group's may be half a megabyte.
    const body = Buffer.from(answer.body);
    response.writeHead(answer.status, {
      ...answer.headers,
      "content-length": body.length,
      "x-amzn-requestid": requestId,
      // A body that was not read to its end would be taken for the next request; and who closes wants idle connections gone.
      ...(request.complete && !this.#closing ? {} : { connection: "close" }),
    });
    response.end(body);
  }

  async #answer(request: IncomingMessage, path: string, requestId: string): Promise<WireAnswer> {
    const { method = "", headers } = request;
    let body: Buffer;
    try {
      body = await readBody(request);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const { code, message, status } = error;
      return protocolOf(headers).refuse(undefined, { code, shape: code, message, status }, requestId);
    }
    return answerCall({ method, path, headers, body }, requestId, this.#answering);
  }

  async #administer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (await this.#admin?.(request, response)) return;
    response.writeHead(404, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: `There is no ${request.method} ${path}.` }));
  }
}

/** The path of a request target; what is no address at all is looked up as it stands, and found nowhere. */
function pathOf(target: string): string {
  return URL.canParse(target, "http://localhost") ? new URL(target, "http://localhost").pathname : target;
}

function listenError(error: NodeJS.ErrnoException, port: number): Error {
  return Object.assign(new Error(listenSentence(error, port)), { code: error.code });
}

function listenSentence(error: NodeJS.ErrnoException, port: number): string {
  switch (error.code) {
    case "EADDRINUSE":
      return `Port ${port} is in use: another process listens on 127.0.0.1:${port}. Stop it, or give another port.`;
    case "EACCES":
      return `Port ${port} needs privileges that this process does not have. Give a port above 1023.`;
    default:
      return `The local cloud cannot listen on 127.0.0.1:${port}: ${error.message}`;
  }
}
