import type { SendHandle, Serializable } from "node:child_process";
import { EventEmitter } from "node:events";
import { Server } from "node:net";
import { Clock } from "../clock.js";

/** One end of Node's channel between parent and child. */
export interface IpcEnd {
  send?(message: Serializable, handle: SendHandle | undefined, callback: (error: Error | null) => void): boolean;
  on(event: "message", listener: (message: any, handle: any) => void): unknown;
}

type Procedures = Record<string, (...args: any[]) => Promise<any>>;
type Events = Record<string, unknown>;

type Message =
  | { readonly kind: "call"; readonly id: number; readonly name: string; readonly args: unknown[] }
  | { readonly kind: "result"; readonly id: number; readonly value: unknown; readonly isHandle: boolean }
  | { readonly kind: "failure"; readonly id: number; readonly message: string; readonly code?: string }
  | { readonly kind: "event"; readonly name: string; readonly value: unknown };

interface PendingCall {
  readonly resolve: (value: any) => void;
  readonly reject: (reason: Error) => void;
}

/** Real seconds that an answer may take unless the call says otherwise. */
const defaultDeadlineSeconds = 30;

/**
 * Calls and events in both directions over a channel between two processes. A procedure that answers with a listening
 * `net.Server` hands over its socket: the answering side's copy is closed once it is on its way.
 */
export class RpcPeer<
  Local extends Procedures,
  Remote extends Procedures,
  Sent extends Events,
  Received extends Events,
> {
  /** Events of the other side, with the handle that came along. */
  readonly events = new EventEmitter<{ [Name in keyof Received]: [Received[Name], unknown] }>();
  private readonly pending = new Map<number, PendingCall>();
  private readonly clock = new Clock();
  private nextId = 1;
  private broken?: Error;

  constructor(
    private readonly channel: IpcEnd,
    private readonly procedures: Local,
  ) {
    channel.on("message", (message: Message, handle: unknown) => this.receive(message, handle));
  }

  /** Calls a procedure of the other side; rejects with its error, when the deadline has passed, or when the other side is gone. */
  call<Name extends keyof Remote & string>(
    name: Name,
    args: Parameters<Remote[Name]>,
    deadlineSeconds: number = defaultDeadlineSeconds,
  ): ReturnType<Remote[Name]> {
    const answer = new Promise((resolve, reject) => {
      if (this.broken) return reject(this.broken);
      const id = this.nextId++;
      const settle = (): void => {
        cancel();
        this.pending.delete(id);
      };
      const pending: PendingCall = {
        resolve: (value) => {
          settle();
          resolve(value);
        },
        reject: (reason) => {
          settle();
          reject(reason);
        },
      };
      const cancel = this.clock.after(deadlineSeconds, () =>
        pending.reject(
          new Error(`"${name}" was not answered by the local cloud's other process within ${deadlineSeconds} s`),
        ),
      );
      this.pending.set(id, pending);
      this.send({ kind: "call", id, name, args }, undefined, (error) => error && pending.reject(error));
    });
    return answer as ReturnType<Remote[Name]>;
  }

  /** Tells the other side something; what cannot be sent any more is dropped, as its reader is gone. */
  emit<Name extends keyof Sent & string>(name: Name, value: Sent[Name], handle?: SendHandle): void {
    this.send({ kind: "event", name, value }, handle, () => undefined);
  }

  /** Fails every call that waits, and every later one. */
  break(reason: Error): void {
    this.broken ??= reason;
    for (const call of [...this.pending.values()]) call.reject(reason);
  }

  private receive(message: Message, handle: unknown): void {
    switch (message.kind) {
      case "call":
        void this.answer(message.id, message.name, message.args);
        return;
      case "result":
        this.pending.get(message.id)?.resolve(message.isHandle ? handle : message.value);
        return;
      case "failure": {
        const error = new Error(message.message);
        this.pending
          .get(message.id)
          ?.reject(message.code === undefined ? error : Object.assign(error, { code: message.code }));
        return;
      }
      case "event":
        (this.events as EventEmitter).emit(message.name, message.value, handle);
    }
  }

  private async answer(id: number, name: string, args: unknown[]): Promise<void> {
    try {
      const procedure = this.procedures[name];
      if (!procedure) throw new Error(`there is no procedure "${name}"`);
      const value: unknown = await procedure(...args);
      if (value instanceof Server) {
        this.send({ kind: "result", id, value: undefined, isHandle: true }, value, () => value.close());
      } else {
        this.send({ kind: "result", id, value, isHandle: false }, undefined, () => undefined);
      }
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      this.send({ kind: "failure", id, message, code }, undefined, () => undefined);
    }
  }

  private send(message: Message, handle: SendHandle | undefined, done: (error: Error | null) => void): void {
    if (!this.channel.send || this.broken)
      return done(this.broken ?? new Error("the channel to the other process is closed"));
    this.channel.send(message as Serializable, handle, done);
  }
}
