import { LoadGenerator } from "../../../src/rehearsal/load/generator.js";
import type { LoadOptions, LoadSummary } from "../../../src/rehearsal/load/model.js";
import { closeServers, deadUrl, httpServer, options, rawServer, request, until } from "./servers.js";

afterEach(closeServers);

/** Sends at least so many requests and waits for all of them. */
async function send(loadOptions: LoadOptions, atLeast = 10): Promise<LoadSummary> {
  const load = new LoadGenerator(loadOptions);
  await until(() => load.counts().sent >= atLeast);
  const summary = await load.stop();
  expect(summary.inFlight).toBe(0);
  expect(summary.sent).toBe(summary.completed + summary.lost);
  expect(summary.sent).toBeGreaterThanOrEqual(atLeast);
  return summary;
}

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nx-version: v1\r\n\r\nok";

describe("users", () => {
  const cookies = { v1: "side=v1; Path=/; Max-Age=60", v2: "side=v2; Path=/; Max-Age=60" };

  test("keep their cookies, so that a sticky balancer gives each one version, and strangers any", async () => {
    let turn = 0;
    let returned = 0;
    const url = await httpServer((incoming, outgoing) => {
      const bound = /side=(v[12])/.exec(incoming.headers.cookie ?? "")?.[1] as "v1" | "v2" | undefined;
      const version = bound ?? (turn++ % 2 === 0 ? "v1" : "v2");
      if (bound !== undefined) returned++;
      outgoing.setHeader("x-version", version);
      outgoing.setHeader("set-cookie", ["other=1; HttpOnly", cookies[version]]);
      outgoing.end("ok");
    });
    const requests = [request({ name: "members", users: 4 }), request({ name: "strangers" })];
    const load = new LoadGenerator(options(url, { requests, rate: 500 }));
    await until(() => returned >= 40);
    const summary = await load.stop();
    expect(summary.versionChanges).toBe(0);
    expect(summary.versionsOf.strangers?.v1).toBeGreaterThan(0);
    expect(summary.versionsOf.strangers?.v2).toBeGreaterThan(0);
    expect(Object.keys(summary.versionsOf)).toEqual(["members", "strangers"]);
  });

  test("notice a balancer that forgets them", async () => {
    let turn = 0;
    const url = await httpServer((_, outgoing) => {
      outgoing.setHeader("x-version", turn++ % 3 === 0 ? "v1" : "v2");
      outgoing.end("ok");
    });
    const load = new LoadGenerator(options(url, { requests: [request({ users: 1 })] }));
    await until(() => load.counts().sent >= 20);
    const summary = await load.stop();
    expect(summary.versionChanges).toBeGreaterThan(5);
    expect(load.window(0, Number.MAX_SAFE_INTEGER).versionChanges).toBe(summary.versionChanges);
  });
});

test("only plain and short answers tell when a version answered last", async () => {
  const url = await httpServer((incoming, outgoing) => {
    outgoing.setHeader("x-version", incoming.headers["x-beta"] === undefined ? "v1" : "v2");
    outgoing.end("ok");
  });
  const requests = [request(), request({ headers: { "x-beta": "yes" } })];
  const { lastPlainAnswer, endedAt, startedAt } = await send(options(url, { requests }), 20);
  expect(Object.keys(lastPlainAnswer)).toEqual(["v1"]);
  expect(lastPlainAnswer.v1).toBeGreaterThan(startedAt);
  expect(lastPlainAnswer.v1).toBeLessThanOrEqual(endedAt);
});

