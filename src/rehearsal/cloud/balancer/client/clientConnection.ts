import { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Whoever answers a request, as the client's connection sees it. */
export interface ClientExchange {
  readonly done: boolean;
  /** The client's connection is gone, or will be: answer nothing. */
  clientLeft(): void;
  /** The rest of the client's request cannot be read. */
  clientMalformed(): void;
  /** The client sent or took nothing for the idle timeout. */
  clientIdle(): void;
  /** The client takes more of the response again. */
  clientWritable(): void;
}

/** The response with the exchange it belongs to: the hot path needs no closures that way. */
export class BalancerResponse extends ServerResponse {
  exchange: ClientExchange | undefined;
}

const kClient = Symbol("client connection");

/** What is remembered of one client connection. */
export class ClientConnection {
  readonly openedAt: number;
  /** Requests whose responses are not finished. */
  active = 0;
  /** Its listener speaks another protocol by now: the connection ends with the response that is due. */
  retired = false;
  /** A request was refused for its form: nothing that follows it on the connection is taken for a request. */
  refused = false;
  /** The exchange of the latest request. */
  exchange: ClientExchange | undefined;

  private constructor(
    readonly socket: Socket,
    now: number,
  ) {
    this.openedAt = now;
  }

  static open(socket: Socket, now: number): ClientConnection {
    const client = new ClientConnection(socket, now);
    (socket as unknown as Record<symbol, ClientConnection>)[kClient] = client;
    return client;
  }

  static of(socket: Socket): ClientConnection | undefined {
    return (socket as unknown as Record<symbol, ClientConnection | undefined>)[kClient];
  }
}
