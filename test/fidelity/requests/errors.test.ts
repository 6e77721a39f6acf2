/** The errors that ALB answers itself, by their documented causes. */
import { EventEmitter, once } from "node:events";
import { pino } from "pino";
import {
  UpstreamConnection,
  type UpstreamFailure,
} from "../../../src/rehearsal/cloud/balancer/forward/upstreamConnection.js";
import {
  ask,
  Bench,
  balancer,
  freePort,
  group,
  HEALTH,
  sendRaw,
  targetConfig,
} from "../../rehearsal/cloud/balancer/bench.js";
import { HandClock } from "../../rehearsal/cloud/elbv2/fakes.js";
import { statement } from "../statement.js";

let bench: Bench;
let port: number;
beforeEach(async () => {
  bench = new Bench();
  port = await freePort();
});
afterEach(() => bench.close());

const UNCHECKED = { healthCheck: { ...HEALTH, enabled: false } };
const apply = (targetPort: number, attributes: Record<string, string> = {}, more: object = {}) =>
  bench.plane.apply(
    balancer(port, [group("web", [targetConfig("i-1", targetPort)], { ...UNCHECKED, ...more })], { attributes }),
  );

/** How often the balancer has answered with a status of its own, once it is at least `least`. */
async function counted(status: "502" | "503" | "504", least: number): Promise<number> {
  for (;;) {
    const own = bench.counts.filter((counts) => counts.targetGroupArn === undefined);
    const sum = own.reduce((all, counts) => all + counts.elbStatus[status], 0);
    if (sum >= least) return sum;
    await once(bench.plane.events, "counts");
  }
}

statement("A-59", async () => {
  // A target group of HTTPS whose target speaks plain HTTP: the TLS handshake fails.
  const plain = await bench.target((_request, response) => response.end("plain"));
  await apply(plain.port, {}, { protocol: "HTTPS" });
  const answer = await ask(port);
  expect(answer).toMatchObject({ status: 502, headers: { server: "awselb/2.0" } });
  expect(await counted("502", 1)).toBe(1);
});

statement("A-61", async () => {
  // It promises ten bytes, sends four, and stays silent.
  const raw = await bench.rawTarget((socket) =>
    socket.once("data", () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")),
  );
  await apply(raw, { "idle_timeout.timeout_seconds": "0.2" });
  // What has begun cannot be taken back: the client sees it end too early.
  await expect(ask(port)).rejects.toThrow();
  expect(await counted("504", 1)).toBe(1);
});

/** A connection on a clock that moves when told to, and what it fails with; twenty AWS seconds are a real one. */
function connection(to: { port: number; tls: boolean }) {
  const clock = new HandClock(20);
  const context = { clock, log: pino({ level: "silent" }), events: new EventEmitter(), faults: {} };
  const owner = { idleTimeoutMs: 60_000, removed: () => undefined, connectFailed: () => undefined };
  const made = new UpstreamConnection(context as never, owner, { host: "127.0.0.1", ...to });
  const failures: UpstreamFailure[] = [];
  made.use({ onGone: (failure: UpstreamFailure) => failures.push(failure) } as never, "GET", false);
  return { clock, failures, socket: made.socket };
}

statement("A-74", async () => {
  // Until the event loop turns, nothing can have connected.
  const { clock, failures } = connection({ port: await bench.rawTarget(() => undefined), tls: false });
  clock.pass(199);
  expect(failures).toEqual([]);
  clock.pass(1);
  expect(failures).toEqual([{ kind: "connectTimeout", message: "no connection within 10 seconds" }]);
});

test("a TLS handshake that takes more than 10 seconds is a 502, not a 504 [A-59]", async () => {
  const silent = await bench.rawTarget(() => undefined);
  const { clock, failures, socket } = connection({ port: silent, tls: true });
  await once(socket, "connect");
  clock.pass(199);
  expect(failures).toEqual([]);
  clock.pass(1);
  expect(failures).toEqual([{ kind: "handshake", message: "no TLS handshake within 10 seconds" }]);
});

statement("A-60", async () => {
  await bench.plane.apply(balancer(port, [group("web", [])]));
  expect(await ask(port)).toMatchObject({ status: 503, headers: { server: "awselb/2.0" } });
  expect(await counted("503", 1)).toBe(1);
});

statement("A-75", async () => {
  const target = await bench.target((_request, response) => response.end("served"));
  await apply(target.port);
  for (const bytes of ["GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"]) {
    expect(await sendRaw(port, bytes)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nServer: awselb\/2\.0\r\n/);
  }
});
