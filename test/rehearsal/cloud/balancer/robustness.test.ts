/** Clients that behave badly, or are many: the others must not notice. */
import { once } from "node:events";
import type * as http from "node:http";
import * as net from "node:net";
import { ask, Bench, balancer, freePort, group, HEALTH, targetConfig } from "./bench.js";

let bench: Bench;
let port: number;
let clients: net.Socket[];
beforeEach(async () => {
  bench = new Bench();
  port = await freePort();
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  await bench.close();
});

const UNCHECKED = { healthCheck: { ...HEALTH, enabled: false } };
const apply = (targetPort: number, attributes: Record<string, string> = {}) =>
  bench.plane.apply(balancer(port, [group("web", [targetConfig("i-1", targetPort)], UNCHECKED)], { attributes }));

async function connect(options: { allowHalfOpen?: boolean } = {}): Promise<net.Socket> {
  const client = net.connect({ port, host: "127.0.0.1", ...options });
  client.on("error", () => undefined);
  clients.push(client);
  await once(client, "connect");
  return client;
}

/** Everything that a client is sent until `wanted` has come. */
async function until(client: net.Socket, wanted: RegExp): Promise<string> {
  let text = "";
  while (!wanted.test(text)) {
    const [chunk] = (await once(client, "data")) as [Buffer];
    text += chunk.toString("latin1");
  }
  return text;
}

test("2,000 idle connections cost the others nothing, and each is served when it asks", async () => {
  const target = await bench.target((_request, response) => response.end("served"));
  await apply(target.port);
  for (let batch = 0; batch < 20; batch++) await Promise.all(Array.from({ length: 100 }, () => connect()));
  expect(clients).toHaveLength(2000);
  expect((await ask(port)).body.toString()).toBe("served");
  const asking = clients.filter((_, n) => n % 100 === 0);
  for (const client of asking) client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  for (const text of await Promise.all(asking.map((client) => until(client, /served$/)))) {
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
  }
});

test("clients that send their heads a byte at a time hold nobody up and no target connection", async () => {
  const target = await bench.target((_request, response) => response.end("served"));
  await apply(target.port);
  const head = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
  const slow = await Promise.all(Array.from({ length: 100 }, () => connect()));
  for (const byte of head.slice(0, -1)) {
    for (const client of slow) client.write(byte);
    expect((await ask(port)).status).toBe(200);
  }
  expect(target.sockets.size).toBeLessThan(10);
  for (const client of slow) client.write("\n");
  await Promise.all(slow.map((client) => until(client, /served$/)));
});

test("a client that stops in the middle of its head is closed after the idle timeout", async () => {
  const target = await bench.target((_request, response) => response.end("served"));
  await apply(target.port, { "idle_timeout.timeout_seconds": "0.2" });
  const client = await connect();
  client.resume();
  client.write("GET / HTTP/1.1\r\nHo");
  await once(client, "close");
});

test("a head without an end is refused at 64 K", async () => {
  const target = await bench.target((_request, response) => response.end("served"));
  await apply(target.port);
  const client = await connect();
  const refused = until(client, /\r\n\r\n/);
  client.write("GET / HTTP/1.1\r\nHost: a\r\n");
  let sent = 0;
  const more = setInterval(() => {
    client.write(`X-${sent}: ${"x".repeat(4000)}\r\n`);
    sent++;
  }, 1);
  try {
    expect(await refused).toMatch(/^HTTP\/1\.1 400 /);
  } finally {
    clearInterval(more);
  }
  expect(sent).toBeLessThan(100);
  expect((await ask(port)).status).toBe(200);
});

test("a client that closes its sending side has left: the target's request ends, and nobody else's", async () => {
  const target = await bench.target((request, response) => {
    if (request.url !== "/waits") response.end("served");
  });
  await apply(target.port);
  const client = await connect({ allowHalfOpen: true });
  client.resume();
  client.write("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n");
  const [, response] = (await once(target.server, "request")) as [unknown, http.ServerResponse];
  const ended = once(response, "close");
  client.end();
  await ended;
  expect((await ask(port)).status).toBe(200);
});

test("clients that vanish in the middle of large responses leave no connection and no request behind", async () => {
  const body = Buffer.alloc(8 << 20, "x");
  const target = await bench.target((request, response) => response.end(request.url === "/" ? body : "served"));
  await apply(target.port);
  const leaving = await Promise.all(Array.from({ length: 30 }, () => connect()));
  for (const client of leaving) client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await Promise.all(leaving.map((client) => once(client, "readable")));
  const gone = [...target.sockets].map((socket) => new Promise((resolve) => socket.once("close", resolve)));
  expect(gone.length).toBeGreaterThanOrEqual(30);
  for (const [n, client] of leaving.entries()) {
    if (n % 2) client.resetAndDestroy();
    else client.destroy();
  }
  await Promise.all(gone);
  expect((await ask(port, { path: "/after" })).body.toString()).toBe("served");
});

test("clients that connect and leave at once, with and without a reset, are forgotten", async () => {
  const target = await bench.target((_request, response) => response.end("served"));
  await apply(target.port);
  for (let n = 0; n < 100; n++) {
    const client = await connect();
    if (n % 2) client.resetAndDestroy();
    else client.destroy();
  }
  const deadline = Date.now() + 20_000;
  for (;;) {
    expect((await ask(port)).status).toBe(200);
    await once(bench.plane.events, "counts");
    const last = bench.counts.filter((counts) => counts.targetGroupArn === undefined).at(-1);
    // What is open: kept connections to the target at most.
    if ((last?.activeConnections ?? 99) <= target.sockets.size) return;
    if (Date.now() > deadline) throw new Error(`${last?.activeConnections} connections are still open`);
  }
});
