import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import type { KubeSettings } from "../../../src/gates/kubernetes/kubeSettings.js";

const root = path.resolve(__dirname, "../../..");
const KUBECONFIG = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  "current-context": "one",
  clusters: [
    { name: "east", cluster: { server: "https://east.example.com:6443" } },
    { name: "west", cluster: { server: "https://west.example.com:6443/behind/a/path" } },
  ],
  users: [
    { name: "ada", user: { token: "ada-token" } },
    { name: "bob", user: { token: "bob-token" } },
  ],
  contexts: [
    { name: "one", context: { cluster: "east", user: "ada" } },
    { name: "two", context: { cluster: "west", user: "bob" } },
  ],
});

let home: string;
beforeAll(() => {
  home = mkdtempSync(path.join(os.tmpdir(), "hitless-transport-"));
  writeFileSync(path.join(home, "config"), KUBECONFIG);
});
afterAll(() => rmSync(home, { recursive: true }));

/** In a process of its own, as built: the client library is an ES module, which Jest does not load. */
async function reach(settings: KubeSettings, environment: NodeJS.ProcessEnv = {}) {
  const script = `
    const { transportFor } = require("./dist/gates/kubernetes/transport.js");
    (async () => {
      const transport = await transportFor(${JSON.stringify(settings)});
      const { headers } = await transport.options();
      return { server: String(transport.server), token: headers.Authorization };
    })().catch(({ message }) => ({ message })).then((answer) => console.log(JSON.stringify(answer)));`;
  const env = { PATH: process.env.PATH, HOME: home, ...environment };
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { cwd: root, env });
  return JSON.parse(stdout) as unknown;
}

const east = { server: "https://east.example.com:6443/", token: "Bearer ada-token" };
const west = { server: "https://west.example.com:6443/behind/a/path", token: "Bearer bob-token" };

test.each<[string, KubeSettings, object]>([
  ["the kubeconfig's own context", { kubeconfig: KUBECONFIG }, east],
  ["another context", { kubeconfig: KUBECONFIG, context: "two" }, west],
  ["another cluster, as the same user", { kubeconfig: KUBECONFIG, cluster: "west" }, { ...west, token: east.token }],
  ["a path below the home directory", { kubeconfig: "~/config", context: "two" }, west],
  [
    "a context that is not there",
    { kubeconfig: KUBECONFIG, context: "x" },
    { message: 'the kubeconfig has no context "x"' },
  ],
  [
    "a cluster that is not there",
    { kubeconfig: KUBECONFIG, cluster: "x" },
    { message: 'the kubeconfig names no cluster "x"' },
  ],
])("%s", async (_what, settings, expected) => {
  expect(await reach(settings)).toEqual(expected);
});

test("without a provider's own, the one that KUBECONFIG names; with neither, it says where it looked", async () => {
  expect(await reach({}, { KUBECONFIG: path.join(home, "config") })).toEqual(east);
  expect(await reach({})).toEqual({ message: expect.stringContaining("neither the provider, nor KUBECONFIG") });
});
