/** The life of objects of any kind, before a fake API server. */
import { type Cluster, CONFIG_MAP, configMap, make, SECRET, startCluster } from "./cluster.js";

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster();
});
afterEach(() => cluster.close());

const PATH = "/api/v1/namespaces/default/configmaps/settings";

test("an object without a name gets one of its own, kept by later updates, in the default namespace", async () => {
  const { id, inputs } = await make(cluster, CONFIG_MAP, "settings", configMap({ a: "1" }));
  expect(inputs.metadata).toEqual({
    name: expect.stringMatching(/^settings-[0-9a-f]{8}$/),
    namespace: "default",
    annotations: { "pulumi.com/autonamed": "true" },
  });
  expect(id).toBe(`default/${inputs.metadata.name}`);
  const again = await cluster.engine.check(CONFIG_MAP, "settings", configMap({ a: "2" }), inputs);
  expect(again.inputs.metadata).toEqual(inputs.metadata);
});

test("the state is the live object; a second look shows no difference, and asks the server nothing", async () => {
  const { id, state, inputs } = await make(
    cluster,
    CONFIG_MAP,
    "settings",
    configMap({ a: "1" }, { name: "settings" }),
  );
  expect(state).toMatchObject({ kind: "ConfigMap", data: { a: "1" }, metadata: { uid: expect.any(String) } });
  expect(state.__fieldManager).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
  const asked = cluster.api.requests.length;
  expect(await cluster.engine.diff(CONFIG_MAP, id, state, inputs)).toMatchObject({ changes: false, detailed: {} });
  expect(cluster.api.requests.slice(asked)).toEqual([]);
  const refreshed = await cluster.engine.read(CONFIG_MAP, id, state, inputs);
  expect(refreshed).toEqual({ id, state, inputs });
});

test("what the program drops goes, what others set stays", async () => {
  const mutable = await startCluster({ enableConfigMapMutable: "true" });
  const { id, state } = await make(
    mutable,
    CONFIG_MAP,
    "settings",
    configMap({ a: "1", b: "2" }, { name: "settings" }),
  );
  mutable.api.object(PATH).data.c = "3";
  const { inputs } = await mutable.engine.check(
    CONFIG_MAP,
    "settings",
    configMap({ a: "9" }, { name: "settings" }),
    state.__inputs,
  );
  const diff = await mutable.engine.diff(CONFIG_MAP, id, state, inputs);
  expect(diff).toMatchObject({ replaces: [], detailed: { "data.a": "update", "data.b": "delete" } });
  await mutable.engine.update(CONFIG_MAP, id, state, inputs);
  expect(mutable.api.object(PATH).data).toEqual({ a: "9", c: "3" });
  await mutable.close();
});

test("data of a ConfigMap is immutable by default: a named one goes before its successor comes", async () => {
  const { id, state, inputs } = await make(
    cluster,
    CONFIG_MAP,
    "settings",
    configMap({ a: "1" }, { name: "settings" }),
  );
  const news = { ...inputs, data: { a: "2" } };
  const diff = await cluster.engine.diff(CONFIG_MAP, id, state, news);
  expect(diff).toMatchObject({
    replaces: ["data.a"],
    deleteBeforeReplace: true,
    detailed: { "data.a": "update-replace" },
  });
});

test("an autonamed one is replaced without deleting first", async () => {
  const { id, state, inputs } = await make(cluster, CONFIG_MAP, "settings", configMap({ a: "1" }));
  const diff = await cluster.engine.diff(CONFIG_MAP, id, state, { ...inputs, data: { a: "2" } });
  expect(diff).toMatchObject({ replaces: ["data.a"], deleteBeforeReplace: false });
});

test("a move to another namespace is a replacement that needs no deletion first", async () => {
  const { id, state, inputs } = await make(cluster, CONFIG_MAP, "settings", configMap({}, { name: "settings" }));
  const news = { ...inputs, metadata: { ...inputs.metadata, namespace: "shop" } };
  const diff = await cluster.engine.diff(CONFIG_MAP, id, state, news);
  expect(diff).toMatchObject({ replaces: ["metadata.namespace"], deleteBeforeReplace: false });
});

test("an object that exists already is not taken over, unless the provider is told to", async () => {
  cluster.api.put(PATH, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data: { theirs: "x" } });
  const { inputs } = await cluster.engine.check(CONFIG_MAP, "settings", configMap({ a: "1" }, { name: "settings" }));
  await expect(cluster.engine.create(CONFIG_MAP, "settings", inputs)).rejects.toThrow(
    /already exists.*`import` option/,
  );
  expect(cluster.api.object(PATH).data).toEqual({ theirs: "x" });
});

test("a conflict names the other manager, the field and the way out; patchForce takes the field over", async () => {
  const { id, state, inputs } = await make(
    cluster,
    CONFIG_MAP,
    "settings",
    configMap({}, { name: "settings", labels: { a: "1" } }),
  );
  cluster.api.put(PATH, { ...cluster.api.object(PATH) });
  cluster.api.kept.get(PATH)?.owned.set("other-tool", { metadata: { labels: { a: "2" } } });
  const news = { ...inputs, metadata: { ...inputs.metadata, labels: { a: "3" } } };
  await expect(cluster.engine.update(CONFIG_MAP, id, state, news)).rejects.toThrow(
    /field conflict.*\.metadata\.labels\.a \(conflict with "other-tool"\).*patchForce/,
  );
  const forced = { ...news, metadata: { ...news.metadata, annotations: { "pulumi.com/patchForce": "true" } } };
  await cluster.engine.update(CONFIG_MAP, id, state, forced);
  expect(cluster.api.object(PATH).metadata.labels.a).toBe("3");
});

