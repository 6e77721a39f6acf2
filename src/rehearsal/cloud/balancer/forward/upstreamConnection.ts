import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type BalancerContext, realSeconds } from "../balancerContext.js";
import { MalformedResponse, ResponseParser, type ResponseSink } from "./responseParser.js";

/** Why a target did not answer (in full). */
export interface UpstreamFailure {
  readonly kind: "unreachable" | "closed" | "malformed" | "connectTimeout" | "handshake" | "idle" | "cut";
  readonly message: string;
}

/** The exchange that has the connection at the moment. */
export interface UpstreamUser extends ResponseSink {
  /** The connection takes more of the request again. */
  onWritable(): void;
  /** Nothing moved for the idle timeout. */
  onIdle(): void;
  /** The connection is gone and the response was not complete. */
  onGone(failure: UpstreamFailure): void;
}

/** What a connection tells the pool that made it. */
export interface ConnectionOwner {
  readonly idleTimeoutMs: number;
  removed(connection: UpstreamConnection): void;
  connectFailed(): void;
}

export interface UpstreamAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

/** "The connection timeout expired (10 seconds)" (ALB guide, troubleshooting, HTTP 504). */
const CONNECT_TIMEOUT_SECONDS = 10;

/** One connection to a target: one request at a time, as HTTP/1.1 without pipelining. */
export class UpstreamConnection {
  readonly socket: Socket;
  readonly parser: ResponseParser;
  #user: UpstreamUser | undefined;
  #connected = false;
  #paused = false;
  #error: NodeJS.ErrnoException | undefined;
  #failure: UpstreamFailure | undefined;
  #cancelConnectTimeout: () => void;

  constructor(
    context: BalancerContext,
    private readonly owner: ConnectionOwner,
    private readonly address: UpstreamAddress,
  ) {
    const { host, port } = address;
    // ALB does not verify the certificates of targets (ALB guide, target groups).
    this.socket = address.tls ? connectTls({ host, port, rejectUnauthorized: false }) : connectTcp({ host, port });
    this.socket.setNoDelay(true);
    this.parser = new ResponseParser(this);
    this.#cancelConnectTimeout = context.clock.after(realSeconds(context, CONNECT_TIMEOUT_SECONDS), () => this.#late());
    this.socket.once(address.tls ? "secureConnect" : "connect", () => this.#onConnect());
    this.socket.on("data", (chunk: Buffer) => this.#onData(chunk));
    this.socket.on("end", () => this.#onFin());
    this.socket.on("drain", () => this.#user?.onWritable());
    this.socket.on("timeout", () => this.#onTimeout());
    this.socket.on("error", (error: NodeJS.ErrnoException) => {
      this.#error = error;
    });
    this.socket.on("close", () => this.#onClose());
  }

  /** Whether a request may be sent: the target has not closed its side, as far as can be known. */
  get usable(): boolean {
    return !this.socket.destroyed && this.socket.writable && !this.socket.readableEnded;
  }

  /** Takes the connection for one exchange. */
  use(user: UpstreamUser, method: string, upgrade: boolean): void {
    this.#user = user;
    this.parser.begin(method, upgrade);
  }

  /** Stops reading until `resume`: the client takes the response more slowly than the target gives it. */
  pause(): void {
    this.#paused = true;
    this.socket.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.socket.resume();
  }

  /** The exchange is over; returns whether the connection may carry another. */
  release(): boolean {
    this.#user = undefined;
    this.resume();
    return this.usable;
  }

  /** Hands the bare socket over (the connection became a tunnel); the pool still cuts it by `fail`. */
  detach(): Socket {
    this.resume();
    this.socket.removeAllListeners("data").removeAllListeners("end").removeAllListeners("drain");
    this.socket.removeAllListeners("timeout");
    return this.socket;
  }

  /** Ends the exchange that is on it, if any, and the connection. */
  fail(failure: UpstreamFailure): void {
    this.#failure ??= failure;
    this.socket.destroy();
    this.#tellUser();
  }

  /** Closes an idle connection. */
  close(): void {
    this.#user = undefined;
    this.socket.destroy();
  }

  // The parser's events, passed on to whoever has the connection.
  onHead: ResponseSink["onHead"] = (head) => this.#user?.onHead(head);
  onBody: ResponseSink["onBody"] = (chunk) => this.#user?.onBody(chunk);
  onPause: ResponseSink["onPause"] = () => this.#user?.onPause();
  onEnd: ResponseSink["onEnd"] = (last, trailers) => this.#user?.onEnd(last, trailers);
  onSwitch: ResponseSink["onSwitch"] = (head, rest) => this.#user?.onSwitch(head, rest);

  /** A connection that is not made is 504; one on which TLS is not agreed within the same time 502 (ALB guide, troubleshooting). */
  #late(): void {
    if (this.socket.connecting) {
      this.fail({ kind: "connectTimeout", message: `no connection within ${CONNECT_TIMEOUT_SECONDS} seconds` });
    } else {
      this.fail({ kind: "handshake", message: `no TLS handshake within ${CONNECT_TIMEOUT_SECONDS} seconds` });
    }
  }

  #onConnect(): void {
    this.#connected = true;
    this.#cancelConnectTimeout();
    this.socket.setTimeout(this.owner.idleTimeoutMs);
  }

  #onData(chunk: Buffer): void {
    let expected: boolean;
    try {
      expected = this.parser.execute(chunk);
    } catch (error) {
      if (!(error instanceof MalformedResponse)) throw error;
      this.fail({ kind: "malformed", message: `its response is malformed: ${error.message}` });
      return;
    }
    // Bytes that no request asked for: whatever they belong to, the next response on this connection could not be trusted.
    if (!expected) this.close();
  }

  #onFin(): void {
    if (!this.#user) {
      this.close();
      return;
    }
    if (this.parser.finish()) return;
    this.fail({ kind: "closed", message: "it closed the connection (FIN) while a request was outstanding" });
  }

  #onTimeout(): void {
    if (this.#user) this.#user.onIdle();
    else this.close();
  }

  #onClose(): void {
    this.#cancelConnectTimeout();
    if (!this.#connected && this.#failure?.kind !== "cut") this.owner.connectFailed();
    this.#tellUser();
    this.owner.removed(this);
  }

  #tellUser(): void {
    const user = this.#user;
    this.#user = undefined;
    user?.onGone(this.#failure ?? this.#describeClose());
  }

  #describeClose(): UpstreamFailure {
    const code = this.#error?.code ?? this.#error?.message ?? "connection closed";
    if (!this.#connected) {
      return { kind: "unreachable", message: `${this.address.host}:${this.address.port} cannot be reached (${code})` };
    }
    return { kind: "closed", message: `it broke the connection (${code}) while a request was outstanding` };
  }
}
