import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import type { CauseLog } from "../causeLog.js";
import type { BalancerResponse, ClientExchange } from "../client/clientConnection.js";
import type { ElbStatus } from "../client/errorResponses.js";
import { respondWithError } from "../client/respond.js";
import type { Counts } from "../counts.js";
import type { ForwardAction } from "../rules/groupChoice.js";
import type { TargetGroup, TargetPick } from "../targets/targetGroup.js";
import { RequestBody } from "./requestBody.js";
import { bodyFraming } from "./requestHead.js";
import { MalformedResponse, type ResponseHead } from "./responseParser.js";
import { joinSockets } from "./tunnel.js";
import type { UpstreamConnection, UpstreamFailure, UpstreamUser } from "./upstreamConnection.js";

/** Where a request goes. */
export interface Route {
  readonly action: ForwardAction;
  readonly group: TargetGroup;
  readonly pick: TargetPick;
}

/** What an exchange needs of the balancer that it runs in. */
export interface ExchangeHost {
  readonly counts: Counts;
  readonly causes: CauseLog;
  readonly idleTimeoutMs: number;
  now(): number;
  /** Whether the client's connection stays open after this response. */
  keepsClient(response: BalancerResponse): boolean;
}

const STATUS_BY_FAILURE: Readonly<Record<UpstreamFailure["kind"], ElbStatus>> = {
  unreachable: 502,
  closed: 502,
  malformed: 502,
  cut: 502,
  handshake: 502,
  connectTimeout: 504,
  idle: 504,
};

/** One request on its way to a target and its response on the way back, both streamed. */
export class Exchange implements UpstreamUser, ClientExchange {
  done = false;
  #connection: UpstreamConnection;
  #body: RequestBody | undefined;
  #sentAt = 0;
  #bytes = 0;
  #reusable = false;
  #awaitsClient = false;
  #listensForDrain = false;
  #flushed = false;
  #joined = false;

  /** @param tunnel set when the client asks to upgrade to WebSocket: its bare socket and what it sent already */
  constructor(
    private readonly host: ExchangeHost,
    private readonly request: IncomingMessage,
    private readonly response: BalancerResponse,
    private readonly route: Route,
    private readonly tunnel?: { readonly socket: Socket; readonly head: Buffer },
  ) {
    this.#connection = route.pick.target.pool.acquire();
  }

  /** Sends the request; its body follows as it arrives. */
  start(head: string): void {
    const { request, response, route } = this;
    response.exchange = this;
    route.pick.target.inFlight++;
    this.host.counts.request();
    route.group.counts.request();
    this.#connection.use(this, request.method ?? "GET", this.tunnel !== undefined);
    this.#connection.socket.write(head, "latin1");
    this.#bytes += head.length;
    this.#sentAt = performance.now();
    const framing = this.tunnel ? "none" : bodyFraming(request);
    if (framing !== "none") this.#body = new RequestBody(request, this.#connection, framing === "chunked");
  }