describe("answers", () => {
  test("complete answers are counted by version, status and kind of request", async () => {
    const url = await httpServer((incoming, outgoing) => {
      let uploaded = 0;
      incoming.on("data", (chunk: Buffer) => (uploaded += chunk.length));
      incoming.on("end", () => {
        outgoing.setHeader("x-version", incoming.url === "/base/new" ? "v2" : "v1");
        outgoing.end(String(uploaded));
      });
    });
    const requests = [
      request({ path: "/old" }),
      request({ path: "/new" }),
      request({ path: "/up", method: "POST", bodyBytes: 300_000 }),
    ];
    const summary = await send(options(`${url}/base/`, { requests }), 30);
    expect(summary.lost).toBe(0);
    expect((summary.versions.v1 ?? 0) + (summary.versions.v2 ?? 0)).toBe(summary.sent);
    expect(summary.statuses).toEqual({ "200": summary.sent });
    expect(summary.perRequest.map((each) => each.request)).toEqual(["GET /old", "GET /new", "POST /up"]);
    const sent = summary.perRequest.map((each) => each.sent);
    expect(Math.max(...sent) - Math.min(...sent)).toBeLessThanOrEqual(1);
  });

  test("uploads arrive whole, at once and in pieces", async () => {
    const sizes = new Set<number>();
    const url = await httpServer((incoming, outgoing) => {
      let uploaded = 0;
      incoming.on("data", (chunk: Buffer) => (uploaded += chunk.length));
      incoming.on("end", () => {
        sizes.add(uploaded);
        outgoing.end("ok");
      });
    });
    const requests = [
      request({ method: "PUT", bodyBytes: 5000 }),
      request({ method: "PUT", bodyBytes: 7001, bodySeconds: 0.3 }),
    ];
    const summary = await send(options(url, { requests }));
    expect(summary.lost).toBe(0);
    expect([...sizes].sort()).toEqual([5000, 7001]);
  });

  test("the version may stand in a field of a JSON body", async () => {
    const url = await httpServer((_, outgoing) => outgoing.end('{"release":7}'));
    const summary = await send(options(url, { versionField: "release" }));
    expect(summary.versions).toEqual({ "7": summary.sent });
  });

  test("errors that the app sends are answers; those that the balancer sends are losses", async () => {
    const app = await httpServer((_, outgoing) => outgoing.writeHead(503).end("busy"));
    const fromApp = await send(options(app));
    expect(fromApp.lost).toBe(0);
    expect(fromApp.appErrors).toBe(fromApp.sent);

    const balancer = await httpServer((_, outgoing) => outgoing.writeHead(502, { server: "awselb/2.0" }).end("no"));
    const fromBalancer = await send(options(balancer));
    expect(fromBalancer.appErrors).toBe(0);
    expect(fromBalancer.lostByKind).toEqual({ balancerError: fromBalancer.sent });
    expect(fromBalancer.evidence[0]).toMatchObject({ code: "HTTP 502", request: "GET /" });
  });

  test("the balancer's redirects and refusals are no losses", async () => {
    const url = await httpServer((_, outgoing) => outgoing.writeHead(404, { server: "awselb/2.0" }).end("no rule"));
    const summary = await send(options(url));
    expect([summary.lost, summary.appErrors, summary.statuses["404"]]).toEqual([0, 0, summary.sent]);
  });
});

