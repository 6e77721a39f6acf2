import type { BalancerContext } from "../balancerContext.js";
import { type ConnectionOwner, type UpstreamAddress, UpstreamConnection } from "./upstreamConnection.js";

/** What happens to a pool's connections that somebody counts. */
export interface PoolCounts {
  connection(): void;
  targetConnectionError(): void;
}

/**
 * The connections to one target. The one used last is used first, so that those not needed grow old and are closed by us after the
 * idle timeout. A connection whose end has been noticed is passed over; one that the target closes at the very moment
 * a request is on its way to it is a 502, exactly as AWS documents ("check whether the keep-alive duration of the target is
 * shorter than the idle timeout value of the load balancer", ALB guide, troubleshooting): nothing is sent a second time, because
 * nobody can know whether the target acted on it, and because a rehearsal must not hide what AWS will show.
 */
export class UpstreamPool implements ConnectionOwner {
  readonly #idle: UpstreamConnection[] = [];
  readonly #all = new Set<UpstreamConnection>();
  #draining = false;

  constructor(
    private readonly context: BalancerContext,
    private readonly address: UpstreamAddress,
    private readonly counts: readonly PoolCounts[],
    public idleTimeoutMs: number,
  ) {}

  get size(): number {
    return this.#all.size;
  }

  /** An idle connection, or a new one that is being made; requests may be written to it at once. */
  acquire(): UpstreamConnection {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (idle.usable) return idle;
      idle.close();
    }
    const made = new UpstreamConnection(this.context, this, this.address);
    this.#all.add(made);
    for (const counts of this.counts) counts.connection();
    return made;
  }

  /** Gives a connection back after a complete exchange. */
  release(connection: UpstreamConnection, reusable: boolean): void {
    const usable = connection.release();
    if (usable && reusable && !this.#draining) this.#idle.push(connection);
    else connection.close();
  }

  /** No more reuse: idle connections close now, the others after the request they carry. */
  drain(): void {
    this.#draining = true;
    for (const idle of this.#idle.splice(0)) idle.close();
  }

  /** Takes back `drain`: the target was registered again. */
  reopen(): void {
    this.#draining = false;
  }

  /** Cuts everything, requests in flight as well. */
  cut(message: string): void {
    this.drain();
    for (const connection of [...this.#all]) connection.fail({ kind: "cut", message });
  }

  /** Changes the idle timeout of all connections, present and future. */
  setIdleTimeout(milliseconds: number): void {
    if (milliseconds === this.idleTimeoutMs) return;
    this.idleTimeoutMs = milliseconds;
    for (const connection of this.#all) connection.socket.setTimeout(milliseconds);
  }

  removed(connection: UpstreamConnection): void {
    this.#all.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  connectFailed(): void {
    for (const counts of this.counts) counts.targetConnectionError();
  }
}
