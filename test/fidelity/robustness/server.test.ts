import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { pino } from "pino";
import { WireServer } from "../../../src/rehearsal/cloud/wire/wireServer.js";
import { services } from "../../rehearsal/cloud/wire/smallServices.js";

let server: WireServer;
const open: Socket[] = [];

async function start(options: { headSeconds?: number; callSeconds?: number } = {}): Promise<void> {
  server = await WireServer.start({
    port: 0,
    services,
    accountId: "123456789012",
    log: pino({ level: "silent" }),
    ...options,
  });
}

afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  await server.close();
});

async function connection(): Promise<Socket> {
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => undefined); // a reset is one of the clean refusals
  open.push(socket);
  await once(socket, "connect");
  return socket;
}

/** What another client gets meanwhile. */
async function othersAreServed(): Promise<void> {
  const response = await fetch(server.url, {
    method: "POST",
    body: "Action=GetCallerIdentity&Version=2011-06-15",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization:
        "AWS4-HMAC-SHA256 Credential=AKID/20260131/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=00",
    },
  });
  expect(response.status).toBe(200);
  expect(await response.text()).toContain("<Account>123456789012</Account>");
}

async function everything(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (data) => {
    text += data;
  });
  if (!socket.destroyed) await once(socket, "close");
  return text;
}

test("a head that trickles in is cut off with 408, and the others are served meanwhile", async () => {
  await start({ headSeconds: 0.3, callSeconds: 5 });
  const slow = await connection();
  slow.write("POST / HTTP/1.1\r\nHost: x\r\nX-A");
  await othersAreServed();
  expect(await everything(slow)).toMatch(/^HTTP\/1\.1 408 /);
});

test("a body that trickles in is cut off with 408", async () => {
  await start({ headSeconds: 0.3, callSeconds: 0.5 });
  const slow = await connection();
  slow.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nAction=");
  await othersAreServed();
  expect(await everything(slow)).toMatch(/^HTTP\/1\.1 408 /);
});

test("two thousand idle connections harm nobody, and go with the server", async () => {
  await start();
  for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 100 }, connection));
  await othersAreServed();
  // A socket that nobody reads does not see its end.
  for (const socket of open) socket.resume();
  await server.close();
  await Promise.all(open.map((socket) => socket.destroyed || once(socket, "close")));
  await start();
  await othersAreServed();
}, 60_000);

test.each([
  ["no HTTP at all", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", /^HTTP\/1\.1 400 /],
  ["a head of 100 KB", `POST / HTTP/1.1\r\nHost: x\r\nX-A: ${"a".repeat(100_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
  [
    "two lengths that disagree",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    /^HTTP\/1\.1 400 /,
  ],
  [
    "a length and chunks",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    /^HTTP\/1\.1 400 /,
  ],
  [
    "a target that is no path",
    "POST // HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    /^HTTP\/1\.1 4\d\d /,
  ],
  [
    "a target out of an address",
    "POST http://[ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    /^HTTP\/1\.1 4\d\d /,
  ],
])("%s is refused, and the others are served", async (_title, bytes, answer) => {
  await start();
  const rude = await connection();
  rude.write(Buffer.from(bytes, "latin1"));
  expect(await everything(rude)).toMatch(answer);
  await othersAreServed();
});

test("a client that leaves in the middle of its body, or does not read its answer, harms nobody", async () => {
  await start();
  const leaver = await connection();
  leaver.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nAction=");
  leaver.destroy();
  const deaf = await connection();
  deaf.pause();
  for (let i = 0; i < 50; i++) deaf.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  await othersAreServed();
});
