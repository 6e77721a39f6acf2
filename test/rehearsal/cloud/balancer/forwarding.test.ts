import { once } from "node:events";
import * as http from "node:http";
import * as net from "node:net";
import { ask, Bench, balancer, freePort, group, readAnswer, sendRaw, targetConfig } from "./bench.js";

let bench: Bench;
let port: number;
beforeEach(async () => {
  bench = new Bench();
  port = await freePort();
});
afterEach(() => bench.close());

async function serve(handler: http.RequestListener, attributes: Record<string, string> = {}) {
  const target = await bench.target(handler);
  await bench.plane.apply(balancer(port, [group("web", [targetConfig("i-1", target.port)])], { attributes }));
  await bench.untilHealth("i-1", "healthy");
  return target;
}

test("a request reaches the target with ALB's headers, and its own in order and spelling [A-77]", async () => {
  let seen: string[] = [];
  await serve((request, response) => {
    seen = request.rawHeaders;
    response.setHeader("X-Reply", "yes");
    response.end("hello");
  });
  const answer = await ask(port, {
    path: "/a%20b?x=1",
    headers: { Host: "shop.example.com", "X-One": "1", "x-two": "2", Connection: "X-One, close", "Keep-Alive": "3" },
  });
  expect(answer).toMatchObject({ status: 200, body: Buffer.from("hello"), headers: { "x-reply": "yes" } });
  const headers = Object.fromEntries(
    seen.flatMap((name, at) => (at % 2 === 0 ? [[name, seen[at + 1] as string]] : [])),
  );
  expect(headers).toEqual({
    Host: "shop.example.com",
    "x-two": "2",
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Port": String(port),
    "X-Amzn-Trace-Id": expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    Connection: "keep-alive",
  });
});

test.each([
  ["append", undefined, "203.0.113.7, 127.0.0.1"],
  ["preserve", undefined, "203.0.113.7"],
  ["remove", undefined, undefined],
  [undefined, "true", expect.stringMatching(/^203\.0\.113\.7, 127\.0\.0\.1:\d+$/)],
])("X-Forwarded-For in mode %s, client port %s [A-77]", async (mode, clientPort, expected) => {
  const attributes: Record<string, string> = {};
  if (mode) attributes["routing.http.xff_header_processing.mode"] = mode;
  if (clientPort) attributes["routing.http.xff_client_port.enabled"] = clientPort;
  await serve((request, response) => response.end(JSON.stringify(request.headers)), attributes);
  const answer = await ask(port, { headers: { "X-Forwarded-For": "203.0.113.7" } });
  expect(JSON.parse(answer.body.toString())["x-forwarded-for"]).toEqual(expected);
});

test("a trace id with a Root is kept behind a new Self [A-77]", async () => {
  await serve((request, response) => response.end(request.headers["x-amzn-trace-id"]));
  const answer = await ask(port, { headers: { "X-Amzn-Trace-Id": "Self=1-a-b;Root=1-67891233-abc;CalledFrom=app" } });
  expect(answer.body.toString()).toMatch(/^Self=1-[0-9a-f]{8}-[0-9a-f]{24};Root=1-67891233-abc;CalledFrom=app$/);
});

test("client and target connections are kept and used again", async () => {
  const target = await serve((_request, response) => response.end("x"));
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  bench.onClose(() => agent.destroy());
  let connections = 0;
  target.server.on("connection", () => connections++);
  for (let turn = 0; turn < 20; turn++) {
    expect((await ask(port, { agent })).headers.connection).toBe("keep-alive");
  }
  expect(connections).toBe(1);
});

test.each([
  ["a length", true],
  ["chunks", false],
])("10 MB go up and come back, framed by %s", async (_name, withLength) => {
  const body = Buffer.alloc(10 * 1024 * 1024);
  for (let at = 0; at < body.length; at += 4) body.writeUInt32LE((at * 2654435761) >>> 0, at);
  let framing: unknown;
  await serve((request, response) => {
    framing = request.headers["transfer-encoding"] ?? Number(request.headers["content-length"]);
    if (withLength) response.setHeader("Content-Length", body.length);
    request.pipe(response);
  });
  const headers = withLength ? { "Content-Length": body.length } : { "Transfer-Encoding": "chunked" };
  const answer = await ask(port, { method: "POST", headers, body });
  expect(framing).toBe(withLength ? body.length : "chunked");
  expect(answer.headers[withLength ? "content-length" : "transfer-encoding"]).toBeDefined();
  expect(answer.body.equals(body)).toBe(true);
});

