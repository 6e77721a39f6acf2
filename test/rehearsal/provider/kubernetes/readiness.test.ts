/** What the provider waits for, kind by kind, and what it says when that does not come. */
import { InitFailed } from "../engineDouble.js";
import { type Cluster, DEPLOYMENT, deployment, JOB, make, readyDeployments, SERVICE, startCluster } from "./cluster.js";

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster();
});
afterEach(() => cluster.close());

const impatient = { "pulumi.com/timeoutSeconds": "1" };

async function failureOf(type: string, given: object): Promise<InitFailed> {
  const { inputs } = await cluster.engine.check(type, "x", given);
  const error = await cluster.engine.create(type, "x", inputs).catch((caught) => caught);
  expect(error).toBeInstanceOf(InitFailed);
  return error;
}

test("a Deployment is ready when its current ReplicaSet is", async () => {
  readyDeployments(cluster.api);
  const { state } = await make(cluster, DEPLOYMENT, "web", deployment("app:1"));
  expect(state.status.observedGeneration).toBe(1);
});

test("a Deployment whose pods crash is kept in the state, and fails with their reason and last lines", async () => {
  readyDeployments(cluster.api);
  const make = cluster.api.admit;
  cluster.api.admit = (object, before) => {
    make(object, before);
    object.status.conditions = [
      { type: "Available", status: "False", reason: "MinimumReplicasUnavailable", message: "no minimum availability" },
      { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: "timed out progressing" },
    ];
    const set = "/apis/apps/v1/namespaces/default/replicasets/web-1";
    cluster.api.put(set, { ...cluster.api.object(set), status: {} });
    const crashed = { exitCode: 1, reason: "Error" };
    cluster.api.put("/api/v1/namespaces/default/pods/web-1-a", {
      metadata: {
        name: "web-1-a",
        namespace: "default",
        labels: { app: "web" },
        ownerReferences: [{ uid: cluster.api.object(set).metadata.uid }],
      },
      status: {
        phase: "Running",
        conditions: [{ type: "PodScheduled", status: "True" }],
        containerStatuses: [
          {
            name: "web",
            restartCount: 3,
            state: { waiting: { reason: "CrashLoopBackOff" } },
            lastState: { terminated: crashed },
          },
        ],
      },
    });
  };
  cluster.api.logs.set("/api/v1/namespaces/default/pods/web-1-a/log", "starting\nno database\n");
  const error = await failureOf(DEPLOYMENT, deployment("app:1", { metadata: { annotations: impatient } }));
  expect(error.id).toBe("default/web");
  expect(error.state.spec.replicas).toBe(2);
  expect(error.message).toMatch(/waited 1 s for Deployment "web" to get ready/);
  expect(error.message).toMatch(/\[ProgressDeadlineExceeded\] timed out progressing/);
  expect(error.message).toMatch(
    /Pod web-1-a: container web crashed 3 times \(exit code 1, Error\); its last lines: starting \| no database/,
  );
  // A refresh marks it as well, so that the next update waits for it again.
  const { state } = error;
  const refreshed = cluster.engine.read(DEPLOYMENT, "default/web", state, state.__inputs);
  await expect(refreshed).rejects.toBeInstanceOf(InitFailed);
});

test("skipAwait asks for nothing", async () => {
  const annotations = { "pulumi.com/skipAwait": "true" };
  const { id } = await make(cluster, DEPLOYMENT, "web", deployment("app:1", { metadata: { annotations } }));
  expect(id).toBe("default/web");
  expect(cluster.api.requests.filter((request) => request.includes("replicasets"))).toEqual([]);
});

test("waitFor takes the place of the kind's own conditions", async () => {
  cluster.api.admit = (object) => {
    object.status = { phase: "Busy", conditions: [{ type: "Synced", status: "True" }] };
  };
  const annotations = { "pulumi.com/waitFor": '["condition=Synced", "jsonpath={.status.phase}=Busy"]' };
  await make(cluster, DEPLOYMENT, "web", deployment("app:1", { metadata: { annotations } }));
  const never = { ...impatient, "pulumi.com/waitFor": "condition=Synced=False" };
  const given = deployment("app:1", { metadata: { name: "other", annotations: never } });
  expect((await failureOf(DEPLOYMENT, given)).message).toMatch(/waiting for condition=Synced=False/);
});

test.each(["phase=Running", "jsonpath={.a[?(@.b)]}"])("waitFor: %s is told to be unreadable", async (text) => {
  const given = deployment("app:1", { metadata: { annotations: { "pulumi.com/waitFor": text } } });
  expect((await failureOf(DEPLOYMENT, given)).message).toMatch(/pulumi\.com\/waitFor is/);
});

const service = (spec: object) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", annotations: impatient },
  spec: { selector: { app: "web" }, ...spec },
});

test("a Service without ready Pods fails, one with them is ready", async () => {
  const slice = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/web-1";
  const labels = { "kubernetes.io/service-name": "web" };
  const put = (ready: boolean) =>
    cluster.api.put(slice, { metadata: { name: "web-1", labels }, endpoints: [{ conditions: { ready } }] });
  put(false);
  const error = await failureOf(SERVICE, service({}));
  expect(error.message).toMatch(/leads to no ready Pod.*\{"app":"web"\}.*1 of its endpoints are not ready/);
  put(true);
  await cluster.engine.update(SERVICE, error.id, error.state, error.state.__inputs);
});

test.each([
  ["headless", { clusterIP: "None" }],
  ["of another name", { type: "ExternalName", externalName: "a.example" }],
  ["without a selector", { selector: undefined }],
])("a Service that is %s leads nowhere by itself", async (_what, spec) => {
  await make(cluster, SERVICE, "web", service(spec));
});

test("a load balancer's Service waits for its address", async () => {
  const error = await failureOf(SERVICE, service({ type: "LoadBalancer", selector: undefined }));
  expect(error.message).toMatch(/was given no address/);
});

test("a failed Job fails at once", async () => {
  cluster.api.admit = (object) => {
    const failed = { type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "too many" };
    object.status = { startTime: "now", conditions: [failed] };
  };
  const given = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "once" }, spec: { template: {} } };
  expect((await failureOf(JOB, given)).message).toMatch(/the Job failed: \[BackoffLimitExceeded\] too many/);
});

test("replaceUnready replaces a Job that is not done, and leaves one that is", async () => {
  let type = "Failed";
  cluster.api.admit = (object) => {
    object.status = { startTime: "now", conditions: [{ type, status: "True", reason: "Because", message: "of this" }] };
  };
  const annotations = { "pulumi.com/replaceUnready": "true" };
  const given = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "once", annotations },
    spec: { template: {} },
  };
  const { id, state } = await failureOf(JOB, given);
  const unready = await cluster.engine.diff(JOB, id, state, state.__inputs);
  expect(unready).toMatchObject({
    replaces: ['metadata.annotations["pulumi.com/replaceUnready"]'],
    deleteBeforeReplace: true,
  });
  type = "Complete";
  const done = await cluster.engine.update(JOB, id, state, state.__inputs);
  expect(await cluster.engine.diff(JOB, id, done, done.__inputs)).toMatchObject({ changes: false });
});
