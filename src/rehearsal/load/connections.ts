import { Connection } from "./connection.js";
import type { Open } from "./opener.js";

/** Who needs a connection. */
export interface Waiting {
  /** Gives it one; it must come back by `release` or `drop`. */
  begin(connection: Connection): void;
  /** Whether it needs none any more. */
  readonly isOver: boolean;
}

export interface ConnectionSettings {
  readonly origin: string;
  readonly open: Open;
  /** Most connections at once; whoever comes then waits in turn. */
  readonly most: number;
  readonly idleMs: number;
}

/**
 * Keep-alive connections to one server. The one that came free last is taken first: after a stall the connections that are not
 * needed any more grow idle and go. A request takes a free connection, or else opens one *at once*, as long as there may be more:
 * to let it wait for one that will be free soon would make a server that stalls look like a generator that waits.
 */
export class Connections {
  readonly #settings: ConnectionSettings;
  readonly #all = new Set<Connection>();
  readonly #free: Connection[] = [];
  #waiting: Waiting[] = [];
  #nextWaiting = 0;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
  }

  get open(): number {
    return this.#all.size;
  }

  take(waiting: Waiting): void {
    const free = this.#free.pop();
    if (free !== undefined) waiting.begin(free);
    else if (this.#all.size < this.#settings.most) waiting.begin(this.#add());
    else this.#waiting.push(waiting);
  }

  /** A connection of its own, beside the others and their limit. It is closed when it comes back. */
  takeNew(waiting: Waiting): void {
    waiting.begin(this.#make());
  }

  /** Gives back a connection in order. */
  release(connection: Connection): void {
    if (!this.#all.has(connection)) return connection.destroy();
    const next = this.#next();
    if (next === undefined) this.#free.push(connection);
    else next.begin(connection);
  }

  /** Gives back a connection that cannot be used any more. */
  drop(connection: Connection): void {
    connection.destroy();
    if (!this.#all.delete(connection)) return;
    this.#next()?.begin(this.#add());
  }

  /** Tells that some who wait are over, so that a long stall keeps none of them in memory. */
  forgetWaiting(): void {
    while (this.#waiting[this.#nextWaiting]?.isOver) this.#nextWaiting++;
    if (this.#nextWaiting < 1000 && this.#nextWaiting < this.#waiting.length) return;
    this.#waiting = this.#waiting.slice(this.#nextWaiting);
    this.#nextWaiting = 0;
  }

  close(): void {
    for (const connection of this.#all) connection.destroy();
    this.#all.clear();
    this.#free.length = 0;
  }

  #next(): Waiting | undefined {
    if (this.#waiting.length === 0) return undefined;
    this.forgetWaiting();
    const next = this.#waiting[this.#nextWaiting];
    if (next !== undefined) this.#nextWaiting++;
    return next;
  }

  #add(): Connection {
    const connection = this.#make();
    this.#all.add(connection);
    return connection;
  }

  #make(): Connection {
    const { origin, open, idleMs } = this.#settings;
    return new Connection(origin, open, idleMs, (closed) => this.#leave(closed));
  }

  /** One that was closed while it was free goes; of one that is in use its request learns. */
  #leave(connection: Connection): void {
    const index = this.#free.indexOf(connection);
    if (index < 0) return;
    this.#free.splice(index, 1);
    this.#all.delete(connection);
    connection.destroy();
  }
}
