import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { HitlessError } from "../../../src/errors/index.js";
import { APPLY, KubeApi } from "../../../src/gates/kubernetes/kubeApi.js";

interface Request {
  readonly method: string;
  readonly url: string;
  readonly type: string | undefined;
  readonly token: string | undefined;
  readonly body: string;
}

let server: Server;
let answers: { code: number; body: unknown }[];
let requests: Request[];
let api: KubeApi;

beforeEach(async () => {
  answers = [];
  requests = [];
  server = createServer(async (request: IncomingMessage, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { method = "", url = "", headers } = request;
    requests.push({ method, url, type: headers["content-type"], token: headers.authorization, body });
    const { code, body: answer } = answers.shift() ?? { code: 404, body: { message: "not found" } };
    response.writeHead(code).end(typeof answer === "string" ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  api = new KubeApi("x", async () => ({
    server: new URL(`http://127.0.0.1:${port}/clusters/one`),
    options: async () => ({ headers: { authorization: "Bearer t" } }),
  }));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test("objects come out as they are, behind a path, with credentials; nothing where there is none", async () => {
  answers = [{ code: 200, body: { metadata: { name: "a" }, unknown: { field: 1 } } }];
  expect(await api.get("/api/v1/nodes/a")).toEqual({ metadata: { name: "a" }, unknown: { field: 1 } });
  expect(await api.get("/api/v1/nodes/b", { limit: "1" })).toBeUndefined();
  expect(requests.map(({ url }) => url)).toEqual([
    "/clusters/one/api/v1/nodes/a",
    "/clusters/one/api/v1/nodes/b?limit=1",
  ]);
  expect(requests[0]?.token).toBe("Bearer t");
});

test("a list is read to its end", async () => {
  answers = [
    { code: 200, body: { items: [1, 2], metadata: { continue: "x" } } },
    { code: 200, body: { items: [3], metadata: {} } },
  ];
  expect(await api.list("/pods", { labelSelector: "a=b" })).toEqual([1, 2, 3]);
  expect(requests[1]?.url).toContain("labelSelector=a%3Db&continue=x");
});

test("an API server that is starting is asked again", async () => {
  answers = [
    { code: 503, body: "starting" },
    { code: 429, body: { message: "slow down" } },
    { code: 200, body: {} },
  ];
  await expect(api.call({ path: "/x" })).resolves.toEqual({});
  expect(requests).toHaveLength(3);
});

test("what is forbidden is told at once, with what to give", async () => {
  answers = [{ code: 403, body: { reason: "Forbidden", message: 'pods is forbidden: User "ci" cannot list' } }];
  const error = await api.list("/pods").catch((failure) => failure);
  expect(error).toBeInstanceOf(HitlessError);
  expect(error.codes).toEqual(["HIT383"]);
  expect(error.message).toMatch(/GET \/pods failed: 403 Forbidden: pods is forbidden[\s\S]*give the user of/);
  expect(requests).toHaveLength(1);
});

test("an apply is sent as such; its failure can be looked at", async () => {
  answers = [{ code: 422, body: { reason: "Invalid", message: "spec.x: wrong" } }];
  const call = {
    method: "PATCH" as const,
    path: "/d",
    query: { fieldManager: "m" },
    contentType: APPLY,
    body: { a: 1 },
  };
  expect(await api.attempt(call)).toEqual({ status: { code: 422, reason: "Invalid", message: "spec.x: wrong" } });
  expect(requests).toEqual([
    { method: "PATCH", url: "/clusters/one/d?fieldManager=m", type: APPLY, token: "Bearer t", body: '{"a":1}' },
  ]);
});

test("an answer that is not from an API server is told as it is", async () => {
  answers = [{ code: 407, body: "<html>proxy</html>" }];
  await expect(api.call({ path: "/x" })).rejects.toThrow(/407: <html>proxy<\/html>/);
});

test("a kubeconfig that cannot be read is told at once", async () => {
  const broken = new KubeApi("x", async () => {
    throw new Error('the kubeconfig has no context "none"');
  });
  await expect(broken.call({ path: "/x" })).rejects.toThrow(
    /HIT383 x: GET \/x failed: the kubeconfig has no context "none"/,
  );
});
