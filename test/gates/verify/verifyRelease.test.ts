import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { HitlessError } from "../../../src/errors/index.js";
import type { GateSurroundings } from "../../../src/gates/gate.js";
import type { VerifyCheck } from "../../../src/gates/verify/checkVerify.js";
import { judge } from "../../../src/gates/verify/judge.js";
import { httpProbe, type Observation } from "../../../src/gates/verify/probe.js";
import { type VerifyRequest, verifyRelease } from "../../../src/gates/verify/verifyRelease.js";

const good: VerifyCheck = {
  path: "/hello?deep=1",
  status: 200,
  headers: [],
  requestHeaders: [],
  latencyMs: 2000,
  inARow: 3,
  deadlineSeconds: 30,
};
const seen: Observation = { status: 200, headers: { "x-version": "v2" }, body: "welcome", milliseconds: 12 };

function surroundings() {
  let now = 0;
  const said: string[] = [];
  const say = async (message: string): Promise<void> => void said.push(message);
  const around: GateSurroundings = {
    // Time passes, and so does a turn of the event loop, in which promises settle.
    pace: {
      now: () => now,
      sleep: async (seconds) => {
        now += seconds;
        await new Promise((resolve) => setImmediate(resolve));
      },
    },
    report: { progress: say, note: say, warn: say },
    assertWatched: async () => {},
  };
  return { around, said, now: () => now };
}

function requestOf(more: Partial<VerifyRequest> = {}): VerifyRequest {
  return {
    subject: 'BlueGreenPair "shop"',
    label: "green (v2)",
    version: "v2",
    environment: "green",
    target: { url: "http://127.0.0.1:1", headers: { "x-hitless-preview": "green" } },
    checks: [good],
    functions: [],
    functionSeconds: 60,
    ...more,
  };
}

describe("what a check looks at", () => {
  test.each<[string, Partial<VerifyCheck>, Observation, string[]]>([
    ["all is well", { bodyContains: "come", headers: [{ name: "X-Version", value: "v2" }] }, seen, []],
    ["another status", { status: 204 }, seen, ["status is 200, expected 204", 'the body begins "welcome"']],
    ["a text that is missing", { bodyContains: "bye" }, seen, ['the body lacks "bye"', 'the body begins "welcome"']],
    ["an empty body", { bodyContains: "bye" }, { ...seen, body: "" }, ['the body lacks "bye"', "the body is empty"]],
    [
      "another header",
      { headers: [{ name: "X-Version", value: "v3" }] },
      seen,
      ['header X-Version is "v2", expected "v3"'],
    ],
    ["a missing header", { headers: [{ name: "x-a", value: "b" }] }, seen, ['header x-a is missing, expected "b"']],
    ["too slow", { latencyMs: 11 }, seen, ["it took 12 ms, expected at most 11 ms"]],
    ["no answer", {}, { failure: "no answer: ECONNREFUSED" }, ["no answer: ECONNREFUSED"]],
  ])("%s", (_what, change, observation, problems) => {
    expect(judge({ ...good, ...change }, observation)).toEqual(problems);
  });
});

describe("how often", () => {
  test("as many in a row as the check says", async () => {
    const { around, now } = surroundings();
    const answers = [seen, seen, { ...seen, status: 500 }, seen, seen, seen];
    let asked = 0;
    await verifyRelease(requestOf(), around, async () => answers[asked++] as Observation);
    expect(asked).toBe(6);
    expect(now()).toBeGreaterThan(0);
  });

  test("until its deadline, and then it says what was seen last", async () => {
    const { around, now } = surroundings();
    const failing = verifyRelease(requestOf(), around, async () => ({ ...seen, status: 503, body: "no database" }));
    await expect(failing).rejects.toThrow(
      /HIT363 BlueGreenPair "shop": green \(v2\) failed verify\[0\] \(GET \/hello\?deep=1\) for 30 s; request 1 of 3: status is 503, expected 200; the body begins "no database".*\n.*x-hitless-preview: green/,
    );
    expect(now()).toBeGreaterThanOrEqual(30);
  });

  test("one check after the other", async () => {
    const paths: string[] = [];
    const checks = [good, { ...good, path: "/second", inARow: 1 }];
    const { around, said } = surroundings();
    await verifyRelease(requestOf({ checks }), around, async (_target, { path }) => {
      paths.push(path);
      return seen;
    });
    expect(paths).toEqual([...Array(3).fill("/hello?deep=1"), "/second"]);
    expect(said).toEqual(["green (v2): 2 of 2 checks passed"]);
  });
});

describe("the program's own functions", () => {
  test("one that throws refuses", async () => {
    const functions = [() => Promise.reject(new Error("no basket"))];
    const run = verifyRelease(requestOf({ checks: [], functions }), surroundings().around);
    await expect(run).rejects.toThrow(/HIT364 .*verifyWith function 1 refused it: no basket/);
  });

  test("one that does not end is told to, and refused", async () => {
    let signal: AbortSignal | undefined;
    const functions = [
      (subject: { signal: AbortSignal }) => {
        signal = subject.signal;
        return new Promise<void>(() => {});
      },
    ];
    const run = verifyRelease(requestOf({ checks: [], functions }), surroundings().around);
    await expect(run).rejects.toThrow(/HIT364 .*did not end within 60 s/);
    expect(signal?.aborted).toBe(true);
  });

  test("they run after the checks, and not at all when one of those failed", async () => {
    const function_ = jest.fn();
    const run = verifyRelease(requestOf({ functions: [function_] }), surroundings().around, async () => ({
      failure: "x",
    }));
    await expect(run).rejects.toBeInstanceOf(HitlessError);
    expect(function_).not.toHaveBeenCalled();
  });
});

describe("over HTTP", () => {
  let server: Server;
  let url: string;
  const handler = jest.fn();
  beforeEach(async () => {
    handler.mockReset();
    server = createServer(handler);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test("status, headers and body come back, and its headers go along", async () => {
    handler.mockImplementation((request, response) => {
      response.writeHead(302, { "x-version": "v2", location: "/elsewhere" });
      response.end(
        `${request.url} ${request.headers.host} ${request.headers["x-hitless-preview"]} ${request.headers["x-a"]}`,
      );
    });
    const headers = { host: "shop.example.com", "x-hitless-preview": "green" };
    const answer = await httpProbe({ url, headers }, { ...good, requestHeaders: [{ name: "x-a", value: "b" }] });
    expect(answer).toMatchObject({
      status: 302,
      headers: { "x-version": "v2" },
      body: "/hello?deep=1 shop.example.com green b",
    });
  });

  test("no answer in time", async () => {
    handler.mockImplementation((_request, response) => response.writeHead(200).write("a beginning"));
    const answer = await httpProbe({ url, headers: {} }, { ...good, latencyMs: 50 });
    expect(answer).toEqual({ failure: "no complete answer within 50 ms" });
  });

  test("nobody there", async () => {
    const answer = await httpProbe({ url: "http://127.0.0.1:1", headers: {} }, good);
    expect(answer).toEqual({ failure: expect.stringMatching(/^no answer: ECONNREFUSED/) });
  });
});
