import { once } from "node:events";
import type { Socket } from "node:net";
import { type Exchange, exchange, type Try } from "../../../src/rehearsal/load/exchange.js";
import type { LoadOptions } from "../../../src/rehearsal/load/model.js";
import { type Route, routesOf } from "../../../src/rehearsal/load/route.js";
import { wallClock } from "../../../src/rehearsal/load/wallClock.js";
import { closeServers, deadUrl, httpServer, options, rawServer, request, until } from "./servers.js";

const routes: Route[] = [];

afterEach(async () => {
  for (const { connections } of routes.splice(0)) connections.close();
  await closeServers();
});

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

function routeTo(url: string, more: Partial<LoadOptions> = {}): Route {
  const made = routesOf(options(url, more));
  routes.push(...made);
  return made[0] as Route;
}

function ask(route: Route, more: Partial<Try> = {}): Promise<Exchange> {
  return new Promise((resolve) => exchange(route, { deadlineMs: wallClock() + 10_000, ...more }, resolve));
}

/** A server whose answers the test gives: it sees which connection each request came on, numbered as they were opened. */
async function attended(): Promise<{ url: string; asked: { socket: Socket; connection: number; answer(): void }[] }> {
  const sockets: Socket[] = [];
  const asked: { socket: Socket; connection: number; answer(): void }[] = [];
  const url = await rawServer((socket) => {
    if (!sockets.includes(socket)) sockets.push(socket);
    asked.push({ socket, connection: sockets.indexOf(socket), answer: () => void socket.write(OK) });
  });
  return { url, asked };
}

describe("connections", () => {
  test("the one that came free last is taken first", async () => {
    const { url, asked } = await attended();
    const route = routeTo(url);
    const three = [ask(route), ask(route), ask(route)];
    await until(() => asked.length === 3);
    for (const turn of [2, 0, 1]) {
      asked[turn]?.answer();
      await three[turn];
    }
    const next = ask(route);
    await until(() => asked.length === 4);
    asked[3]?.answer();
    expect((await next).reusedConnection).toBe(true);
    expect(asked[3]?.connection).toBe(asked[1]?.connection);
  });

  test("at the limit requests wait in turn, and go out on the connection that comes free", async () => {
    const { url, asked } = await attended();
    const route = routeTo(url, { maxConnections: 1 });
    const ends: number[] = [];
    const all = [0, 1, 2].map((turn) => {
      const end = ask(route);
      void end.then(() => ends.push(turn));
      return end;
    });
    for (let turn = 0; turn < 3; turn++) {
      await until(() => asked.length > turn);
      expect(asked).toHaveLength(turn + 1);
      asked[turn]?.answer();
    }
    const done = await Promise.all(all);
    expect(ends).toEqual([0, 1, 2]);
    expect(done.map(({ reusedConnection }) => reusedConnection)).toEqual([false, true, true]);
    expect(new Set(asked.map(({ connection }) => connection)).size).toBe(1);
    expect(route.connections.open).toBe(1);
  });

  test("a request whose time ends while it waits is never sent, and those behind it are", async () => {
    const { url, asked } = await attended();
    const route = routeTo(url, { maxConnections: 1 });
    const first = ask(route);
    await until(() => asked.length === 1);
    const impatient = ask(route, { deadlineMs: wallClock() + 20 });
    const last = ask(route);
    const { loss, sentAt } = await impatient;
    expect(loss).toMatchObject({ kind: "timedOut", detail: "still waiting for a connection" });
    expect(sentAt).toBeUndefined();
    asked[0]?.answer();
    await first;
    await until(() => asked.length === 2);
    asked[1]?.answer();
    expect((await last).loss).toBeUndefined();
    expect(asked).toHaveLength(2);
  });

  test("a broken one makes room for who waits", async () => {
    const { url, asked } = await attended();
    const route = routeTo(url, { maxConnections: 1 });
    const [broken, waiting] = [ask(route), ask(route)];
    await until(() => asked.length === 1);
    asked[0]?.socket.destroy();
    expect((await broken).loss).toMatchObject({ kind: "reset", code: "ECONNRESET" });
    await until(() => asked.length === 2);
    asked[1]?.answer();
    expect(await waiting).toMatchObject({ status: 200, reusedConnection: false });
    expect(route.connections.open).toBe(1);
  });

  test("an idle one goes after its time", async () => {
    const { url, asked } = await attended();
    const route = routeTo(url, { idleConnectionMs: 30 });
    const first = ask(route);
    await until(() => asked.length === 1);
    const { socket } = asked[0] as { socket: Socket };
    const gone = once(socket, "close");
    asked[0]?.answer();
    await first;
    await gone;
    await until(() => route.connections.open === 0);
  });

  test.each([
    ["half-closes it while it is idle", OK, (socket: Socket) => void socket.end()],
    ["says that it closes it", OK.replace("\r\n", "\r\nconnection: close\r\n"), () => {}],
    ["keeps it for no time", OK.replace("\r\n", "\r\nkeep-alive: timeout=0\r\n"), () => {}],
  ])("one is not used again where the server %s", async (_, answer, then) => {
    let sent = 0;
    const url = await rawServer((socket) => {
      sent++;
      socket.write(answer);
      then(socket);
    });
    const route = routeTo(url, { idleConnectionMs: 60_000 });
    expect((await ask(route)).status).toBe(200);
    await until(() => route.connections.open === 0);
    expect(await ask(route)).toMatchObject({ status: 200, reusedConnection: false });
    expect(sent).toBe(2);
  });

  test("one of its own stands beside the limit and is closed after its request", async () => {
    const { url, asked } = await attended();
    const route = routeTo(url, { maxConnections: 1 });
    const held = ask(route);
    await until(() => asked.length === 1);
    const own = ask(route, { onNewConnection: true });
    await until(() => asked.length === 2);
    const closed = once(asked[1]?.socket as Socket, "close");
    asked[1]?.answer();
    expect(await own).toMatchObject({ status: 200, reusedConnection: false });
    await closed;
    asked[0]?.answer();
    await held;
    expect(route.connections.open).toBe(1);
  });

  test("nothing is sent twice by itself: a server that cuts each reused connection sees each request once", async () => {
    let seen = 0;
    const url = await rawServer((socket, nth) => {
      seen++;
      if (nth === 1) socket.write(OK);
      else socket.destroy();
    });
    const route = routeTo(url);
    for (let turn = 0; turn < 6; turn++) {
      const end = await ask(route);
      expect([end.reusedConnection, end.loss?.kind]).toEqual(turn % 2 === 0 ? [false, undefined] : [true, "reset"]);
    }
    expect(seen).toBe(6);
  });
});