test("a client that does not read makes the target wait, and gets everything in the end", async () => {
  const size = 64 * 1024 * 1024;
  let sent = 0;
  await serve((_request, response) => {
    response.setHeader("Content-Length", size);
    const piece = Buffer.alloc(256 * 1024, "x");
    const more = (): void => {
      while (sent < size) {
        sent += piece.length;
        if (!response.write(piece)) {
          response.once("drain", more);
          return;
        }
      }
      response.end();
    };
    more();
  });
  const request = http.get({ host: "127.0.0.1", port, agent: false });
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  let received = 0;
  let ahead = 0;
  for await (const chunk of response) {
    received += (chunk as Buffer).length;
    ahead = Math.max(ahead, sent - received);
    await new Promise(setImmediate);
  }
  expect(received).toBe(size);
  // What the two pairs of sockets hold is all that the target can be ahead.
  expect(ahead).toBeLessThan(size / 2);
});

test("headers and parts of a response are passed on as they come", async () => {
  let next: () => void = () => undefined;
  await serve((_request, response) => {
    response.flushHeaders();
    next = () => response.write("one");
    response.on("close", () => undefined);
  });
  const request = http.get({ host: "127.0.0.1", port, agent: false });
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  next();
  const [chunk] = (await once(response, "data")) as [Buffer];
  expect(chunk.toString()).toBe("one");
  request.destroy();
});

test.each([
  ["HEAD", 200, "5"],
  ["GET", 204, undefined],
  ["GET", 304, undefined],
])("%s answered with %i has no body and keeps the connection", async (method, status, length) => {
  const target = await serve((_request, response) => {
    response.writeHead(status, length ? { "Content-Length": length } : {}).end();
  });
  let connections = 0;
  target.server.on("connection", () => connections++);
  for (let turn = 0; turn < 3; turn++) {
    const answer = await ask(port, { method });
    expect(answer.status).toBe(status);
    expect(answer.headers["content-length"]).toBe(length);
    expect(answer.body.length).toBe(0);
  }
  expect(connections).toBe(1);
});

test("Expect: 100-continue is answered by the balancer before the body is sent", async () => {
  await serve((request, response) => request.pipe(response));
  const request = http.request({
    host: "127.0.0.1",
    port,
    method: "PUT",
    agent: false,
    headers: { Expect: "100-continue", "Content-Length": 4 },
  });
  request.flushHeaders();
  await once(request, "continue");
  request.end("data");
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  expect((await readAnswer(response)).body.toString()).toBe("data");
});

test("trailers pass both ways", async () => {
  let trailers: NodeJS.Dict<string> = {};
  await serve((request, response) => {
    request.resume();
    request.on("end", () => {
      trailers = request.trailers;
      response.writeHead(200, { Trailer: "X-Sum" });
      response.write("body");
      response.addTrailers({ "X-Sum": "42" });
      response.end();
    });
  });
  const request = http.request({
    host: "127.0.0.1",
    port,
    method: "POST",
    agent: false,
    headers: { "Transfer-Encoding": "chunked", Trailer: "X-Up" },
  });
  request.write("data");
  request.addTrailers({ "X-Up": "1" });
  request.end();
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  expect((await readAnswer(response)).trailers).toEqual({ "x-sum": "42" });
  expect(trailers).toEqual({ "x-up": "1" });
});

test("interim responses stay between target and balancer", async () => {
  await serve((_request, response) => {
    response.writeEarlyHints({ link: "</a.css>; rel=preload" });
    response.end("done");
  });
  expect((await ask(port)).body.toString()).toBe("done");
});

test("a response that ends with the connection is complete, and the client's connection lives on", async () => {
  const raw = await bench.rawTarget((socket) => {
    socket.on("data", () => socket.end("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil the end"));
  });
  await bench.plane.apply(balancer(port, [group("web", [targetConfig("i-1", raw)])]));
  const answer = await ask(port, { agent: new http.Agent({ keepAlive: true }) });
  expect(answer.body.toString()).toBe("until the end");
  expect(answer.headers["transfer-encoding"]).toBe("chunked");
});

test("pipelined requests are answered in order [A-76]", async () => {
  await serve((request, response) => {
    const number = Number(request.url?.slice(1));
    setImmediate(() => response.end(`<${number}>`));
  });
  const head = (path: string, last = false) =>
    `GET ${path} HTTP/1.1\r\nHost: a\r\n${last ? "Connection: close\r\n" : ""}\r\n`;
  const text = await sendRaw(port, head("/1") + head("/2") + head("/3", true));
  expect(text.match(/<\d>/g)).toEqual(["<1>", "<2>", "<3>"]);
});

