import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import * as tls from "node:tls";
import { createSelfSigned } from "../../../../src/rehearsal/cloud/balancer/client/selfSigned.js";
import type { BalancerCounts } from "../../../../src/rehearsal/cloud/balancer/dataPlane.js";
import { ask, Bench, balancer, freePort, group, HEALTH, readAnswer, targetConfig } from "./bench.js";

let bench: Bench;
let port: number;
beforeEach(async () => {
  bench = new Bench();
  port = await freePort();
});
afterEach(() => bench.close());

const UNCHECKED = { healthCheck: { ...HEALTH, enabled: false } };
const applyRaw = (targetPort: number, attributes: Record<string, string> = {}) =>
  bench.plane.apply(balancer(port, [group("web", [targetConfig("i-1", targetPort)], UNCHECKED)], { attributes }));

/** Sums of the balancer's own reports, once `done` holds. */
async function totals(done: (sum: Sum) => boolean): Promise<Sum> {
  for (;;) {
    const sum = summed(bench.counts.filter((counts) => counts.targetGroupArn === undefined));
    if (done(sum)) return sum;
    await once(bench.plane.events, "counts");
  }
}
type Sum = ReturnType<typeof summed>;
function summed(all: BalancerCounts[]) {
  const sum = { requests: 0, errors: 0, elb4xx: 0, elb502: 0, elb503: 0, elb504: 0, ok: 0, times: 0, bytes: 0 };
  for (const counts of all) {
    sum.requests += counts.requests;
    sum.errors += counts.targetConnectionErrors;
    sum.elb4xx += counts.elbStatus["4xx"];
    sum.elb502 += counts.elbStatus["502"];
    sum.elb503 += counts.elbStatus["503"];
    sum.elb504 += counts.elbStatus["504"];
    sum.ok += counts.targetStatus["2xx"];
    sum.times += counts.targetResponseSeconds.length;
    sum.bytes += counts.processedBytes;
  }
  return sum;
}

test("a refused connection is 502 and a target connection error [A-59]", async () => {
  await applyRaw(await freePort());
  const answer = await ask(port);
  expect(answer).toMatchObject({ status: 502, headers: { server: "awselb/2.0", "content-type": "text/html" } });
  expect(answer.body.toString()).toContain("<h1>502 Bad Gateway</h1>");
  expect(await totals((sum) => sum.elb502 === 1)).toMatchObject({ requests: 1, errors: 1, ok: 0 });
});

