/** Provider configuration, kubeconfigs, and clusters that do not answer. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { startKubernetesProvider } from "../../../../src/rehearsal/provider/kubernetes/server.js";
import type { ProviderServer } from "../../../../src/rehearsal/provider/protocol/grpcServer.js";
import type { Values } from "../../../../src/rehearsal/provider/protocol/values.js";
import { EngineDouble } from "../engineDouble.js";
import { CONFIG_MAP, configMap, startCluster } from "./cluster.js";
import { FakeApiServer } from "./fakeApiServer.js";

let api: FakeApiServer;
let work: string;
const open: { engine: EngineDouble; server: ProviderServer }[] = [];

beforeEach(async () => {
  api = await FakeApiServer.start();
  work = mkdtempSync(path.join(os.tmpdir(), "hitless-kubeconfig-"));
});
afterEach(async () => {
  for (const { engine, server } of open.splice(0)) {
    engine.close();
    await server.close();
  }
  rmSync(work, { recursive: true });
  await api.close();
});

async function engine(environment: NodeJS.ProcessEnv = {}): Promise<EngineDouble> {
  const server = await startKubernetesProvider({ environment: { HOME: work, ...environment }, speed: 1000 });
  open.push({ engine: new EngineDouble(server.port), server });
  return (open.at(-1) as (typeof open)[number]).engine;
}

function file(name: string, text: string): string {
  writeFileSync(path.join(work, name), text);
  return path.join(work, name);
}

async function namespaceOf(config: Values, environment: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const asking = await engine(environment);
  await asking.configure(config);
  return (await asking.check(CONFIG_MAP, "x", configMap({}))).inputs.metadata.namespace;
}

test("a kubeconfig is given as contents, as a path, by KUBECONFIG, or lies at home", async () => {
  const contents = api.kubeconfig;
  for (const [config, environment] of [
    [{ kubeconfig: contents }, {}],
    [{ kubeconfig: file("config", contents) }, {}],
    [{}, { KUBECONFIG: `${work}/absent:${work}/config` }],
  ] as const) {
    expect(await namespaceOf(config, environment)).toBe("default");
  }
  expect(api.requests.filter((request) => request === "GET /version")).toHaveLength(3);
});

test("the namespace is the provider's, else the context's, else default", async () => {
  const config = JSON.parse(api.kubeconfig);
  config.contexts[0].context.namespace = "shop";
  expect(await namespaceOf({ kubeconfig: JSON.stringify(config) })).toBe("shop");
  expect(await namespaceOf({ kubeconfig: JSON.stringify(config), namespace: "other" })).toBe("other");
});

test("inputs that are not implemented are named, one by one", async () => {
  const asking = await engine();
  const failures = await asking.checkConfig({
    renderYamlToDirectory: "out",
    helmReleaseSettings: "{}",
    enableServerSideApply: "false",
    kubeClientSettings: '{"burst":1,"qps":2,"timeout":5}',
    deleteUnreachable: "maybe",
  });
  expect(failures.map(({ property }) => property).sort()).toEqual([
    "deleteUnreachable",
    "enableServerSideApply",
    "helmReleaseSettings",
    "renderYamlToDirectory",
  ]);
});

test.each([
  [{ context: "other" }, /has no context "other"; it has fake/],
  [{ cluster: "other" }, /has no cluster "other"/],
  [{ kubeconfig: "a: [" + "\n" }, /is no YAML/],
  [{ kubeconfig: "/not/there" }, /there is no kubeconfig at \/not\/there/],
])("a kubeconfig that does not fit is told when it is needed: %j", async (given, reason) => {
  const asking = await engine();
  await asking.configure({ kubeconfig: api.kubeconfig, ...given });
  const { inputs } = await asking.check(CONFIG_MAP, "x", configMap({}));
  await expect(asking.create(CONFIG_MAP, "x", inputs)).rejects.toThrow(reason);
});

test("without a cluster a preview shows the inputs; everything else says what is wrong, and how to drop what is lost", async () => {
  const asking = await engine();
  const kubeconfig = api.kubeconfig;
  await api.close();
  await asking.configure({ kubeconfig });
  const { inputs, failures } = await asking.check(CONFIG_MAP, "x", configMap({}, { name: "x" }));
  expect(failures).toEqual([]);
  expect((await asking.create(CONFIG_MAP, "x", inputs, true)).state).toEqual(inputs);
  await expect(asking.create(CONFIG_MAP, "x", inputs)).rejects.toThrow(
    /cannot be reached: ECONNREFUSED.*Fix: start the cluster/,
  );
  await expect(asking.read(CONFIG_MAP, "default/x", inputs, inputs)).rejects.toThrow(
    /PULUMI_K8S_DELETE_UNREACHABLE=true/,
  );
  await expect(asking.delete(CONFIG_MAP, "default/x", inputs)).rejects.toThrow(/PULUMI_K8S_DELETE_UNREACHABLE=true/);
  const dropping = await engine();
  await dropping.configure({ kubeconfig, deleteUnreachable: "true" });
  expect((await dropping.read(CONFIG_MAP, "default/x", inputs, inputs)).id).toBe("");
  await dropping.delete(CONFIG_MAP, "default/x", inputs);
});

test("what the server forbids is told with a remedy", async () => {
  const cluster = await startCluster();
  cluster.api.refuse = (method) =>
    method === "PATCH"
      ? { code: 403, reason: "Forbidden", message: 'configmaps "x" is forbidden: User "me" cannot patch' }
      : undefined;
  const { inputs } = await cluster.engine.check(CONFIG_MAP, "x", configMap({}, { name: "x" }));
  // As the real provider: who may not patch sees the inputs.
  expect((await cluster.engine.create(CONFIG_MAP, "x", inputs, true)).state).toEqual(inputs);
  await expect(cluster.engine.create(CONFIG_MAP, "x", inputs)).rejects.toThrow(
    /is forbidden.*Fix: give the kubeconfig's user a role/,
  );
  await cluster.close();
});

test("in a rehearsal no other cluster is touched", async () => {
  const other = await FakeApiServer.start();
  const environment = { HITLESS_KUBECONFIG: file("own", api.kubeconfig) };
  const asking = await engine(environment);
  await expect(asking.configure({ kubeconfig: other.kubeconfig })).rejects.toThrow(/must not touch another cluster/);
  await asking.configure({ kubeconfig: api.kubeconfig });
  expect(other.requests).toEqual([]);
  await other.close();
});

test("a rehearsal without a cluster says so", async () => {
  const none = path.join(work, "none");
  const asking = await engine({ HITLESS_KUBECONFIG: none, KUBECONFIG: none });
  await asking.configure({});
  const { inputs } = await asking.check(CONFIG_MAP, "x", configMap({}, { name: "x" }));
  await expect(asking.create(CONFIG_MAP, "x", inputs)).rejects.toThrow(/has no Kubernetes cluster.*--kubeconfig FILE/);
  await expect(asking.configure({ kubeconfig: api.kubeconfig })).rejects.toThrow(/it has none/);
});

test("a token that a command gives is used", async () => {
  const config = JSON.parse(api.kubeconfig);
  const credential = { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status: { token: "x" } };
  const exec = { apiVersion: credential.apiVersion, command: "echo", args: [JSON.stringify(credential)] };
  config.users[0].user = { exec };
  expect(await namespaceOf({ kubeconfig: JSON.stringify(config) }, { PATH: process.env.PATH })).toBe("default");
  config.users[0].user = { exec: { ...exec, command: "/not/there" } };
  const asking = await engine();
  await asking.configure({ kubeconfig: JSON.stringify(config) });
  const { inputs } = await asking.check(CONFIG_MAP, "x", configMap({}, { name: "x" }));
  await expect(asking.create(CONFIG_MAP, "x", inputs)).rejects.toThrow(/credential command `\/not\/there` failed/);
});
