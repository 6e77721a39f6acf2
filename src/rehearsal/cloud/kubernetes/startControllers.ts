import { isOwnCluster, joinPodNetwork } from "../../cluster/podNetwork.js";
import type { Host } from "../host/host.js";
import { type ControllersOptions, KubernetesControllers } from "./kubernetesControllers.js";

/** Starts the controllers, once balancers can reach pods. @throws Error in a sentence, with nothing left behind */
export async function startControllers(
  options: Omit<ControllersOptions, "dataPlane" | "everyClass"> & { readonly host: Host },
): Promise<KubernetesControllers> {
  const { host, kubeconfig, log } = options;
  if (host.networkPid !== undefined) {
    if (isOwnCluster(kubeconfig)) await joinPodNetwork(kubeconfig, host.networkPid);
    else {
      log.warn(
        { kubeconfig },
        "the balancers run in a network namespace of their own, which cannot reach the pods of a cluster that Hitless did not start: use --isolation loopback",
      );
    }
  }
  try {
    return await KubernetesControllers.start({
      ...options,
      dataPlane: host.dataPlane,
      everyClass: isOwnCluster(kubeconfig),
    });
  } catch (error) {
    throw new Error(`the controllers cannot work in the cluster of ${kubeconfig}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
