/** Kinds that the program itself defines, patches of others' objects, and documents in YAML. */
import { type Cluster, CONFIG_MAP, DEPLOYMENT, deployment, make, startCluster } from "./cluster.js";

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster();
});
afterEach(() => cluster.close());

const CRD = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
const WIDGET = "kubernetes:example.com/v1:Widget";
const widget = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" }, spec: { size: 1 } };
const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "widgets", kind: "Widget" },
    versions: [{ name: "v1", schema: { openAPIV3Schema: { x_kubernetes_preserve_unknown_fields: true } } }],
  },
};

test("a custom resource may be previewed before its definition exists, and made at the same time", async () => {
  const { inputs } = await cluster.engine.check(WIDGET, "w", widget);
  expect(inputs.metadata.namespace).toBe("default");
  expect((await cluster.engine.create(WIDGET, "w", inputs, true)).state).toEqual(inputs);
  // The first try fails: the definition comes while it is being tried again.
  const early = cluster.engine.create(WIDGET, "w", inputs);
  await make(cluster, CRD, "widgets", definition);
  expect((await early).id).toBe("default/w");
  const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com";
  const [version] = cluster.api.object(path).spec.versions;
  expect(version.schema.openAPIV3Schema).toEqual({ "x-kubernetes-preserve-unknown-fields": true });
}, 20_000);

test("a definition has no namespace, is put as a whole, and shows no difference afterwards", async () => {
  const { id, state, inputs } = await make(cluster, CRD, "widgets", definition);
  expect(id).toBe("widgets.example.com");
  expect(await cluster.engine.diff(CRD, id, state, inputs)).toMatchObject({ changes: false });
  const news = { ...inputs, metadata: { ...inputs.metadata, labels: { a: "1" } } };
  await cluster.engine.update(CRD, id, state, news);
  expect(cluster.api.requests).toContain(`PUT /apis/apiextensions.k8s.io/v1/customresourcedefinitions/${id}`);
});

test("an object whose definition is gone is gone as well", async () => {
  expect((await cluster.engine.read(WIDGET, "default/w", widget, widget)).id).toBe("");
  await cluster.engine.delete(WIDGET, "default/w", widget);
});

test("a Patch sets fields of an object that someone else made, and takes them back", async () => {
  const path = "/apis/apps/v1/namespaces/default/deployments/web";
  cluster.api.put(path, deployment("app:1"), "someone");
  const given = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", labels: { a: "1" } } };
  const patch = "kubernetes:apps/v1:DeploymentPatch";
  const { id, state } = await make(cluster, patch, "web", given);
  expect(cluster.api.object(path)).toMatchObject({ metadata: { labels: { a: "1" } }, spec: { replicas: 2 } });
  await cluster.engine.delete(patch, id, state);
  expect(cluster.api.object(path).metadata.labels).toEqual({});
  expect(cluster.api.object(path).spec.replicas).toBe(2);
});

test("a Patch without a name is refused", async () => {
  const { failures } = await cluster.engine.check("kubernetes:apps/v1:DeploymentPatch", "x", { kind: "Deployment" });
  expect(failures.map(({ property }) => property)).toEqual(["metadata.name"]);
});

test("replicas that an autoscaler owns are left to it where the program ignores them", async () => {
  const annotations = { "pulumi.com/skipAwait": "true" };
  const { id, state, inputs } = await make(
    cluster,
    DEPLOYMENT,
    "web",
    deployment("app:1", { metadata: { annotations } }),
  );
  const path = "/apis/apps/v1/namespaces/default/deployments/web";
  const kept = cluster.api.kept.get(path);
  if (kept) kept.object.spec.replicas = 7;
  const news = structuredClone(inputs);
  news.spec.template.spec.containers[0].image = "app:2";
  await cluster.engine.update(DEPLOYMENT, id, state, news, { ignored: ["spec.replicas"] });
  expect(cluster.api.object(path).spec.replicas).toBe(7);
});

test("YAML documents are taken apart for the SDK's components; lists too", async () => {
  const text =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod, metadata: {name: b}}]\n";
  const { result } = await cluster.engine.invoke("kubernetes:yaml:decode", { text, defaultNamespace: "shop" });
  expect(result.result).toEqual([
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "shop" } },
    { apiVersion: "v1", kind: "Pod", metadata: { name: "b", namespace: "shop" } },
  ]);
  await expect(cluster.engine.invoke("kubernetes:yaml:decode", { text: "a: [" })).rejects.toThrow(
    /document 1 is no YAML/,
  );
  await expect(cluster.engine.invoke("kubernetes:helm:template", {})).rejects.toThrow(/helm template/);
  await expect(cluster.engine.invoke("kubernetes:other", {})).rejects.toThrow(/does not serve the function/);
});

test("a kind that the cluster does not serve is told with what to do", async () => {
  const { inputs } = await cluster.engine.check(CONFIG_MAP, "x", {
    apiVersion: "gone/v1",
    kind: "Thing",
    metadata: { name: "x" },
  });
  const creation = cluster.engine.create("kubernetes:gone/v1:Thing", "x", inputs);
  creation.catch(() => undefined);
  await cluster.engine.cancel();
  await expect(creation).rejects.toThrow();
});
