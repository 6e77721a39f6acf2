/** Requests that two servers could read in two ways: each is refused before anything of it reaches a target. */
import { Bench, balancer, freePort, group, HEALTH, sendRaw, targetConfig } from "./bench.js";

let bench: Bench;
let port: number;
let reached: string[];

beforeEach(async () => {
  bench = new Bench();
  port = await freePort();
  reached = [];
  const target = await bench.target((request, response) => {
    reached.push(`${request.method} ${request.url}`);
    request.resume();
    response.end("reached");
  });
  const unchecked = { healthCheck: { ...HEALTH, enabled: false } };
  await bench.plane.apply(balancer(port, [group("web", [targetConfig("i-1", target.port)], unchecked)]));
});
afterEach(() => bench.close());

const SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
const post = (headers: string, body = "") => `POST / HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n${body}`;
const chunked = (body: string) => post("Transfer-Encoding: chunked", body);

test.each([
  ["two equal lengths", post("Content-Length: 3\r\nContent-Length: 3", "abc")],
  ["two lengths", post("Content-Length: 0\r\nContent-Length: 3", "abc")],
  ["a list of lengths", post("Content-Length: 3, 3", "abc")],
  ["a signed length", post("Content-Length: +3", "abc")],
  ["a negative length", post("Content-Length: -3", "abc")],
  ["a length in hexadecimal", post("Content-Length: 0x3", "abc")],
  ["a length beyond all numbers", post("Content-Length: 99999999999999999999999", "abc")],
  ["a length, then a coding", post("Content-Length: 3\r\nTransfer-Encoding: chunked", "0\r\n\r\n")],
  ["a coding, then a length", post("Transfer-Encoding: chunked\r\nContent-Length: 3", "0\r\n\r\n")],
  ["two codings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n")],
  ["a coding behind chunked", post("Transfer-Encoding: chunked, identity", "0\r\n\r\n")],
  ["a coding behind a vertical tab", post("Transfer-Encoding: \x0bchunked", "0\r\n\r\n")],
  ["a coding's name with a space behind it", post("Transfer-Encoding : chunked", "0\r\n\r\n")],
  ["a length's name with a space behind it", post("Content-Length : 3", "abc")],
  ["a coding from HTTP/1.0", chunked("0\r\n\r\n").replace("HTTP/1.1", "HTTP/1.0")],
  ["a folded header", post("X: a\r\n b")],
  ["a folded coding", post("Transfer-Encoding:\r\n chunked", "0\r\n\r\n")],
  ["a line feed alone", "GET / HTTP/1.1\nHost: a\n\n"],
  ["a carriage return in a header", post("X: a\rY: b")],
  ["a line feed in a header", post("X: a\nTransfer-Encoding: chunked", "0\r\n\r\n")],
  ["a null in a header", post("X: a\0b")],
  ["HTTP/0.9", "GET /\r\n\r\n"],
  ["HTTP/2 by its version alone", "GET / HTTP/2.0\r\nHost: a\r\n\r\n"],
  ["a host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"],
  ["a host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"],
  ["a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["an upgrade with a body", post("Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 3", "abc")],
  ["TLS to a plain listener", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
])("%s is 400, and the connection ends [A-81]", async (_name, bytes) => {
  const text = await sendRaw(port, Buffer.from(bytes, "latin1"));
  expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nServer: awselb\/2\.0\r\n/);
  expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  expect(reached).toEqual([]);
});

test.each([
  ["no hexadecimal digit", "3x\r\nabc\r\n0\r\n\r\n"],
  ["a space behind it", "3 \r\nabc\r\n0\r\n\r\n"],
  ["a sign", "-3\r\nabc\r\n0\r\n\r\n"],
  ["a prefix", "0x3\r\nabc\r\n0\r\n\r\n"],
  ["more than 64 bits", "ffffffffffffffffff\r\nabc\r\n0\r\n\r\n"],
  ["line feeds alone", "3\nabc\n0\n\n"],
  ["less than the chunk holds", "3\r\nabcd\r\n0\r\n\r\n"],
  ["a line feed in its extension", "3;a\nb\r\nabc\r\n0\r\n\r\n"],
  ["nothing", "\r\nabc\r\n0\r\n\r\n"],
])("a chunk size with %s is 400, and what follows is no request [A-81]", async (_name, body) => {
  const text = await sendRaw(port, chunked(body + SMUGGLED));
  expect(text).toMatch(/^HTTP\/1\.1 400 /);
  expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  expect(reached).not.toContain("GET /smuggled");
});

test.each(["xchunked", "identity", "gzip"])("the coding %s is 501, and what follows is no request", async (coding) => {
  const text = await sendRaw(port, post(`Transfer-Encoding: ${coding}`, SMUGGLED));
  expect(text).toMatch(/^HTTP\/1\.1 501 /);
  expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  expect(reached).toEqual([]);
});

test("trailers may not say where a body ends or where it goes", async () => {
  const text = await sendRaw(port, chunked("0\r\nContent-Length: 5\r\n\r\n"));
  expect(text.match(/HTTP\/1\.1 \d+/g)?.every((line) => line === "HTTP/1.1 400")).toBe(true);
});

test("requests in a row are answered in order and reach targets one at a time [A-76]", async () => {
  let open = 0;
  let most = 0;
  const target = await bench.target((request, response) => {
    most = Math.max(most, ++open);
    setImmediate(() => {
      open--;
      response.end(`<${request.url}>`);
    });
  });
  const web = group("web", [targetConfig("i-2", target.port)], { healthCheck: { ...HEALTH, enabled: false } });
  await bench.plane.apply(balancer(port, [web]));
  const get = (path: string, more = "") => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
  const paths = Array.from({ length: 20 }, (_, n) => `/${n}`);
  const text = await sendRaw(port, paths.map((path) => get(path)).join("") + get("/last", "Connection: close\r\n"));
  expect(text.match(/<[^>]*>/g)).toEqual([...paths, "/last"].map((path) => `<${path}>`));
  // One connection carries one request at a time, so requests in a row never meet in one either.
  expect(target.sockets.size).toBeGreaterThanOrEqual(most);
});
