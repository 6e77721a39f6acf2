import {
  MalformedResponse,
  type ResponseHead,
  ResponseParser,
} from "../../../../src/rehearsal/cloud/balancer/forward/responseParser.js";
import { EvenSpread } from "../../../../src/rehearsal/cloud/balancer/rules/evenSpread.js";
import { compileHealthMatcher } from "../../../../src/rehearsal/cloud/balancer/targets/healthMatcher.js";
import { BalancerCookie, cookieValue } from "../../../../src/rehearsal/cloud/balancer/targets/stickiness.js";
import type { Target } from "../../../../src/rehearsal/cloud/balancer/targets/target.js";
import { createChooser } from "../../../../src/rehearsal/cloud/balancer/targets/targetChoice.js";

describe("even spread", () => {
  test.each([0.01, 0.1, 0.333, 0.5, 0.9])("a share of %f of any 1,000 requests is within 3", (share) => {
    const spread = new EvenSpread();
    for (let round = 0; round < 20; round++) {
      let hits = 0;
      for (let n = 0; n < 1000; n++) if (spread.next() < share) hits++;
      expect(Math.abs(hits - share * 1000)).toBeLessThanOrEqual(3);
    }
  });

  test.each([2, 3, 5, 7, 10])("every one of %i alternating kinds of requests gets the same share", (kinds) => {
    const spread = new EvenSpread();
    const hits = Array<number>(kinds).fill(0);
    for (let n = 0; n < 2000 * kinds; n++) if (spread.next() < 0.5) hits[n % kinds] = (hits[n % kinds] ?? 0) + 1;
    for (const count of hits) expect(Math.abs(count / 2000 - 0.5)).toBeLessThan(0.03);
  });
});