test.each<[string, (socket: net.Socket) => void]>([
  ["FIN", (socket) => socket.end()],
  ["RST", (socket) => socket.resetAndDestroy()],
  ["half a head", (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-")],
  ["not HTTP", (socket) => socket.write("220 smtp.example.com ESMTP\r\n\r\n")],
  ["a header that is not valid", (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA B: c\r\n\r\n")],
  ["headers of 40 K", (socket) => socket.write(`HTTP/1.1 200 OK\r\nA: ${"a".repeat(40_000)}\r\n\r\n`)],
])("%s with a request outstanding is 502 [A-59]", async (_name, misbehave) => {
  await applyRaw(await bench.rawTarget((socket) => socket.once("data", () => misbehave(socket))));
  expect((await ask(port)).status).toBe(502);
  expect(await totals((sum) => sum.elb502 === 1)).toMatchObject({ errors: 0 });
});

test("a kept connection that the target closes under a request is 502 and the request is sent once, as AWS documents [A-58]", async () => {
  let requests = 0;
  const raw = await bench.rawTarget((socket) => {
    socket.on("data", () => {
      requests++;
      if (requests === 1) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
      else socket.end();
    });
  });
  await applyRaw(raw);
  expect((await ask(port)).status).toBe(200);
  expect((await ask(port)).status).toBe(502);
  expect(requests).toBe(2);
});

test("a kept connection that the target closed while it was idle costs nothing", async () => {
  let connections = 0;
  const raw = await bench.rawTarget((socket) => {
    connections++;
    socket.on("data", () => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
      socket.end();
    });
  });
  await applyRaw(raw);
  for (let n = 0; n < 5; n++) expect((await ask(port)).status).toBe(200);
  expect(connections).toBe(5);
});

test("a target that breaks off in the body breaks the client's connection off", async () => {
  await applyRaw(
    await bench.rawTarget((socket) =>
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        setImmediate(() => socket.destroy());
      }),
    ),
  );
  await expect(ask(port)).rejects.toThrow();
});

test("a silent target is 504 after the idle timeout, in real seconds [A-61]", async () => {
  await applyRaw(await bench.rawTarget((socket) => socket.resume()), { "idle_timeout.timeout_seconds": "0.2" });
  const answer = await ask(port);
  expect(answer.status).toBe(504);
  expect(answer.body.toString()).toContain("504 Gateway Time-out");
  expect(await totals((sum) => sum.elb504 === 1)).toMatchObject({ requests: 1, errors: 0 });
});

test("a target that works longer than the sped-up idle timeout is not cut", async () => {
  const target = await bench.target((_request, response) => setTimeout(() => response.end("slow"), 300));
  // 5 s at speed 20 would be 250 ms.
  await applyRaw(target.port, { "idle_timeout.timeout_seconds": "5" });
  expect((await ask(port)).body.toString()).toBe("slow");
});

test("a client that stops sending its body is 408 [A-87]", async () => {
  await applyRaw(await bench.rawTarget((socket) => socket.resume()), { "idle_timeout.timeout_seconds": "0.2" });
  const socket = net.connect(port, "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  const [chunk] = (await once(socket, "data")) as [Buffer];
  expect(chunk.toString()).toMatch(/^HTTP\/1\.1 408 /);
  expect(await totals((sum) => sum.elb4xx === 1)).toMatchObject({ requests: 1, elb504: 0 });
});

test("an idle client connection is closed after the idle timeout [A-79]", async () => {
  const target = await bench.target((_request, response) => response.end("x"));
  await applyRaw(target.port, { "idle_timeout.timeout_seconds": "0.2" });
  const socket = net.connect(port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  socket.resume();
  await once(socket, "close");
});

test("a client that leaves early counts as 460 and the target's connection ends [A-62]", async () => {
  const target = await bench.target(() => undefined);
  await applyRaw(target.port);
  const request = http.get({ host: "127.0.0.1", port, agent: false });
  request.on("error", () => undefined);
  const [, response] = (await once(target.server, "request")) as [unknown, http.ServerResponse];
  request.destroy();
  await once(response, "close");
  expect(await totals((sum) => sum.elb4xx === 1)).toMatchObject({ requests: 1, elb502: 0 });
});

test("a client that leaves in the middle of its upload ends the target's request", async () => {
  const target = await bench.target((request) => request.on("error", () => undefined).resume());
  await applyRaw(target.port);
  const socket = net.connect(port, "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc");
  const [request] = (await once(target.server, "request")) as [http.IncomingMessage];
  socket.destroy();
  // `once` of events would reject with the "aborted" error that comes first.
  if (!request.closed) await new Promise((resolve) => request.once("close", resolve));
  expect(request.complete).toBe(false);
  await totals((sum) => sum.elb4xx === 1);
});

test("a body that breaks HTTP is 400 and ends the target's request", async () => {
  const target = await bench.target((request) => request.on("error", () => undefined).resume());
  await applyRaw(target.port);
  const socket = net.connect(port, "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  await once(target.server, "request");
  socket.write("nonsense\r\n");
  const [chunk] = (await once(socket, "data")) as [Buffer];
  expect(chunk.toString()).toMatch(/^HTTP\/1\.1 400 /);
});

test("counts tell requests, statuses, times and bytes, per balancer and group, and nothing when nothing happens", async () => {
  const target = await bench.target((request, response) => {
    response.writeHead(Number(request.url?.slice(1))).end("12345");
  });
  await applyRaw(target.port);
  for (const status of [200, 201, 302, 404, 500]) await ask(port, { path: `/${status}` });
  const sum = await totals(({ times }) => times === 5);
  expect(sum).toMatchObject({ requests: 5, ok: 2, elb502: 0 });
  expect(sum.bytes).toBeGreaterThan(5 * 5);
  const ofGroup = bench.counts.filter((counts) => counts.targetGroupArn === "arn:web");
  expect(summed(ofGroup)).toMatchObject({ requests: 5, ok: 2 });
  expect(ofGroup.reduce((all, counts) => all + counts.targetStatus["5xx"], 0)).toBe(1);
  expect(bench.counts.every((counts) => counts.requests + counts.newConnections + counts.processedBytes > 0)).toBe(
    true,
  );
});

describe("ports", () => {
  test("a port in use is refused in one sentence, and what was there goes on", async () => {
    const target = await bench.target((_request, response) => response.end("x"));
    await applyRaw(target.port);
    const taken = await freePort();
    const other = net.createServer().listen(taken, "127.0.0.1");
    await once(other, "listening");
    bench.onClose(() => other.close());
    const config = balancer(port, [group("web", [targetConfig("i-1", target.port)], UNCHECKED)]);
    const free = await freePort();
    const listeners = [port, free, taken].map((each) => ({ ...config.listeners[0], arn: `arn:${each}`, port: each }));
    await expect(bench.plane.apply({ ...config, listeners } as never)).rejects.toThrow(
      `Load balancer "web" cannot listen on 127.0.0.1:${taken}: the port is in use; stop the process that has it, or give the listener another port.`,
    );
    expect((await ask(port)).status).toBe(200);
    await expect(ask(free)).rejects.toThrow(/ECONNREFUSED/);
  });

  test.each([
    ["EACCES", 80, /sysctl net\.ipv4\.ip_unprivileged_port_start=80" or give the listener a port of 1024 or above/],
    ["EADDRNOTAVAIL", 8080, /lo0 alias 127\.0\.0\.1 up/],
    ["EMFILE", 8080, /cannot listen on 127\.0\.0\.1:8080: EMFILE/],
  ])("%s names its remedy", async (code, wanted, message) => {
    bench.listen = () => Promise.reject(Object.assign(new Error(code), { code }));
    await expect(bench.plane.apply(balancer(wanted, [group("web", [])]))).rejects.toThrow(message);
  });
});

test("a client connection that outlived client_keep_alive gets one more response, which closes it", async () => {
  const target = await bench.target((_request, response) => response.end("x"));
  await applyRaw(target.port, { "client_keep_alive.seconds": "2" }); // 100 ms at speed 20
  const socket = net.connect(port, "127.0.0.1");
  bench.onClose(() => socket.destroy());
  for (let kept = true; kept; ) {
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 OK/);
    kept = /Connection: keep-alive/.test(answer.toString());
  }
  await once(socket, "end");
});

test("an HTTPS listener serves a certificate of its own, and the target learns the protocol [A-80]", async () => {
  const target = await bench.target((request, response) => response.end(request.headers["x-forwarded-proto"]));
  const config = balancer(port, [group("web", [targetConfig("i-1", target.port)], UNCHECKED)]);
  const secured = (protocol: "HTTP" | "HTTPS") => ({
    ...config,
    listeners: config.listeners.map((listener) => ({ ...listener, protocol })),
  });
  await bench.plane.apply(secured("HTTPS"));
  const socket = tls.connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const certificate = new X509Certificate(socket.getPeerCertificate().raw);
  socket.destroy();
  expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
  const request = https.get({ host: "127.0.0.1", port, ca: certificate.toString(), agent: false });
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  expect((await readAnswer(response)).body.toString()).toBe("https");
});

test("a listener may change its protocol and its certificate while it keeps its port [A-80]", async () => {
  const target = await bench.target((request, response) => response.end(request.headers["x-forwarded-proto"]));
  const config = balancer(port, [group("web", [targetConfig("i-1", target.port)], UNCHECKED)]);
  const listeners = (more: object) => ({ ...config, listeners: config.listeners.map((one) => ({ ...one, ...more })) });
  const served = async () => {
    const socket = tls.connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
    await once(socket, "secureConnect");
    const { raw } = socket.getPeerCertificate();
    socket.destroy();
    return new X509Certificate(raw).fingerprint;
  };
  await bench.plane.apply(config);
  const idle = net.connect(port, "127.0.0.1");
  idle.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await once(idle, "data");
  const [first, second] = [createSelfSigned("127.0.0.1"), createSelfSigned("127.0.0.1")];
  await bench.plane.apply(listeners({ protocol: "HTTPS", certificate: first }));
  await once(idle, "close");
  expect(await served()).toBe(new X509Certificate(first.cert).fingerprint);
  await bench.plane.apply(listeners({ protocol: "HTTPS", certificate: second }));
  expect(await served()).toBe(new X509Certificate(second.cert).fingerprint);
  await bench.plane.apply(config);
  expect((await ask(port)).body.toString()).toBe("http");
});

test("a group of HTTPS targets is reached by TLS, whatever the certificate [A-80]", async () => {
  const server = https.createServer(createSelfSigned("10.0.0.1"), (request, response) => response.end(request.url));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  bench.onClose(() => server.close());
  const targetPort = (server.address() as net.AddressInfo).port;
  const healthCheck = { ...HEALTH, protocol: "HTTPS" as const };
  const secure = group("web", [targetConfig("i-1", targetPort)], { protocol: "HTTPS", healthCheck });
  await bench.plane.apply(balancer(port, [secure]));
  await bench.untilHealth("i-1", "healthy");
  expect((await ask(port, { path: "/tls" })).body.toString()).toBe("/tls");
});

describe("the end", () => {
  test("removing a balancer frees its port, ends idle clients, and lets a request in flight finish", async () => {
    let held: http.ServerResponse | undefined;
    const target = await bench.target((request, response) => {
      if (request.url === "/slow") held = response;
      else response.end("x");
    });
    await applyRaw(target.port);
    const idle = net.connect(port, "127.0.0.1");
    idle.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await once(idle, "data");
    const slow = ask(port, { path: "/slow", agent: new http.Agent({ keepAlive: true }) });
    while (!held) await once(target.server, "request");
    const removed = bench.plane.remove("arn:balancer");
    await once(idle, "close");
    await expect(ask(port)).rejects.toThrow(/ECONNREFUSED/);
    held.end("finished");
    expect(await slow).toMatchObject({ body: Buffer.from("finished"), headers: { connection: "close" } });
    await removed;
    await applyRaw(target.port);
    expect((await ask(port)).status).toBe(200);
  });

  test("a listener that left the configuration stops listening, the others go on", async () => {
    const target = await bench.target((_request, response) => response.end("x"));
    const second = await freePort();
    const config = balancer(port, [group("web", [targetConfig("i-1", target.port)], UNCHECKED)]);
    const [listener] = config.listeners;
    await bench.plane.apply({
      ...config,
      listeners: [listener as never, { ...listener, arn: "b", port: second } as never],
    });
    expect((await ask(second)).status).toBe(200);
    await bench.plane.apply(config);
    await expect(ask(second)).rejects.toThrow(/ECONNREFUSED/);
    expect((await ask(port)).status).toBe(200);
  });

  test("changes of one balancer are applied one after another, and a failed one does not hold up the next", async () => {
    const target = await bench.target((_request, response) => response.end("x"));
    const bad = balancer(port, [group("web", [], { healthCheck: { ...HEALTH, matcher: "?" } })]);
    const [failed, , ok] = await Promise.allSettled([bench.plane.apply(bad), applyRaw(1), applyRaw(target.port)]);
    expect([failed?.status, ok?.status]).toEqual(["rejected", "fulfilled"]);
    expect((await ask(port)).status).toBe(200);
  });
});
