import type { TLSSocket } from "node:tls";
import { Authority } from "../../../src/rehearsal/cloud/tls/authority.js";
import { type Exchange, exchange } from "../../../src/rehearsal/load/exchange.js";
import { type Route, routesOf } from "../../../src/rehearsal/load/route.js";
import { wallClock } from "../../../src/rehearsal/load/wallClock.js";
import { closeServers, httpServer, httpsServer, options, request } from "./servers.js";

afterEach(closeServers);

function ask(route: Route, cookie?: string): Promise<Exchange> {
  return new Promise((resolve) => exchange(route, { deadlineMs: wallClock() + 10_000, cookie }, resolve));
}

test("a request is written as its kind says", async () => {
  let seen: unknown[] = [];
  const url = await httpServer((incoming, outgoing) => {
    const { host, cookie, "user-agent": agent, "x-beta": beta, "content-length": length } = incoming.headers;
    seen = [incoming.method, incoming.url, host, agent, beta, cookie, length];
    incoming.resume().on("end", () => outgoing.end("ok"));
  });
  const headers = { Host: "shop.example", "User-Agent": "a phone", "X-Beta": "yes" };
  const [plain, given] = routesOf(
    options(`${url}/base/`, {
      requests: [request({ path: "/a?b=1" }), request({ method: "DELETE", bodyBytes: 7, headers })],
    }),
  ) as [Route, Route];
  await ask(plain);
  expect(seen).toEqual(["GET", "/base/a?b=1", url.slice(7), "hitless-load", undefined, undefined, undefined]);
  await ask(given, "side=v1");
  expect(seen).toEqual(["DELETE", "/base/", "shop.example", "a phone", "yes", "side=v1", "7"]);
  plain.connections.close();
});

test.each(["Content-Length", "transfer-encoding", "Expect", "upgrade", "Keep-Alive"])(
  "the header %s is refused",
  (name) => {
    const requests = [request({ headers: { [name]: "1" } })];
    expect(() => routesOf(options("http://127.0.0.1:1", { requests }))).toThrow(`headers name ${name},`);
  },
);

test("kinds share connections; over TLS each name that is asked for has its own", async () => {
  const asked: Record<string, string>[] = [{}, { Host: "shop.example" }, { Host: "shop.example:8443" }, {}];
  const requests = asked.map((headers) => request({ headers }));
  const count = (url: string): number =>
    new Set(routesOf(options(url, { requests })).map((route) => route.connections)).size;
  expect(count("http://127.0.0.1:1")).toBe(1);
  expect(count("https://127.0.0.1:1")).toBe(3);

  const authority = new Authority();
  const names: unknown[] = [];
  const served = authority.issue("127.0.0.1");
  const url = await httpsServer(served, (incoming, outgoing) => {
    names.push((incoming.socket as TLSSocket).servername);
    outgoing.end("ok");
  });
  const routes = routesOf(options(url, { requests, trust: `${authority.cert}\n${served.cert}` }));
  for (const route of routes) await ask(route);
  expect(names).toEqual([false, "shop.example", "shop.example", false]);
  for (const { connections } of routes) connections.close();
});