describe("choosing a target", () => {
  const targets = (...more: Partial<Target>[]): Target[] =>
    more.map((each) => ({ inFlight: 0, slowStartSince: undefined, ...each }) as Target);
  const shares = (list: Target[], choose: () => Target, times: number): number[] => {
    const counts = list.map(() => 0);
    for (let n = 0; n < times; n++) {
      const chosen = list.indexOf(choose());
      counts[chosen] = (counts[chosen] ?? 0) + 1;
    }
    return counts.map((count) => count / times);
  };

  test("round robin takes turns", () => {
    const list = targets({}, {}, {});
    const chooser = createChooser({ algorithm: "round_robin", slowStartMs: 0 });
    expect(shares(list, () => chooser.choose(list, 0), 300)).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  test("least outstanding requests takes the least busy, and equals take turns [A-72]", () => {
    const list = targets({ inFlight: 2 }, { inFlight: 1 }, { inFlight: 1 });
    const chooser = createChooser({ algorithm: "least_outstanding_requests", slowStartMs: 0 });
    const [busy, one, two] = shares(list, () => chooser.choose(list, 0), 300) as [number, number, number];
    expect(busy).toBe(0);
    expect(Math.min(one, two)).toBeGreaterThan(0.3);
  });

  test("weighted random spreads over all", () => {
    const list = targets({}, {});
    const chooser = createChooser({ algorithm: "weighted_random", slowStartMs: 0 });
    const [one, two] = shares(list, () => chooser.choose(list, 0), 4000) as [number, number];
    expect(Math.min(one, two)).toBeGreaterThan(0.4);
  });

  test.each([
    [0, 0],
    [2500, 0.25 / 2.25],
    [5000, 0.5 / 2.5],
    [10_000, 1 / 3],
  ])("slow start: after %i of 10,000 ms the new target's share is %f [A-52]", (now, expected) => {
    const list = targets({}, {}, { slowStartSince: 0 });
    const chooser = createChooser({ algorithm: "round_robin", slowStartMs: 10_000 });
    expect(shares(list, () => chooser.choose(list, now), 3000)[2]).toBeCloseTo(expected, 2);
  });
});

test.each([
  ["200", [200], [201, 199, 500]],
  ["200,202", [200, 202], [201]],
  ["200-299", [200, 250, 299], [199, 300]],
  ["200, 301-302", [200, 301, 302], [303]],
])("health matcher %s", (matcher, yes, no) => {
  const matches = compileHealthMatcher(matcher);
  expect(yes.every(matches)).toBe(true);
  expect(no.some(matches)).toBe(false);
});

test.each(["", "abc", "20", "200;201"])("health matcher %j is refused", (matcher) => {
  expect(() => compileHealthMatcher(matcher)).toThrow(/expected codes such as/);
});

describe("cookies", () => {
  test.each([
    ["A=1", "1"],
    ["B=2; A=1; C=3", "1"],
    ["XA=9; A=1", "1"],
    ["AB=9", undefined],
    ["X=A=1", undefined],
    [undefined, undefined],
  ])("in %j A is %j", (header, value) => expect(cookieValue(header, "A")).toBe(value));

  test("a cookie binds until its duration is over, by either of its names", () => {
    const cookie = new BalancerCookie("AWSALB", 1000, 1000, "AWSALBCORS");
    const headers: string[] = [];
    cookie.write(headers, "token", 5000);
    expect(headers[1]).toMatch(/^AWSALB=[^;]+; Expires=[^;]+GMT; Path=\/$/);
    expect(headers[3]).toMatch(/^AWSALBCORS=[^;]+; Expires=[^;]+GMT; Path=\/; SameSite=None; Secure$/);
    for (const line of [headers[1], headers[3]] as string[]) {
      expect(cookie.read(line.split(";")[0], 6000)).toBe("token");
      expect(cookie.read(line.split(";")[0], 6001)).toBeUndefined();
    }
    expect(cookie.read("AWSALB=nonsense", 5000)).toBeUndefined();
  });
});

describe("response parser", () => {
  /** Parses the bytes cut into pieces of `size` and tells what came out. */
  function parse(text: string, size: number, method = "GET") {
    const bytes = Buffer.from(text, "latin1");
    let head: ResponseHead | undefined;
    let body = "";
    let trailers: string[] | undefined;
    let ended = 0;
    const parser = new ResponseParser({
      onHead: (parsed) => {
        head = parsed;
      },
      onBody: (chunk) => {
        body += chunk.toString("latin1");
      },
      onPause: () => undefined,
      onEnd: (last, parsedTrailers) => {
        body += last?.toString("latin1") ?? "";
        trailers = parsedTrailers;
        ended++;
      },
      onSwitch: () => undefined,
    });
    parser.begin(method, false);
    let clean = true;
    for (let at = 0; at < bytes.length; at += size) clean = parser.execute(bytes.subarray(at, at + size)) && clean;
    const finishes = parser.finish();
    return { head, body, trailers, ended, clean, finishes };
  }

  describe.each([1, 2, 3, 7, 10_000])("in pieces of %i bytes", (size) => {
    test("length", () => {
      const result = parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A:  b \r\n\r\nhello", size);
      expect(result).toMatchObject({ body: "hello", ended: 1, clean: true, finishes: false });
      expect(result.head).toMatchObject({
        status: 200,
        reason: "OK",
        headers: ["Content-Length", "5", "X-A", "b"],
        keepAlive: true,
      });
    });

    test("chunks with an extension and trailers", () => {
      const text =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n";
      expect(parse(text, size)).toMatchObject({ body: "abc0123456789", trailers: ["X-T", "1"], ended: 1, clean: true });
    });

    test("a coding outranks a length, which is not passed on", () => {
      const text = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n";
      expect(parse(text, size)).toMatchObject({ body: "x", ended: 1, head: { headers: [] } });
    });

    test("until the connection's end", () => {
      const result = parse("HTTP/1.1 200 OK\r\n\r\nabc", size);
      expect(result).toMatchObject({ body: "abc", ended: 1, finishes: true, head: { keepAlive: false } });
    });

    test("interim responses come first", () => {
      expect(parse("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", size)).toMatchObject({
        ended: 1,
        head: { status: 204 },
      });
    });

    test("HEAD has no body in spite of its length", () => {
      expect(parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", size, "HEAD")).toMatchObject({
        ended: 1,
        clean: true,
      });
    });

    test("bytes behind the end are reported", () => {
      expect(parse("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab", size)).toMatchObject({ ended: 1, clean: false });
    });

    test.each([
      ["not HTTP", "SSH-2.0-OpenSSH\r\n\r\n"],
      ["no status", "HTTP/1.1 OK\r\n\r\n"],
      ["HTTP/2", "HTTP/2.0 200 OK\r\n\r\n"],
      ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"],
      ["negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"],
      ["nameless header", "HTTP/1.1 200 OK\r\n: x\r\n\r\n"],
      ["folded header", "HTTP/1.1 200 OK\r\nA: 1\r\n  2\r\n\r\n"],
      ["bad chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"],
      ["long chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n"],
      ["unasked switch", "HTTP/1.1 101 Switching Protocols\r\n\r\n"],
      ["endless head", `HTTP/1.1 200 OK\r\nA: ${"a".repeat(40_000)}\r\n\r\n`],
    ])("malformed: %s", (_name, text) => {
      if (size < 7 && text.length > 30_000) return;
      expect(() => parse(text, size)).toThrow(MalformedResponse);
    });
  });

  test("headers of the connection are not passed on", () => {
    const text =
      "HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nKeep-Alive: timeout=5\r\nX-Hop: 1\r\nUpgrade: h2c\r\nX-End: 1\r\nContent-Length: 0\r\n\r\n";
    expect(parse(text, 10_000).head).toMatchObject({
      headers: ["X-End", "1", "Content-Length", "0"],
      keepAlive: false,
    });
  });
});
