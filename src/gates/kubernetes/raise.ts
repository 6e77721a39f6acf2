import { MIN_SIZE_ANNOTATION } from "../../plan/kubernetesNames.js";
import type { KubeApi } from "./kubeApi.js";
import { deploymentPath, KubeFleets } from "./kubeFleets.js";
import type { Deployment } from "./objects.js";

/**
 * Raises a Deployment to its fewest pods. One whose size nobody says has a single pod when it is made or wakes (the API server's
 * default), and its autoscaler comes only later.
 */
export async function raiseToMinimum(api: KubeApi, namespace: string, name: string): Promise<void> {
  const deployment = await api.get<Deployment>(deploymentPath(namespace, name));
  const least = Number(deployment?.metadata.annotations?.[MIN_SIZE_ANNOTATION] ?? 0);
  if (!deployment || (deployment.spec.replicas ?? 1) >= least) return;
  await new KubeFleets(api, namespace).setDesiredCapacity(`${namespace}/${name}`, least);
}
