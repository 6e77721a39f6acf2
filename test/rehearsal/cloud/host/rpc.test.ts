import { EventEmitter } from "node:events";
import { type IpcEnd, RpcPeer } from "../../../../src/rehearsal/cloud/host/rpc.js";

/** Two ends of a channel in one process. */
function channel(): [IpcEnd, IpcEnd] {
  const ends = [new EventEmitter(), new EventEmitter()] as const;
  const end = (own: EventEmitter, other: EventEmitter): IpcEnd => ({
    send(message, handle, callback) {
      setImmediate(() => other.emit("message", structuredClone(message), handle));
      callback(null);
      return true;
    },
    on: (event, listener) => own.on(event, listener),
  });
  return [end(ends[0], ends[1]), end(ends[1], ends[0])];
}

type Procedures = { double(n: number): Promise<number>; refuse(): Promise<void>; hang(): Promise<void> };
type Events = { said: { priority: number } };

function peers() {
  const [near, far] = channel();
  const caller = new RpcPeer<Record<string, never>, Procedures, Record<string, never>, Events>(near, {});
  const server = new RpcPeer<Procedures, Record<string, never>, Events, Record<string, never>>(far, {
    double: async (n) => n * 2,
    refuse: async () => {
      throw Object.assign(new Error("no, because"), { code: "EACCES" });
    },
    hang: () => new Promise(() => undefined),
  });
  return { caller, server };
}

test("a call is answered, also many at once", async () => {
  const { caller } = peers();
  expect(await Promise.all([1, 2, 3].map((n) => caller.call("double", [n])))).toEqual([2, 4, 6]);
});

test("a refusal keeps its sentence and its code", async () => {
  await expect(peers().caller.call("refuse", [])).rejects.toMatchObject({ message: "no, because", code: "EACCES" });
});

test("a call that nobody answers fails at its deadline", async () => {
  await expect(peers().caller.call("hang", [], 0.02)).rejects.toThrow('"hang" was not answered');
});

test("when the other side is gone, waiting calls and later ones fail with the reason", async () => {
  const { caller } = peers();
  const waiting = caller.call("hang", []);
  caller.break(new Error("it has died"));
  await expect(waiting).rejects.toThrow("it has died");
  await expect(caller.call("double", [1])).rejects.toThrow("it has died");
});

test("an unknown procedure is an error of the caller's", async () => {
  const { caller } = peers();
  await expect(caller.call("nothing" as "double", [1])).rejects.toThrow('there is no procedure "nothing"');
});

test("events arrive as they were", async () => {
  const { caller, server } = peers();
  const heard = new Promise((resolve) => caller.events.on("said", resolve));
  server.emit("said", { priority: Number.POSITIVE_INFINITY });
  expect(await heard).toEqual({ priority: Number.POSITIVE_INFINITY });
});