  onHead(head: ResponseHead): void {
    this.#reusable = head.keepAlive;
    const { headers } = head;
    this.#bind(headers);
    headers.push("Connection", this.#keepsClient(headers) ? "keep-alive" : "close");
    try {
      this.response.writeHead(head.status, head.reason, headers);
    } catch (error) {
      throw new MalformedResponse((error as Error).message);
    }
    this.#countAnswer(head);
  }

  onBody(chunk: Buffer): void {
    this.#bytes += chunk.length;
    this.#flushed = true;
    if (this.response.write(chunk)) return;
    this.#awaitsClient = true;
    this.#connection.pause();
    if (this.#listensForDrain) return;
    this.#listensForDrain = true;
    this.response.on("drain", resumeOnDrain);
  }

  onPause(): void {
    if (this.#flushed) return;
    this.#flushed = true;
    this.response.flushHeaders();
  }

  onEnd(last: Buffer | undefined, trailers: string[] | undefined): void {
    if (last) this.#bytes += last.length;
    if (trailers) this.#addTrailers(trailers);
    const sentAll = this.#body === undefined || this.#body.complete;
    this.#body?.stop();
    this.#finish();
    if (last) this.response.end(last);
    else this.response.end();
    this.route.pick.target.pool.release(this.#connection, this.#reusable && sentAll);
  }

  onSwitch(head: ResponseHead, rest: Buffer): void {
    const { tunnel } = this;
    if (!tunnel) return;
    this.#joined = true;
    this.response.detachSocket(tunnel.socket);
    this.#bind(head.headers);
    let text = `HTTP/1.1 101 ${head.reason || "Switching Protocols"}\r\nConnection: Upgrade\r\n`;
    for (let at = 0; at < head.headers.length; at += 2) text += `${head.headers[at]}: ${head.headers[at + 1]}\r\n`;
    tunnel.socket.write(`${text}\r\n`, "latin1");
    const upstream = this.#connection.detach();
    joinSockets(tunnel, { socket: upstream, head: rest }, this.host.idleTimeoutMs);
  }

  onWritable(): void {
    this.#body?.resume();
  }

  onGone(failure: UpstreamFailure): void {
    if (this.done) return;
    if (this.#joined) {
      this.#finish();
      this.tunnel?.socket.destroySoon();
      return;
    }
    const status = STATUS_BY_FAILURE[failure.kind];
    const { target } = this.route.pick;
    this.host.causes.warn(
      `${this.route.group.arn} ${target.key} ${failure.kind}`,
      { target: target.key, status, started: this.response.headersSent },
      `a request failed at target ${target.key}: ${failure.message}${hintFor(failure)}`,
    );
    this.#giveUp(status);
  }

  onIdle(): void {
    if (this.done) return;
    if (this.#body?.waitsForClient || this.#awaitsClient) {
      this.clientIdle();
      return;
    }
    this.#connection.fail({ kind: "idle", message: "it sent nothing for the idle timeout" });
  }

  clientLeft(): void {
    if (this.done) return;
    this.#body?.stop();
    this.#finish();
    this.#connection.close();
    this.#countOwn(460);
  }

  clientMalformed(): void {
    if (this.done) return;
    this.#giveUp(400);
    this.#connection.close();
  }

  clientIdle(): void {
    if (this.done) return;
    if (!this.#body?.waitsForClient && !this.#awaitsClient) return; // It is the target's turn: its own time-out decides.
    this.#giveUp(408);
    this.#connection.close();
  }

  clientWritable(): void {
    this.#awaitsClient = false;
    if (!this.done) this.#connection.resume();
  }

  /** Answers with an error of the balancer's own, or, where the response began already, breaks the client's connection off. */
  #giveUp(status: ElbStatus): void {
    this.#body?.stop();
    this.#finish();
    const { response } = this;
    if (response.headersSent) {
      // A body shorter than its Content-Length counts as 504 (ALB guide, troubleshooting), although the client saw another status.
      if (status === 504) this.#countOwn(status);
      this.tunnel?.socket.destroy();
      response.destroy();
      return;
    }
    this.#countOwn(status);
    respondWithError(response, status, status >= 500 && this.host.keepsClient(response));
  }

  #finish(): void {
    this.done = true;
    this.route.pick.target.inFlight--;
    const bytes = this.#bytes + (this.#body?.bytes ?? 0);
    this.host.counts.bytes(bytes);
    this.route.group.counts.bytes(bytes);
  }

  #countAnswer(head: ResponseHead): void {
    const seconds = (performance.now() - this.#sentAt) / 1000;
    this.host.counts.targetAnswered(head.status, seconds);
    this.route.group.counts.targetAnswered(head.status, seconds);
  }

  #countOwn(status: ElbStatus): void {
    this.host.counts.balancerAnswered(status);
    this.route.group.counts.balancerAnswered(status);
  }

  #bind(headers: string[]): void {
    const { action, group, pick } = this.route;
    if (action.sticky) action.bind(headers, group, this.host.now());
    group.stickinessIn(action.weighted)?.bind(headers, pick.target, pick.wasBound, this.host.now());
  }

  /** A client of HTTP/1.0 learns where a body without a length ends only by the connection's end. */
  #keepsClient(headers: readonly string[]): boolean {
    if (!this.host.keepsClient(this.response)) return false;
    if (this.request.httpVersionMinor >= 1) return true;
    for (let at = 0; at < headers.length; at += 2) if (headers[at]?.toLowerCase() === "content-length") return true;
    return false;
  }

  #addTrailers(trailers: readonly string[]): void {
    const pairs: [string, string][] = [];
    for (let at = 0; at < trailers.length; at += 2) pairs.push([trailers[at] as string, trailers[at + 1] as string]);
    try {
      this.response.addTrailers(pairs);
    } catch (error) {
      throw new MalformedResponse((error as Error).message);
    }
  }
}

function resumeOnDrain(this: BalancerResponse): void {
  this.exchange?.clientWritable();
}

function hintFor(failure: UpstreamFailure): string {
  if (failure.kind !== "closed") return "";
  return "; AWS advises a keep-alive time of the target longer than the load balancer's idle timeout";
}
