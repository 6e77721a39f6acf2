/** The provider before the fake API server, spoken to over gRPC as an engine does. */
import { startKubernetesProvider } from "../../../../src/rehearsal/provider/kubernetes/server.js";
import type { Values } from "../../../../src/rehearsal/provider/protocol/values.js";
import { EngineDouble } from "../engineDouble.js";
import { FakeApiServer } from "./fakeApiServer.js";

export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
export const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
export const SERVICE = "kubernetes:core/v1:Service";
export const SECRET = "kubernetes:core/v1:Secret";
export const JOB = "kubernetes:batch/v1:Job";

/** Settles a thousand times faster than in reality. */
const SPEED = 1000;

export interface Cluster {
  readonly api: FakeApiServer;
  readonly engine: EngineDouble;
  close(): Promise<void>;
}

export async function startCluster(config: Values = {}, environment: NodeJS.ProcessEnv = {}): Promise<Cluster> {
  const api = await FakeApiServer.start();
  const provider = await startKubernetesProvider({ environment: { HOME: "/nowhere", ...environment }, speed: SPEED });
  const engine = new EngineDouble(provider.port);
  await engine.configure({ kubeconfig: api.kubeconfig, ...config });
  return {
    api,
    engine,
    close: async () => {
      engine.close();
      await provider.close();
      await api.close();
    },
  };
}

export function configMap(data: Values, metadata: Values = {}): Values {
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data };
}

export function deployment(image: string, more: Values = {}): Values {
  const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image }] } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", ...more.metadata },
    spec: { replicas: 2, selector: { matchLabels: { app: "web" } }, template, ...more.spec },
  };
}

/** Check and create. */
export async function make(
  { engine }: Cluster,
  type: string,
  name: string,
  given: Values,
): Promise<{ id: string; state: Values; inputs: Values }> {
  const { inputs, failures } = await engine.check(type, name, given);
  expect(failures).toEqual([]);
  return { ...(await engine.create(type, name, inputs)), inputs };
}

/** Makes every Deployment ready at once, as its controllers would. */
export function readyDeployments(api: FakeApiServer): void {
  let revision = 0;
  api.admit = (object, before) => {
    if (object.kind !== "Deployment") return;
    const changed = JSON.stringify(before?.spec) !== JSON.stringify(object.spec);
    const generation = (before?.metadata.generation ?? 0) + (changed ? 1 : 0);
    const current = String(changed ? ++revision : revision);
    const { name, namespace = "default", uid } = object.metadata;
    object.metadata.generation = generation;
    object.metadata.annotations = { ...object.metadata.annotations, "deployment.kubernetes.io/revision": current };
    object.status = {
      observedGeneration: generation,
      conditions: [
        { type: "Available", status: "True" },
        { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" },
      ],
    };
    const owner = uid ?? `uid-of-${name}`;
    object.metadata.uid = owner;
    api.put(`/apis/apps/v1/namespaces/${namespace}/replicasets/${name}-${current}`, {
      metadata: {
        name: `${name}-${current}`,
        namespace,
        labels: { app: "web" },
        ownerReferences: [{ uid: owner }],
        annotations: { "deployment.kubernetes.io/revision": current },
      },
      spec: { replicas: object.spec.replicas },
      status: { readyReplicas: object.spec.replicas },
    });
  };
}