test("an apply by the same manager before the update makes it a no-op: no conflict, no new version", async () => {
  const metadata = { name: "settings", annotations: { "pulumi.com/patchFieldManager": "hitless" }, labels: { v: "1" } };
  const { id, state, inputs } = await make(cluster, CONFIG_MAP, "settings", configMap({}, metadata));
  expect(state.__fieldManager).toBe("hitless");
  const news = { ...inputs, metadata: { ...inputs.metadata, labels: { v: "2" } } };
  // A gate applies the new object itself …
  const gate = await fetch(`${cluster.api.url}${PATH}?fieldManager=hitless&force=false`, {
    method: "PATCH",
    headers: { "content-type": "application/apply-patch+yaml" },
    body: JSON.stringify(news),
  });
  const { metadata: before } = (await gate.json()) as { metadata: { resourceVersion: string } };
  // … and the provider follows.
  const updated = await cluster.engine.update(CONFIG_MAP, id, state, news);
  expect(updated.metadata.resourceVersion).toBe(before.resourceVersion);
});

test("fields that kubectl set are taken over by an update", async () => {
  cluster.api.put(
    PATH,
    { ...configMap({}, { name: "settings", labels: { a: "1" } }) },
    "kubectl-client-side-apply (Update)",
  );
  const imported = await cluster.engine.read(CONFIG_MAP, "default/settings");
  expect(imported.inputs).toEqual(configMap({}, { name: "settings", labels: { a: "1" } }));
  const news = { ...imported.inputs, metadata: { ...imported.inputs.metadata, labels: { a: "2" } } };
  await cluster.engine.update(CONFIG_MAP, "default/settings", imported.state, news);
  expect(cluster.api.object(PATH).metadata.labels).toEqual({ a: "2" });
});

test("a deletion waits until the object has gone, and takes nothing that is gone already for a fault", async () => {
  const { id, state } = await make(cluster, CONFIG_MAP, "settings", configMap({}, { name: "settings" }));
  await cluster.engine.delete(CONFIG_MAP, id, state);
  expect(cluster.api.kept.has(PATH)).toBe(false);
  await cluster.engine.delete(CONFIG_MAP, id, state);
  expect((await cluster.engine.read(CONFIG_MAP, id, state)).id).toBe("");
});

test("a finalizer that nobody removes is told", async () => {
  const metadata = {
    name: "settings",
    finalizers: ["a.example/held"],
    annotations: { "pulumi.com/timeoutSeconds": "1" },
  };
  const { id, state } = await make(cluster, CONFIG_MAP, "settings", configMap({}, metadata));
  await expect(cluster.engine.delete(CONFIG_MAP, id, state)).rejects.toThrow(/waited 1 s.*finalizers a\.example\/held/);
});

test("previews ask the server for the result, and keep nothing", async () => {
  const { inputs } = await cluster.engine.check(CONFIG_MAP, "settings", configMap({ a: "1" }, { name: "settings" }));
  const { id, state } = await cluster.engine.create(CONFIG_MAP, "settings", inputs, true);
  expect(id).toBe("");
  expect(state).toMatchObject({ data: { a: "1" }, __inputs: inputs });
  expect(cluster.api.requests).toContain(`PATCH ${PATH} dryRun`);
  expect(cluster.api.kept.has(PATH)).toBe(false);
});

test.each([
  ["kubernetes:helm.sh/v3:Release", /helm template/],
  ["kubernetes:helm.sh/v4:Chart", /helm template/],
  ["kubernetes:yaml/v2:ConfigGroup", /inside the real provider/],
])("%s is refused with the reason", async (type, reason) => {
  const { failures } = await cluster.engine.check(type, "x", {});
  expect(failures).toEqual([{ property: "", reason: expect.stringMatching(reason) }]);
});

test("bad annotations and names that cannot be made are all told at once", async () => {
  const annotations = { "pulumi.com/timeoutSeconds": "soon", "pulumi.com/skipAwait": "yes" };
  const { failures } = await cluster.engine.check(CONFIG_MAP, "x", configMap({}, { generateName: "x-", annotations }));
  expect(failures.map(({ property }) => property)).toEqual([
    "metadata.generateName",
    'metadata.annotations["pulumi.com/timeoutSeconds"]',
    'metadata.annotations["pulumi.com/skipAwait"]',
  ]);
});

test("a Secret's data moves with stringData, and both are immutable by default", async () => {
  const given = { apiVersion: "v1", kind: "Secret", metadata: { name: "key" }, stringData: { key: "s3cret" } };
  cluster.api.admit = (object) => {
    for (const [key, value] of Object.entries(object.stringData ?? {})) {
      object.data = { ...object.data, [key]: Buffer.from(String(value)).toString("base64") };
    }
    delete object.stringData;
  };
  const { id, state, inputs } = await make(cluster, SECRET, "key", given);
  expect(await cluster.engine.diff(SECRET, id, state, inputs)).toMatchObject({ changes: false });
  expect((await cluster.engine.read(SECRET, id, state, inputs)).inputs).toEqual(inputs);
  const diff = await cluster.engine.diff(SECRET, id, state, { ...inputs, stringData: { key: "other" } });
  expect(diff.replaces).toEqual(["stringData.key"]);
});
