import { FakeApiServer } from "../../rehearsal/provider/kubernetes/fakeApiServer.js";

/** An API server in memory, with the kinds that fleets behind a load balancer have. Nothing runs pods there. */
export async function startFakeCluster(): Promise<FakeApiServer> {
  const api = await FakeApiServer.start();
  await serve(api, "policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets");
  await serve(api, "elbv2.k8s.aws", "v1beta1", "TargetGroupBinding", "targetgroupbindings");
  return api;
}

/** The client of the gates speaks plain HTTP only where it is told that TLS does not matter. */
export function kubeconfigOf(api: FakeApiServer): string {
  const config = JSON.parse(api.kubeconfig);
  for (const { cluster } of config.clusters) cluster["insecure-skip-tls-verify"] = true;
  return JSON.stringify(config);
}

/** Lets the API server know a kind that it does not have by itself. */
async function serve(api: FakeApiServer, group: string, version: string, kind: string, plural: string): Promise<void> {
  const names = { kind, plural };
  const spec = { group, names, scope: "Namespaced", versions: [{ name: version }] };
  const definition = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${plural}.${group}?fieldManager=test`;
  const response = await fetch(api.url + path, {
    method: "PATCH",
    headers: { "content-type": "application/apply-patch+yaml" },
    body: JSON.stringify({ ...definition, metadata: { name: `${plural}.${group}` }, spec }),
  });
  if (!response.ok) throw new Error(await response.text());
}
