import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Credentials } from "../../../src/rehearsal/cluster/credentials.js";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), "hitless-test-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("everybody has a token of his own, and the API server's certificate is signed for its address", () => {
  const credentials = Credentials.create(directory, "10.192.0.2", ["node-1", "node-2"]);
  const lines = readFileSync(credentials.file("tokens.csv"), "utf8").trim().split("\n");
  const callers = lines.map((line) => line.split(","));
  expect(new Set(callers.map(([token]) => token)).size).toBe(5);
  expect(lines.join("\n")).toMatch(/,hitless-admin,admin,"system:masters"$/m);
  expect(lines.join("\n")).toMatch(/,system:node:node-2,node-2,"system:nodes"$/m);

  const { clusters, users } = JSON.parse(readFileSync(credentials.file("admin.kubeconfig"), "utf8"));
  expect(clusters[0].cluster.server).toBe("https://10.192.0.2:6443");
  expect(callers[0]?.[0]).toBe(users[0].user.token);

  const authority = new X509Certificate(credentials.authority);
  const server = new X509Certificate(readFileSync(credentials.file("apiserver.crt")));
  expect(server.verify(authority.publicKey)).toBe(true);
  expect(server.checkIP("10.192.0.2")).toBe("10.192.0.2");
  const webhook = new X509Certificate(credentials.issue("10.192.0.1").cert);
  expect(webhook.verify(authority.publicKey)).toBe(true);
  expect(webhook.checkIP("10.192.0.1")).toBe("10.192.0.1");
});

test("nobody else may read them", () => {
  const credentials = Credentials.create(directory, "10.192.0.2", []);
  for (const file of ["tokens.csv", "admin.kubeconfig", "service-account.key", "apiserver.key"])
    expect(statSync(credentials.file(file)).mode & 0o077).toBe(0);
});