test("a refused connection has no moment of sending", async () => {
  const end = await ask(routeTo(await deadUrl()));
  expect(end).toMatchObject({ loss: { kind: "refused", code: "ECONNREFUSED" }, sentAt: undefined, bytes: 0 });
  expect(end.loss?.detail).toMatch(/ECONNREFUSED/);
});

describe("what comes back", () => {
  test.each([
    ["cutShort", "ECONNRESET", "HTTP/1.1 200 OK\r\nconte"],
    ["cutShort", "ECONNRESET", "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 9\r\n\r\nhalf"],
    ["cutShort", "ECONNRESET", "HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhal"],
    ["cutShort", "HTTPParserError", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nno size\r\n"],
    ["malformed", "UND_ERR_SOCKET", "HTTP/1.1 101 No\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"],
  ])("%s (%s): %j", async (kind, code, bytes) => {
    const end = await ask(routeTo(await rawServer((socket) => socket.end(bytes))));
    expect(end).toMatchObject({ loss: { kind, code }, version: "" });
    expect(end.status).toBeUndefined();
    expect(end.firstByteAt).toBeGreaterThanOrEqual(end.sentAt as number);
  });

  test("a cut body tells how far it came, and its connection is not used again", async () => {
    const url = await rawServer((socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"));
    const route = routeTo(url);
    const end = await ask(route);
    expect(end).toMatchObject({ bytes: 4, loss: { detail: "the answer (200) ended after 4 bytes of its body" } });
    expect(route.connections.open).toBe(0);
  });

  test("hints before an answer are not the answer", async () => {
    const hints = "HTTP/1.1 103 Early Hints\r\nx-version: hint\r\n\r\n";
    const url = await rawServer((socket) => socket.write(hints + OK.replace("\r\n", "\r\nX-Version: v1\r\n")));
    expect(await ask(routeTo(url))).toMatchObject({ status: 200, version: "v1" });
  });

  test("each cookie that it sets is told", async () => {
    const url = await httpServer((_, outgoing) => outgoing.writeHead(200, { "set-cookie": ["a=1", "b=2"] }).end("ok"));
    expect((await ask(routeTo(url))).setCookie).toEqual(["a=1", "b=2"]);
  });

  test("HEAD has no body to wait for", async () => {
    const url = await httpServer((_, outgoing) => outgoing.writeHead(200, { "content-length": 1000 }).end());
    const route = routeTo(url, { requests: [request({ method: "HEAD" })] });
    expect(await ask(route)).toMatchObject({ status: 200, bytes: 0 });
  });
});

describe("uploads", () => {
  const slow = request({ method: "PUT", bodyBytes: 5000, bodySeconds: 60 });

  test("an answer before the end of a slow one counts, and ends the upload", async () => {
    const { url, asked } = await attended();
    const route = routeTo(url, { requests: [slow] });
    const end = ask(route);
    await until(() => asked.length === 1);
    const closed = once(asked[0]?.socket as Socket, "close");
    asked[0]?.answer();
    expect(await end).toMatchObject({ status: 200 });
    await closed;
  });

  test("an answer to one that is never read counts, and its connection is not used again", async () => {
    let sent = 0;
    const url = await rawServer((socket) => {
      if (++sent === 1) socket.pause();
      socket.write(OK);
    });
    const route = routeTo(url, { requests: [request({ method: "PUT", bodyBytes: 20_000_000 })] });
    expect(await ask(route)).toMatchObject({ status: 200 });
    expect(route.connections.open).toBe(0);
    expect(await ask(route, { onNewConnection: true })).toMatchObject({ status: 200 });
  });

  test("a slow one that is cut off is lost", async () => {
    const url = await rawServer((socket) => socket.destroy());
    const end = await ask(routeTo(url, { requests: [slow] }));
    expect(end.loss).toMatchObject({ kind: "reset" });
  });

  test("a slow one ends with its time", async () => {
    const { url, asked } = await attended();
    const end = ask(routeTo(url, { requests: [slow] }), { deadlineMs: wallClock() + 300 });
    await until(() => asked.length === 1);
    const closed = once(asked[0]?.socket as Socket, "close");
    expect((await end).loss).toMatchObject({ kind: "timedOut", detail: "sent, and no byte of an answer" });
    await closed;
  });
});
