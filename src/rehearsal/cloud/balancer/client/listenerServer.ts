import { createServer, type Server as HttpServer, IncomingMessage } from "node:http";
import type { Server, Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from "node:tls";
import { type BalancerContext, realSeconds } from "../balancerContext.js";
import type { Counts } from "../counts.js";
import { BalancerResponse, ClientConnection } from "./clientConnection.js";
import { rawErrorResponse } from "./errorResponses.js";
import type { Certificate } from "./selfSigned.js";

/** Takes the requests of a listener. */
export interface RequestTaker {
  take(request: IncomingMessage, response: BalancerResponse, upgrade?: { socket: Socket; head: Buffer }): void;
}

/** Whole request head: 64 K (ALB guide, limits). */
const REQUEST_HEAD_LIMIT = 64 * 1024;

/**
 * The client side of one listener: an HTTP/1.1 server on a socket that is listening already. Node's parser is strict: a request
 * with two lengths, or with a length and a coding, is refused with 400 before anything of it is forwarded.
 */
export class ListenerServer {
  readonly #http: HttpServer<typeof IncomingMessage, typeof BalancerResponse>;
  #tls: TlsServer | undefined;
  #certificate: Certificate | undefined;
  readonly #clients = new Set<ClientConnection>();
  /** Connections as accepted: with TLS also those that are still shaking hands. */
  readonly #sockets = new Set<Socket>();
  #closing = false;
  #whenEmpty: (() => void) | undefined;

  constructor(
    private readonly context: BalancerContext,
    private readonly counts: Counts,
    private readonly server: Server,
    private readonly taker: RequestTaker,
    private idleTimeoutMs: number,
  ) {
    this.#http = createServer({
      IncomingMessage,
      ServerResponse: BalancerResponse,
      maxHeaderSize: REQUEST_HEAD_LIMIT,
      insecureHTTPParser: false,
      requireHostHeader: false, // refused where all malformed requests are, with ALB's page and a count
      keepAliveTimeout: 0, // the idle timeout below covers the time between requests as well
      headersTimeout: 0,
      requestTimeout: 0,
    });
    this.#http.timeout = idleTimeoutMs;
    this.#http.on("request", (request, response) => this.#take(request, response));
    this.#http.on("upgrade", (request, socket: Socket, head: Buffer) => this.#upgrade(request, socket, head));
    this.#http.on("connect", (_request, socket: Socket) => this.#refuse(socket, 405));
    this.#http.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => this.#onClientError(error, socket));
    this.#http.on("timeout", (socket: Socket) => this.#onIdle(socket));
    server.on("connection", (socket: Socket) => this.#accept(socket));
    server.on("error", (error) => context.log.error({ err: error }, "a listener's socket failed"));
  }

  /** Open client connections. */
  get connections(): number {
    return this.#sockets.size;
  }

  setIdleTimeout(milliseconds: number): void {
    if (milliseconds === this.idleTimeoutMs) return;
    this.idleTimeoutMs = milliseconds;
    this.#http.timeout = milliseconds;
    for (const client of this.#clients) client.socket.setTimeout(milliseconds);
  }

  /**
   * Connections from now on speak TLS with this certificate, or plain HTTP when there is none. Where that changes the protocol, what
   * is open ends: idle connections now, the others with the response they wait for.
   */
  setCertificate(certificate: Certificate | undefined): void {
    if (certificate?.cert === this.#certificate?.cert && certificate?.key === this.#certificate?.key) return;
    const sameProtocol = (certificate !== undefined) === (this.#tls !== undefined);
    this.#certificate = certificate;
    if (certificate && this.#tls) this.#tls.setSecureContext(certificate);
    else {
      this.#tls = certificate && createTlsServer({ ...certificate, ALPNProtocols: ["http/1.1"] });
      this.#tls?.on("secureConnection", (socket: TLSSocket) => this.#serve(socket));
    }
    if (sameProtocol) return;
    for (const client of this.#clients) {
      client.retired = true;
      if (client.active === 0) client.socket.destroy();
    }
  }

  /** Stops listening, ends idle connections, and waits up to `graceSeconds` (real) for requests in flight before it cuts them. */
  async close(graceSeconds: number): Promise<void> {
    this.#closing = true;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const client of this.#clients) if (client.active === 0) client.socket.destroy();
    if (this.#clients.size > 0) {
      const { clock } = this.context;
      await new Promise<void>((resolve) => {
        const cancel = clock.after(realSeconds(this.context, graceSeconds), resolve);
        this.#whenEmpty = () => {
          cancel();
          resolve();
        };
      });
    }
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    if (this.#closing) {
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    this.counts.connection();
    if (this.#tls) {
      socket.on("error", () => socket.destroy());
      this.#tls.emit("connection", socket);
    } else {
      this.#serve(socket);
    }
  }

  #serve(socket: Socket): void {
    const client = ClientConnection.open(socket, this.context.clock.now());
    this.#clients.add(client);
    socket.on("close", () => {
      this.#clients.delete(client);
      if (this.#clients.size === 0) this.#whenEmpty?.();
    });
    this.#http.emit("connection", socket);
  }

  #take(request: IncomingMessage, response: BalancerResponse, upgrade?: { socket: Socket; head: Buffer }): void {
    const client = ClientConnection.of(request.socket);
    if (client?.refused) return; // the refusal's own end closes the connection
    if (client) client.active++;
    response.on("close", onResponseClose);
    this.taker.take(request, response, upgrade);
    if (client) client.exchange = response.exchange;
  }

  /** WebSocket is passed through. ALB knows no other protocol to upgrade to: such a request is served as if it had not asked. */
  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    if (request.headers.upgrade?.toLowerCase() !== "websocket") {
      // The parser has let go of the connection, so the request is put back without its wish and parsed anew, body included.
      socket.unshift(Buffer.concat([Buffer.from(headWithoutUpgrade(request), "latin1"), head]));
      this.#http.emit("connection", socket);
      return;
    }
    const response = new BalancerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.on("finish", () => {
      response.detachSocket(socket);
      socket.destroySoon();
    });
    this.#take(request, response, { socket, head });
  }

  /** A request that cannot be read, or a client that broke off. */
  #onClientError(error: NodeJS.ErrnoException, socket: Socket): void {
    const client = ClientConnection.of(socket);
    const exchange = client?.exchange;
    const parseError = error.code?.startsWith("HPE_") ?? false;
    if (client?.refused && parseError) return; // it has its answer, which ends the connection
    if (exchange && !exchange.done && parseError) {
      exchange.clientMalformed(); // its response, if one can still be given, ends the connection
      return;
    }
    if (parseError && socket.writable) this.#refuse(socket, 400);
    else socket.destroy();
  }

  #refuse(socket: Socket, status: 400 | 405): void {
    this.counts.balancerAnswered(status);
    socket.write(rawErrorResponse(status), "latin1");
    socket.destroySoon();
  }

  #onIdle(socket: Socket): void {
    const exchange = ClientConnection.of(socket)?.exchange;
    if (exchange && !exchange.done) exchange.clientIdle();
    else socket.destroy();
  }
}

function onResponseClose(this: BalancerResponse): void {
  const { exchange } = this;
  if (exchange && !exchange.done) exchange.clientLeft();
  const client = ClientConnection.of(this.req.socket);
  if (client) client.active--;
}

function headWithoutUpgrade(request: IncomingMessage): string {
  let head = `${request.method} ${request.url} HTTP/${request.httpVersion}\r\n`;
  const raw = request.rawHeaders;
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] as string).toLowerCase();
    if (name === "upgrade" || name === "http2-settings") continue;
    if (name === "connection") {
      const kept = (raw[at + 1] as string)
        .split(",")
        .filter((option) => !/^\s*(upgrade|http2-settings)\s*$/i.test(option));
      if (kept.length > 0) head += `Connection: ${kept.join(",")}\r\n`;
      continue;
    }
    head += `${raw[at]}: ${raw[at + 1]}\r\n`;
  }
  return `${head}\r\n`;
}
