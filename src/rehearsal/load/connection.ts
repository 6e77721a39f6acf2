import type { Socket } from "node:net";
import { Client, type Dispatcher } from "undici";
import type { Open } from "./opener.js";

/** The longest that a timer of Node.js can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * One connection at a time to one server, one request at a time on it. undici's `Client` opens it with the first request. Where the
 * other side closes it before a request was *written*, the client opens another for that request; what was written is never sent
 * again by it (lib/dispatcher/client-h1.js fails the running request with everything but its own `UND_ERR_INFO`, and those it
 * raises only between requests), so that each of our tries is one request on the wire.
 */
export class Connection {
  readonly #client: Client;
  #socket: Socket | undefined;
  #served = 0;

  /**
   * @param idleMs after so long without a request it closes itself; sooner when the server's `Keep-Alive: timeout=…` says so
   * @param onClosed called whenever it was closed, by either side
   */
  constructor(origin: string, open: Open, idleMs: number, onClosed: (connection: Connection) => void) {
    const keepAliveTimeout = Math.min(Math.max(1, idleMs), LONGEST_TIMER_MS);
    this.#client = new Client(origin, {
      connect: (_options, done) => {
        this.#socket = open(done);
      },
      pipelining: 1,
      // Deadlines are the requests' own, counted from their scheduled moments.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout,
      keepAliveMaxTimeout: keepAliveTimeout,
      keepAliveTimeoutThreshold: 0,
    });
    this.#client.on("disconnect", () => {
      this.#served = 0;
      onClosed(this);
    });
  }

  send(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#client.dispatch(options, handler);
  }

  /** Called when a request is written; answers whether the connection had served another one before. */
  nextIsReuse(): boolean {
    return this.#served++ > 0;
  }

  /** Whether a part of the request has not left yet, although its answer is there: nothing else can be sent then. */
  get isStillSending(): boolean {
    return (this.#socket?.writableLength ?? 0) > 0;
  }

  /** Closes it at once, whatever it is doing. */
  destroy(): void {
    this.#client.destroy(null, () => undefined);
    this.#socket?.destroy(); // one that is just being opened is not yet the client's
  }
}