describe("losses", () => {
  const cases: [string, string, () => Promise<string>][] = [
    ["refused", "ECONNREFUSED", deadUrl],
    ["reset", "ECONNRESET", () => rawServer((socket) => socket.destroy())],
    ["reset", "ECONNRESET", () => rawServer((socket) => socket.resetAndDestroy())],
    [
      "cutShort",
      "ECONNRESET",
      () => rawServer((socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf")),
    ],
    [
      "cutShort",
      "ECONNRESET",
      () => rawServer((socket) => socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n")),
    ],
    ["cutShort", "unframed", () => rawServer((socket) => socket.end("HTTP/1.1 200 OK\r\n\r\nall or half?"))],
    ["malformed", "HTTPParserError", () => rawServer((socket) => socket.end("SSH-2.0 hello\r\n\r\n"))],
    ["timedOut", "ETIMEDOUT", () => rawServer(() => {})],
    [
      "timedOut",
      "ETIMEDOUT",
      () => rawServer((socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nha")),
    ],
  ];

  test.each(cases)("%s (%s)", async (kind, code, server) => {
    const url = await server();
    const summary = await send(options(url, { requests: [request({ timeoutSeconds: 0.3 })] }));
    expect(summary.lostByKind).toEqual({ [kind]: summary.sent });
    expect(summary.retriedOnClosedConnection).toBe(0);
    const [evidence] = summary.evidence;
    if (evidence === undefined) throw new Error("no evidence");
    expect(evidence).toMatchObject({ kind, code, request: "GET /", reusedConnection: false, retried: false });
    expect(evidence.detail).not.toBe("");
    expect(evidence.endedAt).toBeGreaterThanOrEqual(evidence.scheduledAt);
    if (kind !== "refused") expect(evidence.sentAt).toBeDefined();
  });

  test("one bad answer among good ones is found", async () => {
    let served = 0;
    const url = await rawServer((socket) => {
      served++;
      if (served === 7) socket.end("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhal");
      else socket.write(OK);
    });
    const summary = await send(options(url), 20);
    expect(summary.lost).toBe(1);
    expect(summary.versions).toEqual({ v1: summary.sent - 1 });
  });

  test("evidence is bounded, counts are not", async () => {
    const url = await deadUrl();
    const summary = await send(options(url, { rate: 2000 }), 300);
    expect(summary.lost).toBe(summary.sent);
    expect(summary.evidence.length).toBeLessThanOrEqual(100);
    const [first, last] = [summary.evidence[0], summary.evidence.at(-1)];
    expect(last?.scheduledAt).toBeGreaterThan(first?.scheduledAt ?? Number.NaN);
  });
});

describe("connections that were closed while idle", () => {
  /** Answers the first request of each connection, and closes it the moment that a second one arrives. */
  const closesOnSecond = (): Promise<string> =>
    rawServer((socket, nth) => (nth === 1 ? socket.write(OK) : socket.destroy()));

  test("an idempotent request that met one is sent once more, and counted", async () => {
    const url = await closesOnSecond();
    const summary = await send(options(url, { rate: 50 }));
    expect(summary.lost).toBe(0);
    expect(summary.retriedOnClosedConnection).toBeGreaterThan(0);
    expect(summary.versions).toEqual({ v1: summary.sent });
  });

  test("a POST is not: it is lost", async () => {
    const url = await closesOnSecond();
    const summary = await send(options(url, { rate: 50, requests: [request({ method: "POST" })] }));
    expect(summary.retriedOnClosedConnection).toBe(0);
    expect(summary.lostByKind.reset).toBeGreaterThan(0);
    expect(summary.evidence[0]).toMatchObject({ reusedConnection: true, retried: false });
  });

  test("a request that was under way when its connection was cut is lost, also on a reused one", async () => {
    const url = await rawServer((socket, nth) => {
      if (nth === 1) socket.write(OK);
      else setTimeout(() => socket.destroy(), 400);
    });
    const summary = await send(options(url, { rate: 50 }));
    expect(summary.retriedOnClosedConnection).toBe(0);
    expect(summary.lostByKind.reset).toBeGreaterThan(0);
  });

  test("when the second try fails as well, the request is lost", async () => {
    let connections = 0;
    const known = new WeakSet<object>();
    const url = await rawServer((socket, nth) => {
      if (!known.has(socket)) connections++;
      known.add(socket);
      if (connections === 1 && nth === 1) socket.write(OK);
      else socket.destroy();
    });
    const summary = await send(options(url, { rate: 20, maxConnections: 1 }), 5);
    expect(summary.retriedOnClosedConnection).toBe(1);
    expect(summary.evidence.filter(({ retried }) => retried)).toHaveLength(1);
    expect(summary.lost).toBe(summary.sent - 1);
  });
});

describe("the open loop", () => {
  test("requests keep being sent while nothing is answered, and the wait shows as latency", async () => {
    const held: (() => void)[] = [];
    let open = false;
    const url = await httpServer((_, outgoing) => {
      if (open) outgoing.end("ok");
      else held.push(() => outgoing.end("ok"));
    });
    const load = new LoadGenerator(options(url, { maxConnections: 1000 }));
    await until(() => held.length >= 60);
    expect(load.counts()).toMatchObject({ completed: 0, lost: 0 });
    open = true;
    for (const release of held) release();
    const summary = await load.stop();
    expect(summary.lost).toBe(0);
    // 60 requests at 200 a second: the first one waited for the 60th.
    expect(summary.latencyMs.max).toBeGreaterThanOrEqual(295);
  });

  test("what waits for a connection is counted from its scheduled moment, and is not lost", async () => {
    let busy = 0;
    let most = 0;
    const url = await httpServer((_, outgoing) => {
      most = Math.max(most, ++busy);
      setTimeout(() => {
        busy--;
        outgoing.end("ok");
      }, 20);
    });
    const summary = await send(options(url, { maxConnections: 2 }), 40);
    expect(summary.lost).toBe(0);
    expect(most).toBe(2);
    // 2 connections × 20 ms carry 100 requests a second; 200 arrive: the queue shows as latency.
    expect(summary.latencyMs.max).toBeGreaterThan(100);
  });

  test("a window counts the requests scheduled in it", async () => {
    const url = await httpServer((_, outgoing) => outgoing.end("ok"));
    const load = new LoadGenerator(options(url, { rate: 100 }));
    await until(() => load.counts().sent >= 60);
    await load.stop();
    const { startedAt } = load;
    expect(load.window(startedAt, startedAt + 200).sent).toBe(20);
    expect(load.window(startedAt + 200, startedAt + 500).sent).toBe(30);
    expect(load.window(0, Number.MAX_SAFE_INTEGER).sent).toBe(load.counts().sent);
  });
});
