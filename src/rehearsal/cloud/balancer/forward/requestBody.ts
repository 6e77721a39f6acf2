import type { IncomingMessage } from "node:http";
import type { UpstreamConnection } from "./upstreamConnection.js";

const LAST_CHUNK = "0\r\n\r\n";

/** Passes a request's body on to the target as it arrives, no faster than the target takes it. */
export class RequestBody {
  #complete = false;
  #stopped = false;
  #bytes = 0;

  constructor(
    private readonly request: IncomingMessage,
    private readonly connection: UpstreamConnection,
    private readonly chunked: boolean,
  ) {
    request.on("data", this.#onData);
    request.on("end", this.#onEnd);
    // The client's leaving reaches the exchange through the response; this only keeps the event from being thrown.
    request.on("error", this.#onError);
  }

  /** The target has been given the whole of it. */
  get complete(): boolean {
    return this.#complete;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** It is the client that keeps the target waiting. */
  get waitsForClient(): boolean {
    return !this.#complete && !this.request.isPaused();
  }

  /** The target takes more again. */
  resume(): void {
    if (!this.#stopped) this.request.resume();
  }

  /** The target needs no more of it: what the client still sends is read and dropped, so that it can read its response. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.request.off("data", this.#onData);
    this.request.off("end", this.#onEnd);
    this.request.resume();
  }

  #onData = (chunk: Buffer): void => {
    this.#bytes += chunk.length;
    const { socket } = this.connection;
    let more: boolean;
    if (this.chunked) {
      socket.cork();
      socket.write(`${chunk.length.toString(16)}\r\n`, "latin1");
      socket.write(chunk);
      more = socket.write("\r\n", "latin1");
      socket.uncork();
    } else {
      more = socket.write(chunk);
    }
    if (!more) this.request.pause();
  };

  #onEnd = (): void => {
    this.#complete = true;
    if (!this.chunked) return;
    const trailers = this.request.rawTrailers;
    if (trailers.length === 0) {
      this.connection.socket.write(LAST_CHUNK, "latin1");
      return;
    }
    let text = "0\r\n";
    for (let at = 0; at < trailers.length; at += 2) text += `${trailers[at]}: ${trailers[at + 1]}\r\n`;
    this.connection.socket.write(`${text}\r\n`, "latin1");
  };

  #onError = (): void => this.stop();
}
