import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdminApi } from "../../../../src/rehearsal/cloud/admin/adminApi.js";
import type { CloudFaults } from "../../../../src/rehearsal/cloud/snapshot.js";

let server: Server;
let base: string;
let faults: CloudFaults[] = [];
let failed: string[] = [];

beforeAll(async () => {
  const admin = createAdminApi({
    status: () => ({ version: "0.1.0", pid: 1, speed: 10, isolation: "namespace", zones: ["us-east-1a"] }),
    trust: () => "PEM\n",
    snapshot: () => ({ at: 1, groups: [], targetGroups: [], listeners: [] }),
    setFaults: (given) => {
      faults.push(given);
    },
    console: async (id) => (id === "i-1" ? "hello\n" : undefined),
    powerFailure: async (id) => {
      failed.push(id);
      return id === "i-1";
    },
  });
  server = createServer(async (request, response) => {
    if (await admin(request, response)) return;
    response.statusCode = 418;
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  faults = [];
  failed = [];
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const ask = async (path: string, init?: RequestInit) => {
  const response = await fetch(base + path, init);
  const text = await response.text();
  return {
    status: response.status,
    body: response.headers.get("content-type") === "application/json" ? JSON.parse(text) : text,
  };
};

test("health, status and snapshot", async () => {
  expect(await ask("/_hitless/health")).toEqual({ status: 200, body: { ok: true } });
  expect(await ask("/_hitless/status")).toMatchObject({ status: 200, body: { speed: 10, isolation: "namespace" } });
  expect(await ask("/_hitless/snapshot?x=1")).toMatchObject({ status: 200, body: { groups: [] } });
});

test("what HTTPS clients are to trust", async () => {
  expect(await ask("/_hitless/trust")).toEqual({ status: 200, body: "PEM\n" });
});

test("other paths are left to AWS's API", async () => {
  expect(await ask("/")).toMatchObject({ status: 418 });
  expect(await ask("/_hitlessly/status")).toMatchObject({ status: 418 });
});

test("faults are taken whole, and an empty object mends everything", async () => {
  const body = { skipDraining: true, propagationSeconds: 3, throttleShare: 0.5 };
  expect(await ask("/_hitless/faults", { method: "PUT", body: JSON.stringify(body) })).toEqual({ status: 200, body });
  expect(await ask("/_hitless/faults", { method: "PUT", body: "{}" })).toEqual({ status: 200, body: {} });
  expect(faults).toEqual([body, {}]);
});

test.each([
  ["an unknown key", '{"skipDrainig":true}', 400, /skipDrainig.*Known: skipDraining/],
  ["a wrong type", '{"skipDraining":"yes"}', 400, /skipDraining/],
  ["a share over 1", '{"throttleShare":2}', 400, /throttleShare/],
  ["no JSON", "skipDraining", 400, /not JSON/],
  ["a list", "[]", 400, /not valid/],
  ["a body without end", `{"x":"${"y".repeat(70_000)}"}`, 413, /longer than/],
])("faults with %s are refused and change nothing", async (_, body, status, error) => {
  expect(await ask("/_hitless/faults", { method: "PUT", body })).toEqual({
    status,
    body: { error: expect.stringMatching(error) },
  });
  expect(faults).toEqual([]);
});

test("the console, and an instance that is not known", async () => {
  expect(await ask("/_hitless/instances/i-1/console")).toEqual({ status: 200, body: "hello\n" });
  expect(await ask("/_hitless/instances/i-2/console")).toMatchObject({
    status: 404,
    body: { error: expect.stringContaining("i-2") },
  });
});

test("a power failure", async () => {
  expect(await ask("/_hitless/instances/i-1/power-failure", { method: "POST" })).toMatchObject({ status: 200 });
  expect(await ask("/_hitless/instances/i-2/power-failure", { method: "POST" })).toMatchObject({ status: 404 });
  expect(await ask("/_hitless/instances/i-1/power-failure")).toMatchObject({ status: 405 });
  expect(failed).toEqual(["i-1", "i-2"]);
});

test("wrong methods, unknown paths and web pages are refused", async () => {
  expect(await ask("/_hitless/faults")).toMatchObject({ status: 405 });
  expect(await ask("/_hitless/nothing")).toMatchObject({ status: 404 });
  const page = { method: "PUT", body: "{}", headers: { origin: "http://evil.example" } };
  expect(await ask("/_hitless/faults", page)).toMatchObject({ status: 403 });
  expect(faults).toEqual([]);
});
