import type { Socket } from "node:net";

export interface TunnelEnd {
  readonly socket: Socket;
  /** What arrived from this side before the tunnel stood. */
  readonly head: Buffer;
}

/**
 * Joins two connections after a 101, bytes both ways with backpressure. When one side ends or breaks, so does the other; a tunnel in
 * which nothing moves for the idle timeout is closed, as ALB closes WebSockets.
 */
export function joinSockets(client: TunnelEnd, target: TunnelEnd, idleTimeoutMs: number): void {
  if (target.head.length > 0) client.socket.write(target.head);
  if (client.head.length > 0) target.socket.write(client.head);
  join(client.socket, target.socket, idleTimeoutMs);
  join(target.socket, client.socket, idleTimeoutMs);
}

function join(from: Socket, to: Socket, idleTimeoutMs: number): void {
  from.pipe(to);
  from.setTimeout(idleTimeoutMs);
  from.on("timeout", () => from.destroy());
  from.on("error", () => from.destroy());
  from.on("close", () => to.destroySoon());
}