test.each([
  ["two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400],
  [
    "length and coding",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    400,
  ],
  ["two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", 400],
  ["no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400],
  ["a header without a name", "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", 400],
  [
    "a coding ALB does not know",
    "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    501,
  ],
  ["TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405],
  ["CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 405],
  ["a URL of 17 K", `GET /${"a".repeat(17_000)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, 414],
  ["a header of 17 K", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"a".repeat(17_000)}\r\nConnection: close\r\n\r\n`, 400],
  ["headers of 70 K", `GET / HTTP/1.1\r\nHost: a\r\n${`X: ${"a".repeat(10_000)}\r\n`.repeat(7)}\r\n`, 400],
  [
    "31 forwarders",
    `GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${Array(31).fill("1.1.1.1").join(",")}\r\nConnection: close\r\n\r\n`,
    463,
  ],
])("%s is refused and does not reach the target [A-75, A-86]", async (_name, bytes, status) => {
  let reached = 0;
  await serve((_request, response) => {
    reached++;
    response.end();
  });
  const text = await sendRaw(port, bytes);
  expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(reached).toBe(0);
});

test("a target in absolute form is forwarded in origin form, its authority as Host", async () => {
  await serve((request, response) => response.end(`${request.headers.host} ${request.url}`));
  const text = await sendRaw(
    port,
    "GET http://abs.example.com/p?q=1 HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n",
  );
  expect(text).toContain("abs.example.com /p?q=1");
});

test("an HTTP/1.0 client gets its response and the end of the connection", async () => {
  await serve((_request, response) => {
    response.write("a");
    response.end("b");
  });
  const text = await sendRaw(port, "GET / HTTP/1.0\r\n\r\n");
  expect(text).toMatch(/Connection: close\r\n/);
  expect(text).not.toMatch(/chunked/);
  expect(text.endsWith("\r\n\r\nab")).toBe(true);
});

test("an answer to half an upload reaches the client, and its connection goes on", async () => {
  await serve((request, response) => {
    if (request.method === "POST") response.writeHead(413).end("too much");
    else response.end("next");
  });
  const socket = net.connect(port, "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345");
  const [first] = (await once(socket, "data")) as [Buffer];
  expect(first.toString()).toMatch(/^HTTP\/1\.1 413 [\s\S]*too much/);
  socket.write("67890GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const [second] = (await once(socket, "data")) as [Buffer];
  expect(second.toString()).toMatch(/^HTTP\/1\.1 200 [\s\S]*next/);
  socket.destroy();
});

describe("protocol upgrades", () => {
  const upgrade = (to: string, more = "") =>
    `GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade${more ? ", HTTP2-Settings" : ""}\r\nUpgrade: ${to}\r\n${more}\r\n`;

  test("WebSocket becomes a tunnel, both ways, and ends with either side [A-78]", async () => {
    const target = await serve((_request, response) => response.end("plain"));
    target.server.on("upgrade", (request, socket) => {
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Path: ${request.url}\r\n\r\nhello`,
      );
      socket.on("data", (chunk: Buffer) => (chunk.toString() === "bye" ? socket.end("end") : socket.write(chunk)));
    });
    const socket = net.connect(port, "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
    });
    const until = async (wanted: RegExp) => {
      while (!wanted.test(text)) await once(socket, "data");
    };
    socket.write(upgrade("websocket"));
    await until(/^HTTP\/1\.1 101 [\s\S]*X-Path: \/chat\r\n\r\nhello$/);
    socket.write("ping");
    await until(/helloping$/);
    socket.write("bye");
    await once(socket, "close");
    expect(text).toMatch(/hellopingend$/);
  });

  test("a target that refuses WebSocket answers like any other", async () => {
    const target = await serve((_request, response) => response.end());
    target.server.on("upgrade", (_request, socket) =>
      socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"),
    );
    expect(await sendRaw(port, upgrade("websocket"))).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n[\s\S]*no$/);
  });

  test("a wish for HTTP/2 is passed over, also with a body", async () => {
    await serve((request, response) => {
      response.setHeader("X-Upgrade", String(request.headers.upgrade));
      request.pipe(response);
    });
    const settings = "HTTP2-Settings: AAMAAABkAAQBAAAAAAIAAAAA\r\n";
    const text = await sendRaw(
      port,
      upgrade("h2c", `${settings}Content-Length: 4\r\n`).replace("GET", "POST") +
        "dataGET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    );
    expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
    expect(text).toContain("X-Upgrade: undefined");
    expect(text).toContain("data");
  });
});
