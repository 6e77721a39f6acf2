/** How long connections live that carry nothing. */
import { once } from "node:events";
import * as net from "node:net";
import { ask, Bench, balancer, freePort, group, HEALTH, targetConfig } from "../../rehearsal/cloud/balancer/bench.js";
import { statement } from "../statement.js";

let bench: Bench;
let port: number;
beforeEach(async () => {
  bench = new Bench();
  port = await freePort();
});
afterEach(() => bench.close());

const UNCHECKED = { healthCheck: { ...HEALTH, enabled: false } };
const SHORT = { "idle_timeout.timeout_seconds": "0.2" };
const apply = (targetPort: number, attributes: Record<string, string>) =>
  bench.plane.apply(balancer(port, [group("web", [targetConfig("i-1", targetPort)], UNCHECKED)], { attributes }));

/** A client's own connection, on which everything is read. */
async function connected(): Promise<net.Socket> {
  const socket = net.connect(port, "127.0.0.1");
  bench.onClose(() => socket.destroy());
  socket.resume();
  await once(socket, "connect");
  return socket;
}

statement("A-79", async () => {
  const target = await bench.target((_request, response) => response.end("x"));
  await apply(target.port, SHORT);
  // A client that has never said anything, and one that has had its answer.
  const silent = await connected();
  const served = await connected();
  const ends = Promise.all([once(silent, "close"), once(served, "close")]);
  served.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await ends;
  // The connection that the load balancer keeps to its target.
  await ask(port);
  const [kept] = [...target.sockets];
  if (kept && !kept.destroyed) await once(kept, "close");
  expect(kept?.destroyed).toBe(true);
  // With a longer time-out all of them stay.
  await apply(target.port, { "idle_timeout.timeout_seconds": "4000" });
  const staying = await connected();
  staying.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await once(staying, "data");
  for (let n = 0; n < 4; n++) await once(bench.plane.events, "counts").then(() => ask(port));
  expect(staying.destroyed).toBe(false);
  expect(target.sockets.size).toBeGreaterThan(0);
});

statement("A-78", async () => {
  const target = await bench.target((_request, response) => response.end("plain"));
  target.server.on("upgrade", (_request, socket) => {
    // One that nobody reads does not see its end, and Node leaves an upgraded connection half open.
    socket.on("error", () => undefined).resume();
    socket.on("end", () => socket.end());
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  });
  await apply(target.port, SHORT);
  const socket = await connected();
  socket.write("GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 101 /);
  // Nothing moves any more: both sides are closed.
  const [other] = [...target.sockets];
  await Promise.all([once(socket, "close"), other?.destroyed ? undefined : once(other as net.Socket, "close")]);
});
